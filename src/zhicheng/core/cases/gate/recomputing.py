"""A newly published calendar: the only thing that may change a running clock. Appended to history, never silent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.cases.gate.definitions import calendars, process_of
from zhicheng.core.cases.gate.loading import CLOCK_COLUMNS, COLUMNS, case_row, clock_from
from zhicheng.core.cases.gate.storing import Record, clock_parts, clock_row, nearest_due, record_parts
from zhicheng.core.cases.gate.transaction import Work, work
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.parties.values import system_actor
from zhicheng.engines.statetable.clocks import Calendars, Clock, recompute_clock, schedule
from zhicheng.engines.statetable.definition import Process
from zhicheng.kit.sqltext import Part, compose, to_json

_ACTOR = system_actor("calendar")


def recompute_clocks(now: datetime, batch: int = 500) -> int:
    """Bring every running working-time clock in line with the installed calendars; returns how many changed."""
    changed, after = 0, UUID(int=0)
    while True:
        with work() as current:
            rows = _lock_batch(current, after, batch)
            if not rows:
                return changed
            after = rows[-1][0].id
            changed += _recompute(current, rows, now)


def _lock_batch(current: Work, after: UUID, batch: int) -> list[tuple[CaseRow, list[Clock]]]:
    wanted = (
        "SELECT DISTINCT case_id FROM cases_clock WHERE state = 'running' AND calendar <> 'always' AND case_id > %s "
        "ORDER BY case_id LIMIT %s"
    )
    rows, clocks = current.read(
        [
            (f"SELECT {COLUMNS} FROM cases_case c WHERE c.id IN ({wanted}) ORDER BY c.id FOR UPDATE", (after, batch)),
            (
                f"SELECT case_id, {CLOCK_COLUMNS} FROM cases_clock WHERE case_id IN ({wanted}) ORDER BY id",
                (after, batch),
            ),
        ]
    )
    by_case: dict[UUID, list[Clock]] = {}
    for row in clocks:
        by_case.setdefault(row[0], []).append(clock_from(row[1:]))
    return [(case, by_case.get(case.id, [])) for case in map(case_row, rows)]


def _recompute(current: Work, rows: Sequence[tuple[CaseRow, list[Clock]]], now: datetime) -> int:
    known = calendars()
    records: list[Record] = []
    clock_rows: list[dict[str, Any]] = []
    dues: list[dict[str, Any]] = []
    for case, clocks in rows:
        process = process_of(case.definition)
        after = [_recomputed(clock, process, known) for clock in clocks]
        moved = [(old, new) for old, new in zip(clocks, after, strict=True) if old != new]
        for old, new in moved:
            clock_rows.append(clock_row(case.id, new))
            records.append(_record(case, old, new, now))
        if moved:
            dues.append({"id": case.id, "due_at": nearest_due(process, after)})
    if records:
        update = (
            "UPDATE cases_case c SET due_at = r.due_at FROM jsonb_populate_recordset(NULL::cases_case, %s::jsonb) r "
            "WHERE c.id = r.id"
        )
        parts = [Part("moved", update, (to_json(dues),)), *clock_parts(clock_rows), *record_parts(records)]
        current.write(*compose(parts, Part("", "SELECT true")))
    return len(records)


def _recomputed(clock: Clock, process: Process, known: Calendars) -> Clock:
    """The clock under the calendars, its warnings too; one that does not run stays as it is."""
    if clock.state != "running":
        return clock
    return schedule(recompute_clock(clock, known), process.clocks[clock.code].stages, known)


def _record(case: CaseRow, old: Clock, new: Clock, now: datetime) -> Record:
    return Record(
        case_id=case.id,
        number=case.number,
        process=case.process,
        version=case.version,
        kind="clock",
        action="clock_recomputed",
        label="节假日安排公布，时限已重新计算",
        actor=_ACTOR.ref,
        at=now,
        from_state=case.state,
        to_state=case.state,
        from_unit=case.unit,
        to_unit=case.unit,
        input={"clock": new.code, "from": old.due_at.isoformat(), "to": new.due_at.isoformat()},
        public=True,
    )
