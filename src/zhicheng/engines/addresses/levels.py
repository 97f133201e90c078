"""The standard levels of an address, 市/区/街道/社区/路/号/名称/栋/单元/层/室, and one way to write each of them.

Only the way of writing is made one: 十二号楼, 12幢 and 12栋 are the same house. Homophones (新洲 and 新州) stay apart:
which of them exists is for the gazetteer that the address is matched with.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from zhicheng.engines.text.numerals import read_number, spoken_digits

# Level → the tags of the annotation that fill it, in the order in which an address is written from large to small.
LEVELS: dict[str, tuple[str, ...]] = {
    "province": ("prov",),
    "city": ("city",),
    "district": ("district",),
    "zone": ("devzone",),
    "street": ("town",),
    "community": ("community",),
    "road": ("road",),
    "number": ("roadno",),
    "side_road": ("subroad",),
    "side_number": ("subroadno",),
    "name": ("poi",),
    "part_of_name": ("subpoi",),
    "building": ("houseno",),
    "cell": ("cellno",),
    "floor": ("floorno",),
    "room": ("roomno",),
    "occupant": ("person",),
    "nearby": ("assist",),
}
_LEVEL_OF = {tag: level for level, tags in LEVELS.items() for tag in tags}
_HYPHENS = re.compile(r"[‐-―−﹣]")
_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千]+(?=[号组队弄巷支附栋幢座单层楼室房-]|$)")
# What is written behind a number of each level, and how we write it.
_COUNTED: dict[str, tuple[re.Pattern[str], str]] = {
    "number": (re.compile(r"(?:号)$"), "号"),
    "side_number": (re.compile(r"(?:号)$"), "号"),
    "building": (re.compile(r"(?:号楼|号院?|幢|栋|座|楼)$"), "栋"),
    "cell": (re.compile(r"(?:单元|门)$"), "单元"),
    "floor": (re.compile(r"(?:楼层|层|楼|[fF])$"), "层"),
    "room": (re.compile(r"(?:号房|房间|室|房|号)$"), "室"),
}
_PLAIN = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")


@dataclass(frozen=True)
class AddressPart:
    """A part of an address: its tag, its words as written at `start` up to but without `end` of the text."""

    tag: str
    text: str
    start: int
    end: int

    @property
    def level(self) -> str | None:
        """The standard level; None for what says no place (redundant, country, otherinfo)."""
        return _LEVEL_OF.get(self.tag)

    @property
    def normal(self) -> str:
        """The words in the one way to write them."""
        return normalise_part(self.level, self.text)


def standard_levels(parts: Iterable[AddressPart]) -> dict[str, str]:
    """Level → words in the one way to write them, from large to small; what is named twice counts the first time.

    >>> house = [AddressPart("houseno", "十二号楼", 5, 9), AddressPart("road", "深南大道", 0, 4)]
    >>> standard_levels(house)
    {'road': '深南大道', 'building': '12栋'}
    """
    found: dict[str, str] = {}
    for part in parts:
        if part.level is not None and part.normal:
            found.setdefault(part.level, part.normal)
    return {level: found[level] for level in LEVELS if level in found}


def normalise_text(text: str) -> str:
    """Half-width, one kind of hyphen, capitals, no white space. Idempotent.

    >>> normalise_text("科苑路１５号　ｂ座－３")
    '科苑路15号B座-3'
    """
    plain = _in_one_way(text)
    while plain != text:  # an accent may join a letter only once the space between them is gone
        text, plain = plain, _in_one_way(plain)
    return plain


def _in_one_way(text: str) -> str:
    return "".join(_HYPHENS.sub("-", unicodedata.normalize("NFKC", text)).upper().split())


def normalise_part(level: str | None, text: str) -> str:
    """One way to write a part: figures for numbers that count, one word for house, cell, floor and room. Idempotent.

    Names keep their numerals (文一西路, 三馆): they count nothing.

    >>> [normalise_part("building", said) for said in ("十二号楼", "12幢", "B座", "12", "东配楼")]
    ['12栋', '12栋', 'B栋', '12栋', '东配楼']
    >>> normalise_part("cell", "二单元"), normalise_part("floor", "3F"), normalise_part("room", "一〇二室")
    ('2单元', '3层', '102室')
    """
    plain = normalise_text(text)
    if level not in _COUNTED:
        return plain
    ending, word = _COUNTED[level]
    stem = _figures(ending.sub("", plain, count=1))
    return stem + word if _PLAIN.fullmatch(stem) else _figures(plain)


def _figures(text: str) -> str:
    return _NUMBER.sub(_figure, text)


def _figure(found: re.Match[str]) -> str:
    value = read_number(found[0])
    return found[0] if value is None else spoken_digits(found[0]) or str(int(value))
