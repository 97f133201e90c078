"""How Chinese characters and phrases are said, without tones: pypinyin's readings in 3 MB of memory.

The longest phrase that begins at a character decides how its characters are said (重庆 is not 重要). Source:
`readings.txt` beside this module, made by `tools/make_readings.py`.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_PLANES = 0x32400  # characters with readings are below it
_IDEOGRAPHS = (("\u3400", "\u4dbf"), ("\u4e00", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U00032389"))
_MARK = "\n"


@dataclass(frozen=True)
class Readings:
    """`alone`: by code point the place of its syllable, 0 for none; `rests`: by first character its phrases."""

    syllables: tuple[str, ...]
    alone: "array[int]"
    rests: dict[str, str]
    longest: dict[str, int]
    phrases: dict[str, tuple[str, ...]]

    @classmethod
    def parse(cls, text: str) -> "Readings":
        """Read the text of `readings.txt`."""
        head, _, tail = text.partition("\n\n")[2].partition("\n\n")
        rows = [line.split("\t") for line in head.splitlines()]
        alone = array("H", bytes(2 * _PLANES))
        for place, (_, characters) in enumerate(rows, start=1):
            for character in characters:
                alone[ord(character)] = place
        rests: dict[str, list[str]] = {}
        phrases = {}
        for line in tail.splitlines():
            phrase, _, said = line.partition("\t")
            rests.setdefault(phrase[0], []).append(phrase[1:])
            if said:
                phrases[phrase] = tuple(said.split())
        return cls(
            ("", *(row[0] for row in rows)),
            alone,
            {first: f"{_MARK}{_MARK.join(found)}{_MARK}" for first, found in rests.items()},
            {first: max(map(len, found)) for first, found in rests.items()},
            phrases,
        )

    def said(self, text: str) -> Iterator[tuple[str, bool]]:
        """The syllable of each character, True; what has none as it is, False, in one piece where it is not Chinese."""
        at, other = 0, 0
        while at < len(text):
            length = self._phrase(text, at)
            found = self._syllables(text[at : at + length])
            if found or _is_ideograph(text[at]):
                if other < at:
                    yield text[other:at], False
                yield from ((piece, bool(found)) for piece in found or text[at])
                other = at + length
            at += length
        if other < at:
            yield text[other:], False

    def _phrase(self, text: str, at: int) -> int:
        """How many characters the longest phrase has that begins here; 1 where none does."""
        known = self.rests.get(text[at], "")
        for length in range(min(self.longest.get(text[at], 0), len(text) - at - 1), 0, -1):
            if f"{_MARK}{text[at + 1 : at + 1 + length]}{_MARK}" in known:
                return 1 + length
        return 1

    def _syllables(self, phrase: str) -> tuple[str, ...]:
        if found := self.phrases.get(phrase):
            return found
        places = [self.alone[ord(character)] if ord(character) < _PLANES else 0 for character in phrase]
        return tuple(self.syllables[place] for place in places) if all(places) else ()


@cache
def readings() -> Readings:
    """Those that come with the product, read at the first call."""
    return Readings.parse(files(__package__).joinpath("readings.txt").read_text(encoding="utf-8"))


def _is_ideograph(character: str) -> bool:
    return any(first <= character <= last for first, last in _IDEOGRAPHS)
