"""A newly published calendar: the only thing that may change a running clock. Appended to history, never silent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.db.models import F

from zhicheng.core.cases.gate.definitions import calendars, process_of
from zhicheng.core.cases.gate.loading import CLOCK_COLUMNS, COLUMNS, case_row, clock_from
from zhicheng.core.cases.gate.storing import Record, clock_parts, clock_row, nearest_due, record_parts
from zhicheng.core.cases.models import CalendarSweep
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.packs.public import NoPackInstalled, current_release
from zhicheng.core.parties.values import system_actor
from zhicheng.engines.statetable.clocks import Calendars, Clock, recompute_clock, schedule
from zhicheng.engines.statetable.definition import Process
from zhicheng.kit.sqltext import Part, compose, to_json

_ACTOR = system_actor("calendar")
# Every process reads new calendars within a second of an install; what acts started under the old ones is stored then.
_SETTLED = timedelta(seconds=10)
_log = structlog.get_logger(__name__)

_COUNTED = (
    "SELECT DISTINCT case_id FROM cases_clock WHERE state = 'running' AND calendar <> 'always' AND case_id > %s "
    "ORDER BY case_id LIMIT %s"
)
_LOCK = f"SELECT {COLUMNS} FROM cases_case c WHERE c.id = ANY(%s::uuid[]) ORDER BY c.id FOR UPDATE"
_CLOCKS = f"SELECT case_id, {CLOCK_COLUMNS} FROM cases_clock WHERE case_id = ANY(%s::uuid[]) ORDER BY id"


def recompute_clocks(now: datetime, batch: int = 200) -> int:
    """Bring the next cases' running clocks in line with the installed calendars; how many cases were looked at.

    0 means that all are in line, or that another process has the batch in hand. One transaction a batch: acts wait
    for one batch at most, and a kill undoes one batch at most. Where a newer pack comes in between, its own walk
    starts from the beginning and is the only one that goes on.
    """
    try:
        release = current_release()
    except NoPackInstalled:
        return 0
    if now < release.installed_at + _SETTLED:
        return 0
    if CalendarSweep.objects.filter(pk=release.id, finished_at__isnull=False).exists():
        return 0
    with transaction.atomic():
        sweep = _take(release.id, now)
        return _next_batch(sweep, now, batch) if sweep is not None else 0


def _take(release: int, now: datetime) -> CalendarSweep | None:
    """The release's walk, locked; None where another process holds it or has just ended it."""
    CalendarSweep.objects.bulk_create([CalendarSweep(release_id=release, started_at=now)], ignore_conflicts=True)
    return (
        CalendarSweep.objects.select_for_update(skip_locked=True).filter(pk=release, finished_at__isnull=True).first()
    )


def _next_batch(sweep: CalendarSweep, now: datetime, batch: int) -> int:
    ids, rows = _lock_batch(sweep.after, batch)
    if not ids:
        CalendarSweep.objects.filter(pk=sweep.pk).update(finished_at=now)
        return 0
    moved = _recompute(rows, now)
    CalendarSweep.objects.filter(pk=sweep.pk).update(after=ids[-1], moved=F("moved") + moved)
    return len(ids)


def _lock_batch(after: UUID, batch: int) -> tuple[list[UUID], list[tuple[CaseRow, list[Clock]]]]:
    """Choose, then lock, then read: the clocks are those that the locks protect, of exactly the chosen cases."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, (after, batch))
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(_LOCK, (ids,))
        cases = [case_row(row) for row in cursor.fetchall()]
        cursor.execute(_CLOCKS, (ids,))
        by_case: dict[UUID, list[Clock]] = {}
        for row in cursor.fetchall():
            by_case.setdefault(row[0], []).append(clock_from(row[1:]))
    return ids, [(case, by_case.get(case.id, [])) for case in cases]


def _recompute(rows: Sequence[tuple[CaseRow, list[Clock]]], now: datetime) -> int:
    known = calendars()
    records: list[Record] = []
    clock_rows: list[dict[str, Any]] = []
    dues: list[dict[str, Any]] = []
    for case, clocks in rows:
        after = _all_recomputed(case, clocks, known)
        moved = [(old, new) for old, new in zip(clocks, after, strict=True) if old != new]
        for old, new in moved:
            clock_rows.append(clock_row(case.id, new))
            records.append(_record(case, old, new, now))
        if moved:
            dues.append({"id": case.id, "due_at": nearest_due(process_of(case.definition), after)})
    if records:
        update = (
            "UPDATE cases_case c SET due_at = r.due_at FROM jsonb_populate_recordset(NULL::cases_case, %s::jsonb) r "
            "WHERE c.id = r.id"
        )
        parts = [Part("moved", update, (to_json(dues),)), *clock_parts(clock_rows), *record_parts(records)]
        with connection.cursor() as cursor:
            cursor.execute(*compose(parts, Part("", "SELECT true")))
    return len(records)


def _all_recomputed(case: CaseRow, clocks: list[Clock], known: Calendars) -> list[Clock]:
    """The clocks under the calendars; those of a case that cannot be reckoned stay, and do not stop the others'."""
    process = process_of(case.definition)
    try:
        return [_recomputed(clock, process, known) for clock in clocks]
    except (ValueError, KeyError) as error:
        _log.error("clocks cannot be recomputed", case=str(case.id), error=str(error))
        return clocks


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
