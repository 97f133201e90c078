"""Make `src/zhicheng/engines/text/readings.txt`: how Chinese characters are said, from pypinyin's dictionaries.

    python tools/make_readings.py

pypinyin (MIT) carries the readings of pinyin-data and phrase-pinyin-data (MIT, mozillazg) and takes 52 MB of memory in
every process that asks it; tones left out, the same readings need 6. Run it again when the pinned version changes.
"""

from collections import defaultdict
from pathlib import Path

from pypinyin import Style, __version__, lazy_pinyin
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

_TARGET = Path(__file__).resolve().parents[1] / "src" / "zhicheng" / "engines" / "text" / "readings.txt"
_HEAD = f"""\
# How Chinese characters are said, without tones. Made by tools/make_readings.py from pypinyin {__version__} (MIT; its
# data: pinyin-data and phrase-pinyin-data, MIT, mozillazg). First the characters of each syllable, then phrases, those
# with their syllables in which a character is not said as it is alone.
"""


def main() -> None:
    """Write the file."""
    said_alone = {chr(code): lazy_pinyin(chr(code), style=Style.NORMAL)[0] for code in pinyin_dict}
    alone = {character: syllable for character, syllable in said_alone.items() if syllable != character}
    characters = defaultdict(list)
    for character, syllable in alone.items():
        characters[syllable].append(character)
    lines = [f"{syllable}\t{''.join(sorted(found))}" for syllable, found in sorted(characters.items())]
    phrases = []
    for phrase in sorted(phrases_dict):
        said = lazy_pinyin(phrase, style=Style.NORMAL)
        differs = said != [alone.get(character) for character in phrase]
        phrases.append(f"{phrase}\t{' '.join(said)}" if differs else phrase)
    _TARGET.write_text("\n".join([_HEAD, *lines, "", *phrases, ""]), encoding="utf-8")
    print(f"{_TARGET.name}: {len(alone)} characters, {len(phrases)} phrases")


if __name__ == "__main__":
    main()
