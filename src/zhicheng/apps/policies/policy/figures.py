"""Numbers and amounts of a sentence, so that a reading in plain words cannot say another figure than its clause."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from zhicheng.engines.text.numerals import NUMBER, find_numbers, read_number

_UNIT = re.compile(
    r"个?百分点|个?工作日|个月|周岁|平方米|元|%|年|月|日|天|岁|人|名|次(?!性)|件(?!事)|级|倍|折|小时|分钟|个"
)
_SAME_UNIT = {"周岁": "岁", "日": "天", "个月": "月", "名": "人", "个工作日": "工作日", "个百分点": "百分点"}
_SHARE = re.compile(rf"({NUMBER})分之({NUMBER})")
_RANGE = re.compile(r"[至到~—-]")


@dataclass(frozen=True)
class Figure:
    """A number with what it counts, in its plain unit (元, 天, 月, 年, 岁, 人, %…); `words` as they stand."""

    value: Decimal
    unit: str
    words: str


def find_figures(text: str) -> list[Figure]:
    """The figures of a text. A Chinese numeral counts only before a unit: 一次性 and 统一 hold no number.

    >>> [(int(found.value), found.unit) for found in find_figures("本科 1.5 万元，毕业两年内，按百分之五十")]
    [(15000, '元'), (2, '年'), (50, '%')]
    >>> find_figures("一次性发放，一件事一起办")
    []
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return list(_figures(_SHARE.sub(_as_figure, plain)))


def missing_figures(text: str, sources: Sequence[str]) -> list[str]:
    """The words of those figures that stand in none of the sources.

    >>> missing_figures("毕业 2 年内，每人 3 万元", ["毕业两年内的人员，给予 2 万元。"])
    ['3万元']
    """
    known = {(each.value, each.unit) for source in sources for each in find_figures(source)}
    return [each.words for each in find_figures(text) if (each.value, each.unit) not in known]


def _figures(text: str) -> Iterator[Figure]:
    for found in find_numbers(text):
        words = text[found.start : found.end]
        unit = _unit_behind(text, found.end)
        if unit or words[0].isascii():
            yield Figure(found.value, _SAME_UNIT.get(unit, unit), words + unit)


def _unit_behind(text: str, end: int) -> str:
    """The unit of the number that ends here; in a range (八十至八十九周岁) that of the number behind it."""
    unit = _UNIT.match(text, end)
    if unit is not None:
        return unit[0]
    if not _RANGE.match(text, end):
        return ""
    upper = re.compile(NUMBER).match(text, end + 1)
    behind = _UNIT.match(text, upper.end()) if upper else None
    return behind[0] if behind else ""


def _as_figure(share: re.Match[str]) -> str:
    """百分之五十 is 50%; 三分之二 is one number, two of three."""
    below, above = read_number(share[1]), read_number(share[2])
    if below is None or above is None:
        return share[0]
    return f"{above}%" if below == 100 else f"{above}分{below}"
