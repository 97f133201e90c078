"""A clock: a budget of counted time with a snapshot of its limit and source. Every change makes a new value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from zhicheng.engines.statetable.calendar import ALWAYS, Calendar
from zhicheng.kit.clock import CHINA

ClockState = Literal["running", "paused", "met", "cancelled"]
Calendars = Mapping[str, Calendar]

_UNITS = {"minutes": 60, "hours": 3600, "days": 86400}


@dataclass(frozen=True)
class Clock:
    """One clock of one case. `round` counts restarts; `stage` is the index of the next share to fire.

    Counted seconds left when it last began to run are `remaining_s`; `total_s` is the whole budget.
    """

    code: str
    round: int
    calendar: str
    limit: Mapping[str, Any]
    state: ClockState
    started_at: datetime
    run_from: datetime
    remaining_s: float
    total_s: float
    due_at: datetime
    next_fire_at: datetime | None = None
    stage: int = 0
    ended_at: datetime | None = None
    paused_at: datetime | None = None
    pause_reason: str = ""

    @property
    def is_open(self) -> bool:
        """Running or paused."""
        return self.state in {"running", "paused"}

    def is_late(self, now: datetime) -> bool:
        """Whether the limit was passed, at its end if it has ended, else at `now`."""
        if self.state == "paused":
            return self.remaining_s <= 0
        return (self.ended_at or now) > self.due_at


def start_clock(
    code: str, limit: Mapping[str, Any], now: datetime, calendars: Calendars, *, round_number: int = 1
) -> Clock:
    """A clock that starts now.

    Raises:
        ValueError: the limit has no known unit, its calendar is unknown, or it is a day that is not one.
    """
    calendar = str(limit.get("calendar", "working" if "working_days" in limit else "always"))
    counted = _calendar(calendar, calendars)
    if "working_days" in limit:
        due_at = counted.add_days(now, int(limit["working_days"]))
    elif "until" in limit:
        due_at = end_of(limit)
    else:
        due_at = counted.add_seconds(now, _budget(limit))
    total = counted.seconds_between(now, due_at)
    return Clock(code, round_number, calendar, dict(limit), "running", now, now, total, total, due_at)


def end_of(limit: Mapping[str, Any]) -> datetime:
    """When a limit until a day ends: at the beginning of that day.

    Raises:
        ValueError: it does not name a day.

    >>> end_of({"until": "2026-03-05"}).isoformat()
    '2026-03-04T16:00:00+00:00'
    """
    return datetime.combine(date.fromisoformat(str(limit["until"])), time.min, CHINA).astimezone(UTC)


def check_limit(limit: Mapping[str, Any]) -> None:
    """Whether a clock could start with a limit.

    Raises:
        ValueError: it names no unit or several, or is not positive; the sentence says which.
    """
    found = [unit for unit in (*_UNITS, "working_days") if unit in limit]
    if len(found) != 1:
        raise ValueError(f"时限要写明 minutes、hours、days、working_days 中的一个：{dict(limit)}")
    amount = limit[found[0]]
    if isinstance(amount, bool) or not isinstance(amount, int | float) or amount <= 0:
        raise ValueError(f"时限 {found[0]} 要大于 0:{amount}")


def schedule(clock: Clock, stages: Sequence[float], calendars: Calendars) -> Clock:
    """Set when the clock fires next: at the instant of its next stage, or never."""
    if clock.state != "running" or clock.stage >= len(stages):
        return replace(clock, next_fire_at=None)
    share = stages[clock.stage]
    if share == 1.0:
        return replace(clock, next_fire_at=clock.due_at)
    counted = _calendar(clock.calendar, calendars)
    if share > 1.0:
        return replace(clock, next_fire_at=counted.add_seconds(clock.due_at, (share - 1.0) * clock.total_s))
    used = clock.total_s - clock.remaining_s
    ahead = share * clock.total_s - used
    at = counted.add_seconds(clock.run_from, ahead) if ahead > 0 else clock.run_from
    return replace(clock, next_fire_at=min(at, clock.due_at))


def pause_clock(clock: Clock, now: datetime, reason: str, calendars: Calendars) -> Clock:
    """Stop counting; what is left is kept. A clock that is not running stays as it is."""
    if clock.state != "running":
        return clock
    left = _calendar(clock.calendar, calendars).seconds_between(now, clock.due_at)
    return replace(clock, state="paused", remaining_s=left, paused_at=now, pause_reason=reason, next_fire_at=None)


def resume_clock(clock: Clock, now: datetime, calendars: Calendars) -> Clock:
    """Count on with what was left. A clock that is not paused stays as it is.

    One that was paused late stays due when it was: a pause does not wash lateness away.
    """
    if clock.state != "paused":
        return clock
    running = replace(clock, state="running", paused_at=None, pause_reason="")
    if clock.remaining_s <= 0:
        return replace(running, run_from=clock.due_at)
    due_at = _calendar(clock.calendar, calendars).add_seconds(now, clock.remaining_s)
    return replace(running, run_from=now, due_at=due_at)


def extend_clock(clock: Clock, days: int, now: datetime, calendars: Calendars, stages: Sequence[float]) -> Clock:
    """Give `days` more counted days; stages that lie ahead again, and being overdue, will fire again.

    Raises:
        ValueError: `days` is not positive, or the clock has ended.
    """
    if days <= 0 or not clock.is_open:
        raise ValueError("only an open clock can be extended, by at least one day")
    counted = _calendar(clock.calendar, calendars)
    due_at = counted.add_days(clock.due_at, days)
    more = counted.seconds_between(clock.due_at, due_at)
    limit = {**clock.limit, "extended": int(clock.limit.get("extended", 0)) + days}
    longer = replace(
        clock, limit=limit, due_at=due_at, remaining_s=clock.remaining_s + more, total_s=clock.total_s + more
    )
    left = longer.remaining_s if longer.state == "paused" else counted.seconds_between(now, due_at)
    return replace(longer, stage=min(clock.stage, _first_ahead(stages, longer.total_s, longer.total_s - left)))


def end_clock(clock: Clock, now: datetime, state: Literal["met", "cancelled"]) -> Clock:
    """Stop for good. A clock that has ended stays as it is."""
    return replace(clock, state=state, ended_at=now, next_fire_at=None) if clock.is_open else clock


def recompute_clock(clock: Clock, calendars: Calendars) -> Clock:
    """The same clock under a newly published calendar. Only a running clock on days not yet known can change."""
    if clock.state != "running" or clock.calendar == "always":
        return clock
    counted = _calendar(clock.calendar, calendars)
    if clock.run_from == clock.started_at and "working_days" in clock.limit:
        days = int(clock.limit["working_days"]) + int(clock.limit.get("extended", 0))
        due_at = counted.add_days(clock.started_at, days)
        total = counted.seconds_between(clock.started_at, due_at)
        return replace(clock, due_at=due_at, total_s=total, remaining_s=total)
    if clock.remaining_s <= 0:
        return clock
    return replace(clock, due_at=counted.add_seconds(clock.run_from, clock.remaining_s))


def _first_ahead(stages: Sequence[float], total_s: float, used_s: float) -> int:
    """The first stage that is not past; being overdue always counts as ahead."""
    ahead = (index for index, share in enumerate(stages) if share >= 1.0 or share * total_s > used_s)
    return next(ahead, len(stages))


def _budget(limit: Mapping[str, Any]) -> float:
    for unit, seconds in _UNITS.items():
        if unit in limit:
            return float(limit[unit]) * seconds
    raise ValueError(f"时限要写明 minutes、hours、days 或 working_days:{dict(limit)}")


def _calendar(code: str, calendars: Calendars) -> Calendar:
    if code == "always":
        return ALWAYS
    if code not in calendars:
        raise ValueError(f"日历 {code} 不存在")
    return calendars[code]
