"""Hours, days and months of the city as text: `2026-11-23T09`, `2026-11-23`, `2026-11`. Text order is time order."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from zhicheng.apps.governance.errors import PeriodMalformed
from zhicheng.kit.clock import CHINA

FORMATS = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d", "month": "%Y-%m"}
_LENGTHS = {13: "hour", 10: "day", 7: "month"}
_STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_DECEMBER = 12
_YEARS = range(1970, 9999)


def period_of(at: datetime, step: str) -> str:
    """The period in which an instant lies, by the city's clock."""
    return at.astimezone(CHINA).strftime(FORMATS[step])


def midnight(at: datetime) -> datetime:
    """When the day of an instant began, by the city's clock."""
    return bounds(period_of(at, "day"))[0]


def step_of(period: str) -> str:
    """Of which step a period is.

    Raises:
        PeriodMalformed: it is none.
    """
    try:
        return _LENGTHS[len(period)]
    except KeyError:
        raise PeriodMalformed(period=period[:40]) from None


def bounds(period: str) -> tuple[datetime, datetime]:
    """From when (inclusive) to when (exclusive) a period lasts.

    Raises:
        PeriodMalformed: it is none.
    """
    step = step_of(period)
    try:
        since = datetime.strptime(period, FORMATS[step]).replace(tzinfo=CHINA)
    except ValueError:
        raise PeriodMalformed(period=period[:40]) from None
    if since.year not in _YEARS:
        raise PeriodMalformed(period=period)
    return since, _next(since, step)


def _next(since: datetime, step: str) -> datetime:
    if step == "month":
        is_last = since.month == _DECEMBER
        return since.replace(year=since.year + is_last, month=1 if is_last else since.month + 1)
    return since + _STEPS[step]


def back(period: str, count: int) -> str:
    """The period so many before.

    >>> back("2026-01", 14), back("2026-03-01", 1), back("2026-03-01T00", 25)
    ('2024-11', '2026-02-28', '2026-02-27T23')
    """
    step, since = step_of(period), bounds(period)[0]
    if step == "month":
        months = 12 * since.year + since.month - 1 - count
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    return period_of(since - count * _STEPS[step], step)


def periods_between(first: str, last: str) -> Iterator[str]:
    """Both and all in between."""
    step = step_of(first)
    while first <= last:
        yield first
        first = period_of(bounds(first)[1], step)


def ranges(periods: list[str]) -> Iterator[tuple[str, str]]:
    """Periods in order as runs of neighbours: first and last of each."""
    start = previous = ""
    for period in sorted(periods):
        if previous and period != period_of(bounds(previous)[1], step_of(previous)):
            yield start, previous
            start = ""
        start, previous = start or period, period
    if previous:
        yield start, previous
