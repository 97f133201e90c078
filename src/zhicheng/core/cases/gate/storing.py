"""SQL parts of one or many changes: a single act and a batch of fired clocks are stored by the same text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.ledger.public import entry_part, event_part
from zhicheng.core.ledger.values import Entry, Event
from zhicheng.engines.statetable.clocks import Clock
from zhicheng.engines.statetable.definition import Process
from zhicheng.kit.ids import uuid7
from zhicheng.kit.sqltext import Part, insert_rows, to_json

_CASE_CHANGES = (
    "state",
    "final",
    "version",
    "unit_id",
    "assignee_id",
    "category",
    "urgent",
    "facts",
    "closed_at",
    "due_at",
)
_CLOCK_CHANGES = (
    "calendar",
    "allowance",
    "state",
    "stage",
    "run_from",
    "remaining_s",
    "total_s",
    "due_at",
    "next_fire_at",
    "ended_at",
    "paused_at",
    "pause_reason",
)


@dataclass(frozen=True)
class Record:
    """What history, ledger and outbox say of one thing that happened."""

    case_id: UUID
    number: str
    process: str
    version: int
    kind: str
    action: str
    label: str
    actor: str
    at: datetime
    from_state: str = ""
    to_state: str = ""
    from_unit: str = ""
    to_unit: str = ""
    input: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""
    public: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    id: UUID = field(init=False)
    """Of the line of the history and of the event: who hears of it can read it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", uuid7(self.at))


def clock_row(case_id: UUID, clock: Clock) -> dict[str, Any]:
    """A clock as a row of its table."""
    return {
        "case_id": case_id,
        "code": clock.code,
        "round": clock.round,
        "calendar": clock.calendar,
        "allowance": clock.limit,
        "state": clock.state,
        "stage": clock.stage,
        "started_at": clock.started_at,
        "run_from": clock.run_from,
        "remaining_s": clock.remaining_s,
        "total_s": clock.total_s,
        "due_at": clock.due_at,
        "next_fire_at": clock.next_fire_at,
        "ended_at": clock.ended_at,
        "paused_at": clock.paused_at,
        "pause_reason": clock.pause_reason,
    }


def nearest_due(process: Process, clocks: Sequence[Clock]) -> datetime | None:
    """The instant that queues sort by: the nearest running clock that is not quiet."""
    running = [clock.due_at for clock in clocks if clock.state == "running" and not process.clocks[clock.code].quiet]
    return min(running, default=None)


def case_update_part(rows: Sequence[Mapping[str, Any]], *, gate: str = "") -> Part:
    """Update cases; every row has `id` and all of the columns that an act may change."""
    only = f"AND EXISTS (SELECT 1 FROM {gate}) " if gate else ""
    sets = ", ".join(f"{column} = r.{column}" for column in _CASE_CHANGES)
    text = (
        f"UPDATE cases_case c SET {sets} FROM jsonb_populate_recordset(NULL::cases_case, %s::jsonb) r "
        f"WHERE c.id = r.id {only}RETURNING c.id"
    )
    return Part("changed_cases", text, (to_json(rows),))


def clock_parts(rows: Sequence[Mapping[str, Any]], *, gate: str = "") -> list[Part]:
    """Insert clocks, or overwrite the one of the same code and round."""
    if not rows:
        return []
    part = insert_rows("changed_clocks", "cases_clock", rows, gate=gate)
    sets = ", ".join(f"{column} = EXCLUDED.{column}" for column in _CLOCK_CHANGES)
    return [Part(part.name, f"{part.text} ON CONFLICT (case_id, code, round) DO UPDATE SET {sets}", part.params)]


def record_parts(records: Sequence[Record], *, gate: str = "") -> list[Part]:
    """History, ledger entries and outbox events of what happened."""
    return [
        insert_rows("history", "cases_history", [_history(record) for record in records], gate=gate),
        entry_part("entries", [_entry(record) for record in records], gate),
        event_part("events", [_event(record) for record in records], gate),
    ]


def _history(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "case_id": record.case_id,
        "version": record.version,
        "kind": record.kind,
        "action": record.action,
        "label": record.label,
        "from_state": record.from_state,
        "to_state": record.to_state,
        "from_unit": record.from_unit,
        "to_unit": record.to_unit,
        "actor": record.actor,
        "at": record.at,
        "input": record.input,
        "rule": record.rule,
        "public": record.public,
    }


def _entry(record: Record) -> Entry:
    data = {"version": record.version, "from": record.from_state, "to": record.to_state, "unit": record.to_unit}
    return Entry(
        id=uuid7(record.at),
        at=record.at,
        actor=record.actor,
        action=f"cases.{record.process}.{record.action}",
        subject=f"case:{record.case_id}",
        rule=record.rule,
        data=data,
    )


def _event(record: Record) -> Event:
    """What receivers need of the case, so that they do not have to read it again."""
    data = {
        "number": record.number,
        "process": record.process,
        "kind": record.kind,
        "action": record.action,
        "label": record.label,
        "from_state": record.from_state,
        "state": record.to_state,
        "from_unit": record.from_unit,
        "unit": record.to_unit,
        "actor": record.actor,
        **record.data,
    }
    return Event(record.id, record.at, f"cases.{record.process}.{record.action}", f"case:{record.case_id}", data)
