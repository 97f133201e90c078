"""Completed years, months or days compared with a number are a date compared with a day: no row needs the calendar.

With one end fixed, time between two dates only grows or only shrinks as the other end moves (ADR 0039 says how it is
counted), so each number of it has one last day, found here by the same arithmetic that decides for one person.
"""

from collections.abc import Callable
from datetime import date

from zhicheng.engines.rules import arithmetic

_BETWEEN: dict[str, Callable[[date, date], int]] = {
    "year": arithmetic.years_between,
    "month": arithmetic.months_between,
    "day": arithmetic.days_between,
}
_FIRST, _LAST = date.min.toordinal() + 1, date.max.toordinal() - 1


def as_days(unit: str, fixed: date, *, starts: bool, op: str, number: int) -> str | None:
    """What a date must be so that the units between it and a fixed day compare so with a number: SQL after the date.

    `starts` says that the date is the start and the fixed day the end. None where no day known to Python divides.

    >>> as_days("year", date(2026, 2, 28), starts=True, op=">=", number=18)
    "<= DATE '2008-02-29'"
    """
    low = number if op in (">=", "=", "<") else number + 1
    if op in ("=", "<>"):
        span = days_within(unit, fixed, starts=starts, low=number, high=number)
        return span if span is None or op == "=" else f"NOT {span}"
    edge = _edge(unit, fixed, starts, low)
    if edge is None:
        return None
    reaches = op in (">=", ">")
    if starts:
        return f"{'<=' if reaches else '>'} {_day(edge)}"
    return f"{'>=' if reaches else '<'} {_day(edge)}"


def days_within(unit: str, fixed: date, *, starts: bool, low: int, high: int) -> str | None:
    """The same for a number from `low` to `high`."""
    near, far = _edge(unit, fixed, starts, low), _edge(unit, fixed, starts, high + 1)
    if near is None or far is None:
        return None
    return f"BETWEEN {_day(far + 1)} AND {_day(near)}" if starts else f"BETWEEN {_day(near)} AND {_day(far - 1)}"


def _edge(unit: str, fixed: date, starts: bool, number: int) -> int | None:
    """The last start, or the first end, with at least so many units between it and the fixed day."""
    between = _BETWEEN[unit]

    def reaches(ordinal: int) -> bool:
        day = date.fromordinal(ordinal)
        return (between(day, fixed) if starts else between(fixed, day)) >= number

    inside, outside = (_FIRST, _LAST) if starts else (_LAST, _FIRST)
    if not reaches(inside) or reaches(outside):
        return None
    while abs(outside - inside) > 1:
        middle = (inside + outside) // 2
        inside, outside = (middle, outside) if reaches(middle) else (inside, middle)
    return inside


def _day(ordinal: int) -> str:
    return f"DATE '{date.fromordinal(ordinal).isoformat()}'"
