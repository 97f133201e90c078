"""Moving running cases from one pinned process to another: only when told to, only whole, and on record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from zhicheng.core.cases.errors import MigrationRefused
from zhicheng.core.cases.gate.definitions import PROCESS_KIND, calendars, process_of
from zhicheng.core.cases.gate.loading import CLOCK_COLUMNS, COLUMNS, case_row, clock_from
from zhicheng.core.cases.gate.storing import Record, clock_parts, clock_row, nearest_due, record_parts
from zhicheng.core.cases.values import CaseRow, Misfit
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.packs.public import DefinitionUnknown, get_definition
from zhicheng.engines.statetable.clocks import Clock, schedule
from zhicheng.engines.statetable.definition import Process
from zhicheng.kit.ids import uuid7
from zhicheng.kit.sqltext import Part, compose, to_json

_BATCH = 200
_RUNNING = (
    f"SELECT {COLUMNS} FROM cases_case c WHERE c.definition = %s AND NOT c.final AND c.id > %s ORDER BY c.id LIMIT %s"
)
_CLOCKS = f"SELECT case_id, {CLOCK_COLUMNS} FROM cases_clock WHERE case_id = ANY(%s::uuid[]) ORDER BY id"
_UPDATE = """
UPDATE cases_case c SET definition = r.definition, state = r.state, version = r.version, due_at = r.due_at
FROM jsonb_populate_recordset(NULL::cases_case, %s::jsonb) r WHERE c.id = r.id
"""
_Held = tuple[CaseRow, list[Clock]]


@dataclass(frozen=True)
class MigrationPlan:
    """From which process to which, by content hash; `states` names the new state where it has another code."""

    old: str
    new: str
    states: Mapping[str, str] = field(default_factory=dict)

    def state_of(self, case: CaseRow) -> str:
        """Where a case will be."""
        return self.states.get(case.state, case.state)


def migrate_cases(plan: MigrationPlan, *, actor_ref: str, now: datetime, dry_run: bool = False) -> int:
    """Move every running case of the old process; how many were, or would be, moved.

    All are looked at first: where one does not fit, none is moved. Then batch by batch, each in one transaction with
    its history and ledger entries; a run that was killed is simply started again.

    Raises:
        MigrationRefused: the hashes are no two versions of one process, or cases do not fit; `misfits` lists them.
    """
    old, new = _checked(plan)
    misfits, count = [], 0
    for batch in _batches(plan.old):
        count += len(batch)
        misfits += [misfit for held in batch if (misfit := _misfit(plan, new, held))]
    if misfits:
        raise MigrationRefused(f"有 {len(misfits)} 件在办工单转不过去", misfits)
    if dry_run:
        return count
    return _move_all(plan, old, new, actor_ref, now)


def _checked(plan: MigrationPlan) -> tuple[Process, Process]:
    try:
        old, new = get_definition(plan.old), get_definition(plan.new)
    except DefinitionUnknown as error:
        raise MigrationRefused(str(error).rstrip("。")) from error
    if {old.kind, new.kind} != {PROCESS_KIND} or old.code != new.code or plan.old == plan.new:
        raise MigrationRefused("这两个哈希不是同一流程的两个版本")
    process = process_of(plan.new)
    if wrong := sorted(set(plan.states.values()) - {code for code, state in process.states.items() if not state.final}):
        raise MigrationRefused(f"对照表里的 {'、'.join(wrong)} 不是新流程中的在办状态")
    return process_of(plan.old), process


def _misfit(plan: MigrationPlan, new: Process, held: _Held) -> Misfit | None:
    case, clocks = held
    state = new.states.get(plan.state_of(case))
    if state is None:
        return Misfit(case.number, case.state, "新流程没有这个状态，请在对照表里写明转到哪个状态")
    if state.final:
        return Misfit(case.number, case.state, "这个状态在新流程中是终结状态，请在对照表里写明转到哪个状态")
    if lost := sorted({clock.code for clock in clocks} - set(new.clocks)):
        return Misfit(case.number, case.state, f"新流程没有时限 {'、'.join(lost)}")
    return None


def _move_all(plan: MigrationPlan, old: Process, new: Process, actor_ref: str, now: datetime) -> int:
    moved, after = 0, UUID(int=0)
    while True:
        with transaction.atomic():
            batch = _read(plan.old, after, lock=True)
            if not batch:
                return moved
            fitting = [held for held in batch if _misfit(plan, new, held) is None]  # one may have moved on meanwhile
            _move(plan, (old, new), fitting, actor_ref, now)
            data = {"from": plan.old, "to": plan.new, "cases": len(fitting)}
            record(Entry(uuid7(now), now, actor_ref, "cases.migrated", f"process:{new.code}", data=data))
        moved, after = moved + len(fitting), batch[-1][0].id


def _move(
    plan: MigrationPlan, processes: tuple[Process, Process], batch: Sequence[_Held], actor_ref: str, now: datetime
) -> None:
    rows: list[dict[str, Any]] = []
    clock_rows: list[dict[str, Any]] = []
    for case, clocks in batch:
        after = [_moved_clock(clock, *processes) for clock in clocks]
        clock_rows += [clock_row(case.id, clock) for clock in after]
        due = nearest_due(processes[1], after)
        state = plan.state_of(case)
        rows.append({"id": case.id, "definition": plan.new, "state": state, "version": case.version + 1, "due_at": due})
    if not rows:
        return
    records = [_record(plan, case, actor_ref, now) for case, _ in batch]
    parts = [Part("moved", _UPDATE, (to_json(rows),)), *clock_parts(clock_rows), *record_parts(records)]
    with connection.cursor() as cursor:
        cursor.execute(*compose(parts, Part("", "SELECT true")))


def _moved_clock(clock: Clock, old: Process, new: Process) -> Clock:
    """The same budget and due time; stages that have fired do not fire again."""
    stages = new.clocks[clock.code].stages
    fired = old.clocks[clock.code].stages[: clock.stage]
    stage = sum(1 for share in stages if fired and share <= fired[-1])
    return schedule(replace(clock, stage=stage), stages, calendars())


def _record(plan: MigrationPlan, case: CaseRow, actor_ref: str, now: datetime) -> Record:
    return Record(
        case_id=case.id,
        number=case.number,
        process=case.process,
        version=case.version + 1,
        kind="system",
        action="migrated",
        label="流程更新，按新流程继续办理",
        actor=actor_ref,
        at=now,
        from_state=case.state,
        to_state=plan.state_of(case),
        from_unit=case.unit,
        to_unit=case.unit,
        input={"from": plan.old, "to": plan.new},
        data={"definition": plan.new, "title": case.title},
    )


def _batches(definition: str) -> Iterator[list[_Held]]:
    after = UUID(int=0)
    while batch := _read(definition, after, lock=False):
        yield batch
        after = batch[-1][0].id


def _read(definition: str, after: UUID, *, lock: bool) -> list[_Held]:
    with connection.cursor() as cursor:
        cursor.execute(_RUNNING + (" FOR UPDATE" if lock else ""), (definition, after, _BATCH))
        cases = [case_row(row) for row in cursor.fetchall()]
        cursor.execute(_CLOCKS, ([case.id for case in cases],))
        clocks: dict[UUID, list[Clock]] = {}
        for row in cursor.fetchall():
            clocks.setdefault(row[0], []).append(clock_from(row[1:]))
    return [(case, clocks.get(case.id, [])) for case in cases]
