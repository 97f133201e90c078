"""Acting on a case: lock and read (one round trip), decide purely, write and commit (one round trip)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.cases.errors import CaseChanged, CaseNotFound
from zhicheng.core.cases.gate.definitions import calendars, process_of
from zhicheng.core.cases.gate.drafts import UPLOAD_GONE, usable_drafts
from zhicheng.core.cases.gate.loading import LockedCase, lock_case
from zhicheng.core.cases.gate.opening import NewCase, extra_gate, new_case, opening_parts
from zhicheng.core.cases.gate.storing import (
    Record,
    case_update_part,
    clock_parts,
    clock_row,
    nearest_due,
    record_parts,
)
from zhicheng.core.cases.gate.transaction import Work, work
from zhicheng.core.cases.policy import Concern, capacities
from zhicheng.core.cases.registry import process_hooks
from zhicheng.core.cases.values import ActCommand, ActResult, CaseDraft, CaseRow, Preparation
from zhicheng.core.ledger.public import fresh_key_part, recall
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor, UnitTree, system_actor
from zhicheng.core.places.public import division_path
from zhicheng.core.places.values import Location, Point
from zhicheng.engines.statetable.clocks import Clock
from zhicheng.engines.statetable.definition import Action
from zhicheng.engines.statetable.transition import ActionRefused, CaseState, Change, Request, apply, permitted_action
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.kit.sqltext import Part, compose

_NO_HOOKS = Preparation()


@dataclass(frozen=True)
class Decision:
    """A change decided for a locked case, with what storing it needs."""

    locked: LockedCase
    change: Change
    preparation: Preparation
    children: tuple[NewCase, ...]


@dataclass(frozen=True)
class Fired:
    """Stages that fired just before an action: stored with it, unless the action changed the clock once more."""

    clocks: Sequence[Clock] = ()
    records: Sequence[Record] = ()


_NONE_FIRED = Fired()


def act(command: ActCommand, actor: Actor, now: datetime) -> ActResult:
    """Carry out an action, once per key.

    Raises:
        CaseNotFound: no such case, or it does not concern the actor.
        CaseChanged: the actor saw an older version.
        ActionForbidden, ActionRefused, ActionUnknown, FieldErrors: the process says no.
        IdempotencyKeyReused: the key came before with another body.
    """
    try:
        with work() as current:
            return _act(current, command, actor, now)
    except ZhichengError:
        if command.key is None:
            raise
        stored = _earlier(command.key, now)
        if stored is None:
            raise
        return stored


def act_by_system(case_id: UUID, action: str, now: datetime, *, name: str) -> ActResult:
    """Carry out an automatic step."""
    return act(ActCommand(case_id, action), system_actor(name), now)


def _act(current: Work, command: ActCommand, actor: Actor, now: datetime) -> ActResult:
    locked = lock_case(current, command.case_id)
    row = locked.row
    held = _capacities(locked, actor) | command.proofs
    if not held:
        raise CaseNotFound()
    if command.expected_version and command.expected_version != row.version:
        raise CaseChanged(number=row.number)
    decision = decide(locked, command, actor, held, now)
    _lock_files(current, decision, actor, now)
    result = ActResult(row.id, row.number, row.version + 1, decision.change.case.state, decision.change.case.unit)
    key, gate = command.key, extra_gate(command.key)
    first = [fresh_key_part(gate, key, _result(result), now)] if key else []
    parts = [*first, *act_parts(decision, actor, now, gate=gate)]
    sql, params = compose(parts, Part("", f"SELECT EXISTS (SELECT 1 FROM {gate})" if key else "SELECT true"))
    stored = current.write(sql, params)
    if key is not None and not stored[0][0]:
        raise CaseChanged(number=row.number)  # the same request came before: `act` answers with what it gave
    return result


def decide(locked: LockedCase, command: ActCommand, actor: Actor, held: frozenset[str], now: datetime) -> Decision:
    """What an action does to a locked case.

    Raises:
        ActionForbidden, ActionRefused, ActionUnknown, FieldErrors: the process says no.
    """
    row = locked.row
    process = process_of(row.definition)
    state = CaseState(
        state=row.state,
        unit=row.unit,
        facts=row.facts,
        clocks=locked.clocks,
        title=row.title,
        assignee=str(row.assignee) if row.assignee else None,
    )
    permitted_action(process, state, Request(command.action, held))  # nothing is looked up for whoever may not act
    preparation = _prepare(row, command, actor, now)
    state = replace(state, facts={**row.facts, **preparation.facts})
    context = {**act_context(row, actor), "open_children": locked.open_children, **preparation.context}
    change = apply(process, state, Request(command.action, held, command.input, context), now, calendars())
    _check_units(process.actions[change.action], change)
    children = tuple(new_case(_child_draft(row, child), actor, now) for child in change.children)
    return Decision(locked, change, preparation, children)


def _check_units(action: Action, change: Change) -> None:
    """A unit that a person named, or that an expression found, exists and has not ended."""
    tree = get_unit_tree()
    named = [field for field in action.fields if field.type == "unit" and field.code in change.input]
    if wrong := [field for field in named if not _is_living(tree, change.input[field.code])]:
        raise FieldErrors({field.code: [f"没有这个{field.label}，请从列表里选择"] for field in wrong})
    moved = {change.case.unit} if change.case.unit != change.from_unit else set()
    if ({*moved, *(child.unit for child in change.children)}) - set(tree.all()):
        raise ActionRefused(why="没有找到接收的单位，请指定承办单位。")


def _is_living(tree: UnitTree, code: str) -> bool:
    return code in tree and tree.get(code).ended_date is None


def act_context(row: CaseRow, actor: Actor) -> dict[str, Any]:
    """Values that every process may use in expressions: the units around the case, who acts."""
    tree = get_unit_tree()
    above = tree.get(row.unit).parent if row.unit in tree else None
    return {"unit_above": above or row.unit, "actor": actor.ref}


def concern_of(locked: LockedCase) -> Concern:
    """Whom a locked case concerns."""
    units = frozenset(unit for unit, _, released in locked.children if not released)
    return Concern(locked.row.unit, locked.row.requester, locked.row.creator, locked.parent_unit, units)


def _capacities(locked: LockedCase, actor: Actor) -> frozenset[str]:
    return capacities(actor, concern_of(locked), get_unit_tree())


def _prepare(row: CaseRow, command: ActCommand, actor: Actor, now: datetime) -> Preparation:
    if row.process not in process_hooks:
        return _NO_HOOKS
    return process_hooks[row.process].prepare(row, command.action, command.input, actor, now)


def _child_draft(parent: CaseRow, child: Any) -> CaseDraft:
    point = (
        Point(parent.longitude, parent.latitude)
        if parent.longitude is not None and parent.latitude is not None
        else None
    )
    place = Location(division_path(parent.division), parent.grid, point) if parent.division else None
    return CaseDraft(
        process=child.process,
        unit=child.unit,
        title=child.title,
        facts=child.facts,
        category=parent.category,
        urgent=parent.urgent,
        location=place,
        parent=parent.id,
    )


def act_parts(
    decision: Decision, actor: Actor, now: datetime, *, gate: str = "", fired: Fired = _NONE_FIRED
) -> list[Part]:
    """SQL parts that store a decision; with `gate`, only when that part returned a row."""
    records = [*fired.records, _record(decision, actor, now), *(child.record for child in decision.children)]
    changed = {(clock.code, clock.round): clock for clock in (*fired.clocks, *decision.change.clocks)}
    rows = [clock_row(decision.locked.row.id, clock) for clock in changed.values()]
    children = opening_parts(decision.children, gate=gate) if decision.children else []
    return [
        case_update_part([_case_changes(decision, now)], gate=gate),
        *clock_parts(rows, gate=gate),
        *children,
        *_attachments_part(decision, actor, gate),
        *(decision.preparation.parts(gate) if decision.preparation.parts else ()),
        *record_parts(records, gate=gate),
    ]


def _case_changes(decision: Decision, now: datetime) -> dict[str, Any]:
    row, change, preparation = decision.locked.row, decision.change, decision.preparation
    process = process_of(row.definition)
    return {
        "id": row.id,
        "state": change.case.state,
        "final": change.final,
        "version": row.version + 1,
        "unit_id": change.case.unit,
        "assignee_id": change.case.assignee,
        "category": preparation.category or row.category,
        "urgent": row.urgent if preparation.urgent is None else preparation.urgent,
        "facts": change.case.facts,
        "closed_at": now if change.final else None,
        "due_at": None if change.final else nearest_due(process, change.case.clocks),
    }


def _record(decision: Decision, actor: Actor, now: datetime) -> Record:
    row, change = decision.locked.row, decision.change
    process = process_of(row.definition)
    return Record(
        case_id=row.id,
        number=row.number,
        process=row.process,
        version=row.version + 1,
        kind="act",
        action=change.action,
        label=process.actions[change.action].label,
        actor=actor.ref,
        at=now,
        from_state=change.from_state,
        to_state=change.case.state,
        from_unit=change.from_unit,
        to_unit=change.case.unit,
        input=change.input,
        rule=decision.preparation.rule,
        public=change.public,
        data={
            "notify": dict(change.notify),
            "title": row.title,
            "reason": str(change.input.get("reason") or "")[:200],
            "requester": str(row.requester) if row.requester else "",
            "parent": str(row.parent) if row.parent else "",
            "definition": row.definition,
            "due_at": None if change.final else nearest_due(process, change.case.clocks),
            "category": decision.preparation.category or row.category,
            "urgent": row.urgent,
            "division": row.division,
            "point": [row.longitude, row.latitude] if row.longitude is not None else None,
            "final": change.final,
            "until": _until(change),
            "children": [child.row["unit_id"] for child in decision.children],
        },
    )


def _until(change: Change) -> datetime | None:
    """The day that an act has fixed: the end of a clock that it started to run until then."""
    return next((clock.due_at for clock in change.clocks if clock.state == "running" and "until" in clock.limit), None)


def _files(decision: Decision) -> dict[str, list[str]]:
    """Uploads that the input names, by field."""
    fields = process_of(decision.locked.row.definition).actions[decision.change.action].fields
    given = decision.change.input
    return {field.code: list(given.get(field.code, ())) for field in fields if field.type == "files"}


def _lock_files(current: Work, decision: Decision, actor: Actor, now: datetime) -> None:
    """Hold the uploads that the input names; an act whose evidence is gone is refused, not stored without it."""
    named = _files(decision)
    wanted = {file.lower() for files in named.values() for file in files}
    if not wanted:
        return
    [found] = current.read([usable_drafts(sorted(wanted), actor.ref, now)])
    good = {str(row[0]) for row in found}
    if missing := {code for code, files in named.items() if {file.lower() for file in files} - good}:
        raise FieldErrors({code: [UPLOAD_GONE] for code in sorted(missing)})


def _attachments_part(decision: Decision, actor: Actor, gate: str) -> list[Part]:
    """Bind uploaded drafts named in the input to the case; only the uploader's own drafts can be bound."""
    files = [file for named in _files(decision).values() for file in named]
    if not files:
        return []
    only = f"AND EXISTS (SELECT 1 FROM {gate}) " if gate else ""
    text = (
        "UPDATE cases_attachment SET case_id = %s, public = %s "
        f"WHERE id = ANY(%s::uuid[]) AND case_id IS NULL AND owner = %s {only}RETURNING id"
    )
    return [Part("attached", text, (decision.locked.row.id, decision.change.public, files, actor.ref))]


def _result(result: ActResult) -> dict[str, Any]:
    return {
        "id": str(result.case_id),
        "number": result.number,
        "version": result.version,
        "state": result.state,
        "unit": result.unit,
    }


def _earlier(key: IdempotencyKey, now: datetime) -> ActResult | None:
    stored: Mapping[str, Any] | None = recall(key, now=now)
    if stored is None:
        return None
    known = ActResult(UUID(stored["id"]), stored["number"], stored["version"], stored["state"], stored["unit"])
    return replace(known, replayed=True)
