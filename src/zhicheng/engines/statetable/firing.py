"""What due clocks do: warn, run over, escalate, or carry out an action by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from zhicheng.engines.statetable.clocks import Calendars, Clock, schedule
from zhicheng.engines.statetable.definition import ClockSpec, Process


@dataclass(frozen=True)
class Firing:
    """One stage that came due. `level` is how many units above the case's own must know: 0 for a warning."""

    clock: Clock
    kind: Literal["warning", "overdue", "escalation"]
    share: float
    level: int
    then: str = ""


def fire(process: Process, clocks: Sequence[Clock], now: datetime, calendars: Calendars) -> list[Firing]:
    """All stages that are due at `now`; a clock that slept through several stages fires only the latest.

    Each `Firing.clock` is the clock after it, with its next instant set.
    """
    found = []
    for clock in clocks:
        if clock.state == "running" and clock.next_fire_at is not None and clock.next_fire_at <= now:
            found.append(_fire_one(process.clocks[clock.code], clock, now, calendars))
    return found


def _fire_one(spec: ClockSpec, clock: Clock, now: datetime, calendars: Calendars) -> Firing:
    fired = clock
    passed_overdue = False
    while fired.next_fire_at is not None and fired.next_fire_at <= now:
        passed_overdue |= spec.stages[fired.stage] == 1.0
        fired = schedule(replace(fired, stage=fired.stage + 1), spec.stages, calendars)
    share = spec.stages[fired.stage - 1]
    if share < 1.0:
        return Firing(fired, "warning", share, 0)
    level = sum(1 for stage in spec.stages[: fired.stage] if stage >= 1.0)
    return Firing(fired, "overdue" if share == 1.0 else "escalation", share, level, spec.then if passed_overdue else "")
