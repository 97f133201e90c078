"""The ways in which people write a name: in full, cut short, with figures for numerals."""

import re
from collections.abc import Iterator

from zhicheng.engines.addresses.finding.folding import SHORTEST, figures, plain
from zhicheng.engines.addresses.finding.index import Kind

OFFICIAL, VARIANT, SHORT, BARE = 0, 1, 2, 3
"""How far from the official name: itself, another spelling, cut short, cut to a word that says little."""

_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_RUN = re.compile(r"[0-9]{1,2}")
_ENDINGS = {
    Kind.DISTRICT: ("新区", "区", "县", "市"),
    Kind.STREET: ("街道办事处", "街道", "镇", "乡"),
    Kind.COMMUNITY: ("社区居委会", "社区", "居委会", "村"),
    Kind.ROAD: ("大道", "大街", "公路", "快速路", "路", "街", "道", "巷"),
}
_PLACE = (
    "工业园区",
    "工业园",
    "工业区",
    "科技园",
    "产业园",
    "创业园",
    "创意园",
    "住宅小区",
    "商业广场",
    "商业中心",
    "购物中心",
    "物流园",
    "花园",
    "家园",
    "公寓",
    "小区",
    "新村",
    "大厦",
    "广场",
    "大楼",
    "中心",
    "雅苑",
    "名苑",
    "豪庭",
    "华庭",
    "名庭",
    "雅居",
    "新居",
    "酒店",
    "宾馆",
    "山庄",
    "苑",
    "府",
    "园",
    "轩",
    "阁",
    "居",
    "村",
    "庭",
    "城",
    "湾",
    "楼",
    "里",
    "邨",
)
_OTHERS = {
    Kind.STREET: ("街道", "街道办", "街", "镇"),
    Kind.COMMUNITY: ("社区", "居委会", "居委", "村"),
    Kind.DISTRICT: ("区",),
}
_ROADS = {"大道": ("路", "大街"), "大街": ("街", "路"), "路": ("大道", "街"), "街": ("路", "大街"), "公路": ("路",)}
_BARE = 2


def ways_of(name: str, kind: Kind) -> Iterator[tuple[str, int]]:
    """Each way to write a name, and how far it is from the official one; the official one first.

    >>> dict(ways_of("滨河大道", Kind.ROAD))
    {'滨河大道': 0, '滨河路': 2, '滨河大街': 2, '滨河': 3}
    >>> dict(ways_of("锦绣花园", Kind.ESTATE))
    {'锦绣花园': 0, '锦绣': 3}
    """
    official = plain(name)
    seen: set[str] = set()
    for text, form in _ways(official, kind):
        for spelt, spelling in _spellings(text):
            if len(spelt) >= SHORTEST and spelt not in seen:
                seen.add(spelt)
                yield spelt, max(form, spelling)


def _ways(official: str, kind: Kind) -> Iterator[tuple[str, int]]:
    yield official, OFFICIAL
    endings = _ENDINGS.get(kind, _PLACE)
    ending = next((end for end in endings if official.endswith(end) and len(official) - len(end) >= SHORTEST), "")
    if not ending:
        return
    stem = official.removesuffix(ending)
    for other in _OTHERS.get(kind, ()) + _ROADS.get(ending, ()) if kind <= Kind.ROAD else ():
        if other != ending:
            yield stem + other, VARIANT if kind < Kind.ROAD else SHORT
    yield stem, BARE if len(stem) <= _BARE else SHORT


def _spellings(text: str) -> Iterator[tuple[str, int]]:
    yield text, OFFICIAL
    if (counted := figures(text)) != text:
        if not counted[0].isdigit():  # 百豪 is no 100豪, which sounds like 100号
            yield counted, VARIANT
    elif (said := _RUN.sub(_said, text)) != text:
        yield said, VARIANT


def _said(found: re.Match[str]) -> str:
    """Up to 99 as it is said: 12 is 十二."""
    tens, ones = divmod(int(found[0]), 10)
    if not tens:
        return found[0].translate(_DIGITS)
    head = "" if tens == 1 else str(tens).translate(_DIGITS)
    return head + "十" + (str(ones).translate(_DIGITS) if ones else "")
