"""One way to write an address and the sound of each of its characters, so that homophones meet."""

import re
import unicodedata
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhicheng.engines.text.numerals import read_number, spoken_digits
from zhicheng.engines.text.sounds import syllables
from zhicheng.engines.text.traditional import simplify

SHORTEST, LONGEST = 2, 18
"""Characters of a name that can be found; longer ones are found by their beginning."""

_MOST = 120
_HYPHENS = re.compile(r"[‐-―−﹣~_/\\]+|(?<=[0-9A-Za-z])[\s.,、，]+(?=[0-9A-Za-z])")
_SIGNS = re.compile(r"[^\w#-]+")
_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千]+")
_SAME_SOUND = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
# In names of places; the dictionary has another reading first.
_SAID = {
    "厦": "xia",
    "重": "chong",
    "长": "chang",
}
_STEP, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


def plain(text: str) -> str:
    """Simplified, half-width, capitals, without signs; a hyphen where figures are kept apart. At most 120 characters.

    >>> plain("科苑路１５号　ｂ座，３０１"), plain("東環路 3 501")
    ('科苑路15号B座301', '东环路3-501')
    """
    narrow = simplify(unicodedata.normalize("NFKC", text[: _MOST * 2])).upper()
    return _SIGNS.sub("", _HYPHENS.sub("-", narrow))[:_MOST]


def figures(text: str) -> str:
    """Chinese numerals as figures.

    >>> figures("十二栋一〇二室"), figures("二十三层")
    ('12栋102室', '23层')
    """
    return _NUMERAL.sub(_figure, text)


def _figure(found: re.Match[str]) -> str:
    value = read_number(found[0])
    return spoken_digits(found[0]) or (found[0] if value is None else str(int(value)))


@lru_cache(maxsize=30_000)
def _sound(character: str) -> int:
    if character.isascii():
        return ord(character)
    said = _SAID.get(character) or (syllables(character)[0] if "\u3400" <= character <= "\u9fff" else character)
    for one, other in _SAME_SOUND:
        said = said.replace(one, other)
    return zlib.crc32(said.encode()) | 0x100


def alike(one: str, other: str) -> bool:
    """Whether two characters have the same sound."""
    return _sound(one) == _sound(other)


def sounds(text: str) -> NDArray[np.uint64]:
    """A number for the sound of each character: alike for homophones, whatever the tone, and zh as z."""
    return np.fromiter((_sound(character) for character in text), np.uint64, len(text))


def sound_key(text: str) -> int:
    """The key under which a name of at most `LONGEST` characters is found by its sound.

    >>> sound_key("新洲路") == sound_key("新州路"), sound_key("新洲路") == sound_key("新桥路")
    (True, False)
    """
    with np.errstate(over="ignore"):
        key = np.uint64(0)
        for sound in sounds(text[:LONGEST]):
            key = (key ^ sound) * _STEP
            key ^= key >> np.uint64(29)
        return int(key * _MIX)


def keys_in(text: str) -> NDArray[np.uint64]:
    """Keys of all that may be a name, shape (characters, `LONGEST` + 1): row a begin, column a length; 0 where none."""
    heard = sounds(text)
    keys = np.zeros((len(text), LONGEST + 1), np.uint64)
    running = np.zeros(len(text), np.uint64)
    with np.errstate(over="ignore"):
        for length in range(1, min(LONGEST, len(text)) + 1):
            running = (running[: len(text) - length + 1] ^ heard[length - 1 :]) * _STEP
            running ^= running >> np.uint64(29)
            if length >= SHORTEST:
                keys[: len(running), length] = running * _MIX
    return keys
