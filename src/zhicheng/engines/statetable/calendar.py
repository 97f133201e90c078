"""Working time: which days are worked, and arithmetic in working seconds.

Source: limits in working days are counted from the next working day (行政许可法 §82, 民法典 §201), and end with the
working hours of the last day.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from zhicheng.kit.clock import CHINA

_HORIZON_DAYS = 3660


class Calendar(Protocol):
    """Time that counts. Every instant is zone-aware; results are in UTC."""

    def add_seconds(self, start: datetime, seconds: float) -> datetime:
        """The instant at which `seconds` of counted time have passed since `start`."""
        ...

    def seconds_between(self, start: datetime, end: datetime) -> float:
        """Counted time from `start` to `end`; 0 when `end` is not later."""
        ...

    def add_days(self, start: datetime, days: int) -> datetime:
        """The end of the `days`-th counted day after the day of `start`."""
        ...


@dataclass(frozen=True)
class AlwaysCalendar:
    """Round the clock: every second counts.

    >>> AlwaysCalendar().add_seconds(datetime(2026, 1, 1, tzinfo=UTC), 600).minute
    10
    """

    def add_seconds(self, start: datetime, seconds: float) -> datetime:
        """See `Calendar`."""
        return start.astimezone(UTC) + timedelta(seconds=seconds)

    def seconds_between(self, start: datetime, end: datetime) -> float:
        """See `Calendar`."""
        return max(0.0, (end - start).total_seconds())

    def add_days(self, start: datetime, days: int) -> datetime:
        """See `Calendar`: whole days of 24 hours."""
        return start.astimezone(UTC) + timedelta(days=days)


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days and hours of a place.

    `exceptions` maps a day to True (a make-up working day) or False (a holiday); other days follow the week.
    `hours` are the daily spans in local time, ascending, not overlapping.

    >>> spring = WorkingCalendar({date(2026, 1, 1): False}, ((time(9), time(12)), (time(14), time(18))))
    >>> spring.add_days(datetime(2025, 12, 31, 10, tzinfo=CHINA), 1).astimezone(CHINA).isoformat()
    '2026-01-02T18:00:00+08:00'
    """

    exceptions: Mapping[date, bool]
    hours: Sequence[tuple[time, time]]
    _opens: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _day_seconds: float = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spans = [(_seconds(a), _seconds(b)) for a, b in self.hours]
        if (
            not spans
            or any(b <= a for a, b in spans)
            or any(spans[i][1] > spans[i + 1][0] for i in range(len(spans) - 1))
        ):
            raise ValueError("working hours must be ascending spans that do not overlap")
        object.__setattr__(self, "_opens", tuple(a for a, _ in spans))
        object.__setattr__(self, "_day_seconds", float(sum(b - a for a, b in spans)))

    def is_working_day(self, day: date) -> bool:
        """Whether people work on a day."""
        known = self.exceptions.get(day)
        return day.weekday() < 5 if known is None else known

    def add_days(self, start: datetime, days: int) -> datetime:
        """The close of business of the `days`-th working day after the day of `start`.

        Raises:
            ValueError: `days` is negative.
        """
        if days < 0:
            raise ValueError("days must not be negative")
        day = start.astimezone(CHINA).date()
        for _ in range(days):
            day = self._next_working_day(day)
        return datetime.combine(day, self.hours[-1][1], CHINA).astimezone(UTC)

    def add_seconds(self, start: datetime, seconds: float) -> datetime:
        """See `Calendar`; a result at the end of a span stays there, it does not jump to the next one."""
        local = start.astimezone(CHINA)
        day, offset, left = local.date(), _seconds(local.time()), max(0.0, seconds)
        if not self.is_working_day(day) or self._rest_of_day(offset) <= 0.0:
            day, offset = self._next_working_day(day), 0.0
        while (rest := self._rest_of_day(offset)) < left:
            left -= rest
            day, offset = self._next_working_day(day), 0.0
        return self._instant(day, offset, left)

    def seconds_between(self, start: datetime, end: datetime) -> float:
        """See `Calendar`."""
        first, last = start.astimezone(CHINA), end.astimezone(CHINA)
        if last <= first:
            return 0.0
        if first.date() == last.date():
            return self._worked(first.date(), _seconds(first.time()), _seconds(last.time()))
        total = self._worked(first.date(), _seconds(first.time()), 86400.0) + self._worked(
            last.date(), 0.0, _seconds(last.time())
        )
        day = first.date() + timedelta(days=1)
        while day < last.date():
            total += self._day_seconds if self.is_working_day(day) else 0.0
            day += timedelta(days=1)
        return total

    def _next_working_day(self, day: date) -> date:
        for _ in range(_HORIZON_DAYS):
            day += timedelta(days=1)
            if self.is_working_day(day):
                return day
        raise ValueError("the calendar has no working day within ten years")

    def _worked(self, day: date, start: float, end: float) -> float:
        if not self.is_working_day(day):
            return 0.0
        return sum(max(0.0, min(end, _seconds(b)) - max(start, _seconds(a))) for a, b in self.hours)

    def _rest_of_day(self, offset: float) -> float:
        return sum(max(0.0, _seconds(b) - max(offset, _seconds(a))) for a, b in self.hours)

    def _instant(self, day: date, offset: float, left: float) -> datetime:
        index = max(0, bisect_right(self._opens, offset) - 1)
        for opens, closes in self.hours[index:]:
            begin = max(offset, _seconds(opens))
            room = max(0.0, _seconds(closes) - begin)
            if left <= room and room > 0.0:
                midnight = datetime.combine(day, time(), CHINA)
                return (midnight + timedelta(seconds=begin + left)).astimezone(UTC)
            left -= room
        return datetime.combine(day, self.hours[-1][1], CHINA).astimezone(UTC)


ALWAYS = AlwaysCalendar()


def _seconds(value: time) -> float:
    return value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6
