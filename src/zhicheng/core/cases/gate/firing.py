"""Due clocks, in batches: the worker and the simulator call the same function."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import connection

from zhicheng.core.cases.gate.acting import Decision, Fired, act_parts, decide
from zhicheng.core.cases.gate.definitions import calendars, process_of
from zhicheng.core.cases.gate.loading import LockedCase, lock_case, lock_due_cases
from zhicheng.core.cases.gate.storing import Record, clock_parts, clock_row, record_parts
from zhicheng.core.cases.gate.transaction import work
from zhicheng.core.cases.policy import worst_of
from zhicheng.core.cases.values import ActCommand, CaseRow
from zhicheng.core.parties.values import system_actor
from zhicheng.engines.statetable.clocks import Clock
from zhicheng.engines.statetable.firing import Firing, fire
from zhicheng.kit.errors import ZhichengError
from zhicheng.kit.sqltext import Part, compose

_CLOCKS = system_actor("clocks")
_log = structlog.get_logger(__name__)


def fire_due_clocks(now: datetime, limit: int = 500) -> int:
    """Fire every stage that is due, up to `limit` cases; returns how many cases were touched.

    Warnings and escalations are stored in one statement for the whole batch. A case with an automatic step follows in
    a transaction of its own that stores the step with the stage: one killed in between leaves the stage due. Safe to
    run in several processes: cases that another one holds are skipped.
    """
    with work() as current:
        locked = lock_due_cases(current, now, limit)
        fired = [(case, _stages(case, clocks, now)) for case, clocks in locked]
        plain = [(case, firings) for case, firings in fired if firings and not _automatic(firings)]
        if plain:
            rows = [clock_row(case.id, firing.clock) for case, firings in plain for firing in firings]
            records = [record for case, firings in plain for record in _records(case, firings, now)]
            current.write(*compose([*clock_parts(rows), *record_parts(records)], Part("", "SELECT true")))
    for case, firings in fired:
        if _automatic(firings):
            _fire_and_act(case.id, now)
    return len(locked)


def _stages(case: CaseRow, clocks: Sequence[Clock], now: datetime) -> list[Firing]:
    """The stages of one case that are due; a case whose clocks cannot be reckoned must not stop the others'."""
    try:
        return fire(process_of(case.definition), clocks, now, calendars())
    except ValueError as error:
        _log.error("clocks cannot be fired", case=str(case.id), error=str(error))
        return []


def next_firing_at() -> datetime | None:
    """When the next stage of any clock is due; in the past when firing is behind, None when no clock runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(next_fire_at) FROM cases_clock WHERE next_fire_at IS NOT NULL")
        found: datetime | None = cursor.fetchone()[0]
    return found


def _automatic(firings: Sequence[Firing]) -> str:
    """The automatic step that fired stages ask for, if any."""
    return next((firing.then for firing in firings if firing.then), "")


def _fire_and_act(case_id: UUID, now: datetime) -> None:
    """Fire the stages of one case and do the automatic step, together; the stage alone if the process refuses."""
    with work() as current:
        locked = lock_case(current, case_id)
        firings = fire(process_of(locked.row.definition), locked.clocks, now, calendars())
        if not firings:
            return  # another process was faster
        fired = {_place(firing.clock): firing.clock for firing in firings}
        held = replace(locked, clocks=[fired.get(_place(clock), clock) for clock in locked.clocks])
        decision = _decide_automatic(held, _automatic(firings), now)
        rows = [clock_row(case_id, clock) for clock in fired.values()]
        records = _records(locked.row, firings, now)
        if decision is None:
            parts = [*clock_parts(rows), *record_parts(records)]
        else:
            parts = act_parts(decision, _CLOCKS, now, fired=Fired(tuple(fired.values()), records))
        current.write(*compose(parts, Part("", "SELECT true")))


def _decide_automatic(locked: LockedCase, action: str, now: datetime) -> Decision | None:
    if not action:
        return None
    try:
        return decide(locked, ActCommand(locked.row.id, action), _CLOCKS, frozenset({"system"}), now)
    except ZhichengError as refused:
        _log.warning("automatic step skipped", case=str(locked.row.id), action=action, why=str(refused))
        return None


def _place(clock: Clock) -> tuple[str, int]:
    return clock.code, clock.round


def _records(case: CaseRow, firings: Sequence[Firing], now: datetime) -> list[Record]:
    """What is kept of stages of one case that fired together: each of them, one of which is told."""
    clocks = process_of(case.definition).clocks
    told = worst_of([firing for firing in firings if not clocks[firing.clock.code].quiet])
    return [_record(case, firing, now, quiet=firing is not told) for firing in firings]


def _record(case: CaseRow, firing: Firing, now: datetime, *, quiet: bool) -> Record:
    spec = process_of(case.definition).clocks[firing.clock.code]
    words = {"warning": f"已用 {firing.share:.0%}", "overdue": "已到期", "escalation": "超时升级"}
    return Record(
        case_id=case.id,
        number=case.number,
        process=case.process,
        version=case.version,
        kind="clock",
        action=f"clock_{firing.kind}",
        label=f"{spec.label}：{words[firing.kind]}",
        actor=_CLOCKS.ref,
        at=now,
        from_state=case.state,
        to_state=case.state,
        from_unit=case.unit,
        to_unit=case.unit,
        data=_data(case, firing, quiet),
    )


def _data(case: CaseRow, firing: Firing, quiet: bool) -> dict[str, Any]:
    return {
        "clock": firing.clock.code,
        "level": firing.level,
        "share": firing.share,
        "quiet": quiet,
        "due_at": firing.clock.due_at,
        "title": case.title,
        "requester": str(case.requester) if case.requester else "",
        "parent": str(case.parent) if case.parent else "",
        "definition": case.definition,
        "division": case.division,
        "urgent": case.urgent,
        "point": [case.longitude, case.latitude] if case.longitude is not None else None,
    }
