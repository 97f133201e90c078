"""Periods: what a benefit is paid once for."""

from datetime import date


def period_of(kind: str, on: date) -> str:
    """The period in which a day lies.

    >>> period_of("month", date(2026, 3, 5)), period_of("year", date(2026, 3, 5)), period_of("once", date(2026, 3, 5))
    ('2026-03', '2026', 'once')
    """
    if kind == "once":
        return "once"
    return f"{on:%Y-%m}" if kind == "month" else f"{on:%Y}"


def period_words(period: str) -> str:
    """A period as people read it.

    >>> period_words("2026-03"), period_words("2026"), period_words("once")
    ('2026年3月', '2026年', '一次性')
    """
    if period == "once":
        return "一次性"
    year, _, month = period.partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年"
