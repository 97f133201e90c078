"""Due clocks, in batches: the worker and the simulator call the same function."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import connection

from zhicheng.core.cases.gate.acting import act_by_system
from zhicheng.core.cases.gate.definitions import calendars, process_of
from zhicheng.core.cases.gate.loading import lock_due_cases
from zhicheng.core.cases.gate.storing import Record, clock_parts, clock_row, record_parts
from zhicheng.core.cases.gate.transaction import work
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.parties.values import system_actor
from zhicheng.engines.statetable.definition import Process
from zhicheng.engines.statetable.firing import Firing, fire
from zhicheng.engines.statetable.transition import ActionRefused
from zhicheng.kit.sqltext import Part, compose

_CLOCKS = system_actor("clocks")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Due:
    case_id: UUID
    action: str


def fire_due_clocks(now: datetime, limit: int = 500) -> int:
    """Fire every stage that is due, up to `limit` cases; returns how many cases were touched.

    Warnings and escalations are stored in one statement for the whole batch; automatic steps follow, each in its
    own transaction. Safe to run in several processes: cases that another one holds are skipped.
    """
    with work() as current:
        locked = lock_due_cases(current, now, limit)
        fired = [
            (case, process_of(case.definition), firing)
            for case, clocks in locked
            for firing in fire(process_of(case.definition), clocks, now, calendars())
        ]
        if fired:
            rows = [clock_row(case.id, firing.clock) for case, _, firing in fired]
            records = [_record(case, process, firing, now) for case, process, firing in fired]
            current.write(*compose([*clock_parts(rows), *record_parts(records)], Part("", "SELECT true")))
    for case, _, firing in fired:
        if firing.then:
            _act(_Due(case.id, firing.then), now)
    return len(locked)


def next_firing_at() -> datetime | None:
    """When the next stage of any clock is due; in the past when firing is behind, None when no clock runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(next_fire_at) FROM cases_clock WHERE next_fire_at IS NOT NULL")
        found: datetime | None = cursor.fetchone()[0]
    return found


def _act(due: "_Due", now: datetime) -> None:
    """Do the automatic step, unless a person was faster."""
    try:
        act_by_system(due.case_id, due.action, now, name="clocks")
    except ActionRefused as refused:
        _log.info("automatic step skipped", case=str(due.case_id), action=due.action, why=str(refused))


def _record(case: CaseRow, process: Process, firing: Firing, now: datetime) -> Record:
    spec = process.clocks[firing.clock.code]
    words = {"warning": f"已用 {firing.share:.0%}", "overdue": "已到期", "escalation": "超时升级"}
    return Record(
        case_id=case.id,
        number=case.number,
        process=case.process,
        version=case.version,
        kind="clock",
        action=f"clock_{firing.kind}",
        label=f"{spec.label}:{words[firing.kind]}",
        actor=_CLOCKS.ref,
        at=now,
        from_state=case.state,
        to_state=case.state,
        from_unit=case.unit,
        to_unit=case.unit,
        data=_data(case, firing, spec.quiet),
    )


def _data(case: CaseRow, firing: Firing, quiet: bool) -> dict[str, Any]:
    return {
        "clock": firing.clock.code,
        "level": firing.level,
        "share": firing.share,
        "quiet": quiet,
        "due_at": firing.clock.due_at.isoformat(),
        "title": case.title,
        "division": case.division,
        "urgent": case.urgent,
        "point": [case.longitude, case.latitude] if case.longitude is not None else None,
    }
