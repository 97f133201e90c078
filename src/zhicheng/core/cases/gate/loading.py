"""Reading a case for an act: lock in the order parent, then child; then its clocks and children."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.gate.transaction import Work
from zhicheng.core.cases.values import CaseRow
from zhicheng.engines.statetable.clocks import Clock

_STORED_AS = {
    "unit": "unit_id",
    "assignee": "assignee_id",
    "requester": "requester_id",
    "creator": "creator_id",
    "parent": "parent_id",
}
COLUMNS = ", ".join(f"c.{_STORED_AS.get(field.name, field.name)}" for field in fields(CaseRow))
CLOCK_COLUMNS = (
    "code, round, calendar, allowance, state, started_at, run_from, remaining_s, total_s, due_at, next_fire_at, stage, "
    "ended_at, paused_at, pause_reason"
)

_LOCK_PARENT = (
    "SELECT p.unit_id FROM cases_case p WHERE p.id = (SELECT parent_id FROM cases_case WHERE id = %s) FOR UPDATE"
)
_CHILDREN = """SELECT unit_id, final, facts @> '{"released": true}' FROM cases_case WHERE parent_id = %s"""


@dataclass(frozen=True)
class LockedCase:
    """A case held for update with what the engine needs; of each child its unit, whether final, whether released."""

    row: CaseRow
    clocks: Sequence[Clock]
    children: Sequence[tuple[str, bool, bool]]
    parent_unit: str

    @property
    def open_children(self) -> int:
        """How many child cases have not ended."""
        return sum(1 for _, final, _ in self.children if not final)


def lock_case(work: Work, case_id: UUID) -> LockedCase:
    """Lock a case and its parent, in one round trip.

    Raises:
        CaseNotFound: there is none.
    """
    parents, rows, clocks, children = work.read(
        [
            (
                _LOCK_PARENT,
                (case_id,),
            ),
            (f"SELECT {COLUMNS} FROM cases_case c WHERE c.id = %s FOR UPDATE", (case_id,)),
            (f"SELECT {CLOCK_COLUMNS} FROM cases_clock WHERE case_id = %s ORDER BY id", (case_id,)),
            (_CHILDREN, (case_id,)),
        ]
    )
    if not rows:
        raise CaseNotFound()
    found = [clock_from(row) for row in clocks]
    return LockedCase(
        case_row(rows[0]),
        found,
        [(unit, final, free) for unit, final, free in children],
        parents[0][0] if parents else "",
    )


def lock_due_cases(work: Work, now: Any, limit: int) -> list[tuple[CaseRow, list[Clock]]]:
    """Lock up to `limit` cases that have a due clock and that nobody else holds, with all their clocks."""
    due = "SELECT case_id FROM cases_clock WHERE next_fire_at <= %s ORDER BY next_fire_at LIMIT %s"
    rows, clocks = work.read(
        [
            (
                f"SELECT {COLUMNS} FROM cases_case c WHERE c.id IN ({due}) ORDER BY c.id FOR UPDATE SKIP LOCKED",
                (now, limit),
            ),
            (f"SELECT case_id, {CLOCK_COLUMNS} FROM cases_clock WHERE case_id IN ({due}) ORDER BY id", (now, limit)),
        ]
    )
    by_case: dict[UUID, list[Clock]] = {}
    for row in clocks:
        by_case.setdefault(row[0], []).append(clock_from(row[1:]))
    cases = [case_row(row) for row in rows]
    return [(case, by_case[case.id]) for case in cases if case.id in by_case]


def case_row(row: Sequence[Any]) -> CaseRow:
    """A typed row from the columns of `COLUMNS`."""
    return CaseRow(*(*row[:-1], as_mapping(row[-1])))


def clock_from(row: Sequence[Any]) -> Clock:
    """A clock from the columns of its table."""
    code, number, calendar, allowance, state, *times = row
    started, run_from, remaining, total, due, fires, stage, ended, paused, reason = times
    return Clock(
        code=code,
        round=number,
        calendar=calendar,
        limit=as_mapping(allowance),
        state=state,
        started_at=started,
        run_from=run_from,
        remaining_s=remaining,
        total_s=total,
        due_at=due,
        next_fire_at=fires,
        stage=stage,
        ended_at=ended,
        paused_at=paused,
        pause_reason=reason,
    )


def as_mapping(value: Any) -> Mapping[str, Any]:
    """A JSON column: Django's raw cursors hand JSON over as text."""
    loaded = json.loads(value) if isinstance(value, str | bytes) else value
    return dict(loaded or {})
