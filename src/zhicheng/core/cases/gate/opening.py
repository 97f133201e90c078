"""Opening cases: one statement, one round trip, atomic with whatever the app adds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from zhicheng.core.cases.gate.definitions import calendars, current_process
from zhicheng.core.cases.gate.storing import Record, clock_row, nearest_due, record_parts
from zhicheng.core.cases.values import CaseDraft, OpenedCase
from zhicheng.core.ledger.public import fresh_key_part, recall
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.values import Actor
from zhicheng.engines.statetable.definition import Process
from zhicheng.engines.statetable.transition import CaseState, open_case
from zhicheng.kit.ids import case_number, uuid7
from zhicheng.kit.sqltext import Part, compose, insert_rows

_FRESH = "fresh"


@dataclass(frozen=True)
class NewCase:
    """A case decided but not yet stored, with its rows."""

    id: UUID
    number: str
    process: Process
    row: Mapping[str, Any]
    clocks: Sequence[Mapping[str, Any]]
    record: Record

    @property
    def opened(self) -> OpenedCase:
        """What the person who opened it will be told."""
        return OpenedCase(self.id, self.number, self.row["state"], self.row["unit_id"], self.row["due_at"])


def new_case(draft: CaseDraft, actor: Actor, now: datetime) -> NewCase:
    """Decide a new case: its number, first state and opening clocks.

    Raises:
        ProcessUnknown: the pack has no such process.
        ValueError: the process cannot start its clocks with these facts.
    """
    definition, process = current_process(draft.process)
    start = CaseState(draft.state, draft.unit, draft.facts, title=draft.title)
    change = open_case(process, start, now, calendars())
    case_id, number = uuid7(now), case_number(current_pack().number_prefix, now)
    place = draft.location
    row = {
        "id": case_id,
        "number": number,
        "process": draft.process,
        "definition": definition,
        "state": change.case.state,
        "final": False,
        "version": 1,
        "unit_id": draft.unit,
        "requester_id": draft.requester,
        "creator_id": draft.creator,
        "parent_id": draft.parent,
        "category": draft.category,
        "title": draft.title[:200],
        "urgent": draft.urgent,
        "division": place.divisions[0] if place and place.divisions else "",
        "area": "/".join(reversed(place.divisions)) if place else "",
        "grid": place.grid if place else "",
        "longitude": place.point.longitude if place and place.point else None,
        "latitude": place.point.latitude if place and place.point else None,
        "facts": draft.facts,
        "opened_at": now,
        "due_at": nearest_due(process, change.clocks),
    }
    record = Record(
        case_id=case_id,
        number=number,
        process=draft.process,
        version=1,
        kind="act",
        action="open",
        label="提交",
        actor=actor.ref,
        at=now,
        to_state=change.case.state,
        to_unit=draft.unit,
        rule=draft.rule,
        public=True,
        data={**event_data(draft), "definition": definition, "due_at": row["due_at"]},
    )
    return NewCase(case_id, number, process, row, [clock_row(case_id, clock) for clock in change.clocks], record)


def event_data(draft: CaseDraft) -> dict[str, Any]:
    """What the event of an opening tells beyond the record: nothing personal."""
    point = draft.location.point if draft.location else None
    return {
        "notify": dict(draft.notify),
        "title": draft.title,
        "category": draft.category,
        "urgent": draft.urgent,
        "requester": str(draft.requester) if draft.requester else "",
        "parent": str(draft.parent) if draft.parent else "",
        "division": draft.location.divisions[0] if draft.location and draft.location.divisions else "",
        "point": [point.longitude, point.latitude] if point else None,
    }


def opening_parts(cases: Sequence[NewCase], *, gate: str = "") -> list[Part]:
    """SQL parts that store new cases, without their records."""
    clocks = [row for case in cases for row in case.clocks]
    parts = [insert_rows("new_cases", "cases_case", [case.row for case in cases], gate=gate)]
    return [*parts, insert_rows("new_clocks", "cases_clock", clocks, gate=gate)] if clocks else parts


def store_case(
    case: NewCase,
    *,
    children: Sequence[NewCase] = (),
    extra: Sequence[Part] = (),
    key: IdempotencyKey | None = None,
    now: datetime,
) -> OpenedCase:
    """Store a new case, its child cases and the app's own rows, once per key.

    `extra` parts must be gated by `fresh` when a key is given (`extra_gate(key)` says so).

    Raises:
        IdempotencyKeyReused: the key came before with another body.
    """
    gate = extra_gate(key)
    opened = case.opened
    first = [fresh_key_part(_FRESH, key, _result(opened), now)] if key else []
    cases = [case, *children]
    records = [each.record for each in cases]
    parts = [*first, *opening_parts(cases, gate=gate), *record_parts(records, gate=gate), *extra]
    final = Part("", f"SELECT EXISTS (SELECT 1 FROM {_FRESH})" if key else "SELECT true")
    sql, params = compose(parts, final)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    if row and row[0]:
        return opened
    stored = earlier_case(key, now)
    # A key that was taken and has run out since is free again: nothing is acknowledged that was not stored.
    return stored or store_case(case, extra=extra, key=key, now=now)


def earlier_case(key: IdempotencyKey | None, now: datetime) -> OpenedCase | None:
    """What the same request was answered before, if it came before.

    Raises:
        IdempotencyKeyReused: the key came before with another body.
    """
    stored = recall(key, now=now) if key else None
    return _replayed(stored) if stored else None


def extra_gate(key: IdempotencyKey | None) -> str:
    """The name that parts of an app must be gated by."""
    return _FRESH if key else ""


def _result(opened: OpenedCase) -> dict[str, Any]:
    due = opened.due_at.isoformat() if opened.due_at else ""
    return {"id": str(opened.id), "number": opened.number, "state": opened.state, "unit": opened.unit, "due_at": due}


def _replayed(stored: Mapping[str, Any]) -> OpenedCase:
    due = datetime.fromisoformat(stored["due_at"]) if stored["due_at"] else None
    return OpenedCase(UUID(stored["id"]), stored["number"], stored["state"], stored["unit"], due, replayed=True)
