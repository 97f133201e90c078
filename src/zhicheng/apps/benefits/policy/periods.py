"""Periods: what a benefit is paid once for: a month, a year, ever, or an event such as the birth of a child.

The period of an event is its day (2025-11-02), or its number with a mark (#4).
"""

import re
from datetime import date

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


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
    >>> period_words("2025-11-02"), period_words("#4")
    ('一次性（2025年11月2日）', '一次性（4）')
    """
    if period == "once":
        return "一次性"
    if period.startswith("#"):
        return f"一次性（{period[1:]}）"
    if _DAY.fullmatch(period):
        day = date.fromisoformat(period)
        return f"一次性（{day.year}年{day.month}月{day.day}日）"
    year, _, month = period.partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年"
