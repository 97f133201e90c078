"""周末, 夜间, 下午五点以后: days of the week and hours of the day that come again and again.

夜间 is 22:00 to 6:00 (中华人民共和国噪声污染防治法 (2021) article 88). 周末 is Saturday and Sunday, whatever holidays
move; so 工作日 is no word of these. 三点以后 may be in the night or in the afternoon: it is read only where one of them
is said.
"""

import re
from dataclasses import dataclass

from zhicheng.engines.text.numerals import read_number

WEEKDAY, HOUR = "_weekday", "_hour"
"""Endings that make a time column one of its days of the week (1 is Monday) or its hours."""

_WORDS: dict[str, tuple[str, tuple[int, ...]]] = {
    "周末": (WEEKDAY, (6, 7)),
    "双休日": (WEEKDAY, (6, 7)),
    "星期六和星期天": (WEEKDAY, (6, 7)),
    "周六周日": (WEEKDAY, (6, 7)),
    "周六和周日": (WEEKDAY, (6, 7)),
    "夜间": (HOUR, (22, 23, 0, 1, 2, 3, 4, 5)),
    "凌晨": (HOUR, (0, 1, 2, 3, 4, 5)),
    "上午": (HOUR, tuple(range(6, 12))),
    "下午": (HOUR, tuple(range(12, 18))),
    "晚上": (HOUR, tuple(range(18, 24))),
}
_PART = r"(?:凌晨|早上|早晨|上午|中午|下午|晚上|夜里)?"
_CLOCK = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})(?:点钟?|时)(?!半|\d|[一二三四五六七八九十])"
_RANGE = re.compile(
    rf"({_PART})({_CLOCK})(?:(?:到|至|-|~|—)(次日|第二天)?({_PART})({_CLOCK})(?:之间|间)?|(以后|之后|后)|(以前|之前|前))"
)
_NOON = 12
_AFTERNOON = ("下午", "晚上", "夜里")
STARTS = frozenset("周双星夜凌上下晚早中0123456789零一二两三四五六七八九十")


@dataclass(frozen=True)
class Recurring:
    """Which part of a time, and the values that hold."""

    part: str
    values: tuple[int, ...]
    words: str


def read_recurring(text: str, at: int) -> tuple[int, Recurring] | None:
    """The longest recurring time that begins at a place of a text, with where it ends."""
    match = _RANGE.match(text, at)
    if match is not None and (hours := _hours(match)):
        return match.end(), Recurring(HOUR, hours, match[0])
    for word in sorted(_WORDS, key=len, reverse=True):
        if text.startswith(word, at):
            part, values = _WORDS[word]
            return at + len(word), Recurring(part, values, word)
    return None


def _hours(match: re.Match[str]) -> tuple[int, ...]:
    """下午五点以后 is until midnight, 九点以前 from midnight on; a range may run past midnight."""
    first = _hour(match[1], match[2])
    if first is None or not (match[1] or _is_plain(match)):
        return ()
    if match[6]:
        return tuple(range(first, 24))
    if match[7]:
        return tuple(range(first))
    last = _hour(match[4] or match[1], match[5])
    if last is None or first == last:
        return ()
    return tuple(range(first, last)) if first < last else (*range(first, 24), *range(last))


def _is_plain(match: re.Match[str]) -> bool:
    """Whether hours are told by 24: 8时至10时, 9点到17点, 22点以后."""
    told = [clock for clock in (match[2], match[5]) if clock]
    return all(clock.endswith("时") for clock in told) or any((_hour("", clock) or 0) > _NOON for clock in told)


def _hour(part: str, clock: str) -> int | None:
    number = read_number(re.sub(r"(点钟?|时)$", "", clock))
    if number is None or number != int(number) or not 0 <= number <= 24:
        return None
    hour = int(number)
    return hour + _NOON if part in _AFTERNOON and hour < _NOON else hour
