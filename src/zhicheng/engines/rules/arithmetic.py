"""The arithmetic of rules on scaled integers and dates. `sql` writes the same for DuckDB; a property test compares."""

from calendar import monthrange
from datetime import date, timedelta


def half_away(numerator: int, denominator: int) -> int:
    """A quotient rounded half away from zero.

    >>> half_away(5, 2), half_away(-5, 2), half_away(7, 3)
    (3, -3, 2)
    """
    size = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return size if (numerator < 0) == (denominator < 0) else -size


def round_step(op: str, value: int, step: int) -> int:
    """`round`, `floor` or `ceil` of value ÷ step."""
    if op == "round":
        return half_away(value, step)
    return value // step if op == "floor" else -(-value // step)


def months_between(start: date, end: date) -> int:
    """Completed months; a day that a month lacks is its last day (Civil Code, article 202).

    >>> months_between(date(2024, 1, 31), date(2024, 2, 29)), months_between(date(2024, 3, 15), date(2024, 3, 14))
    (1, 0)
    """
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day < start.day and end.day < monthrange(end.year, end.month)[1]:
        months -= 1
    return months


def years_between(start: date, end: date) -> int:
    """Completed years; who was born on 29 February completes one on 28 February of other years.

    >>> years_between(date(1946, 3, 1), date(2026, 2, 28)), years_between(date(2000, 2, 29), date(2001, 2, 28))
    (79, 1)
    """
    months = months_between(start, end)
    return months // 12 if months >= 0 else -(-months // 12)


def days_between(start: date, end: date) -> int:
    """Days from one date to another."""
    return (end - start).days


def shift(day: date, months: int, days: int) -> date:
    """A date plus months, clamped to the month's last day, or days."""
    if months:
        index = day.year * 12 + day.month - 1 + months
        year, month = index // 12, index % 12 + 1
        day = date(year, month, min(day.day, monthrange(year, month)[1]))
    return day + timedelta(days=days)
