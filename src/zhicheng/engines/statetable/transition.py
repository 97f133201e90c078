"""The pure step: (process, case, request, now) → change, or a refusal with its sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from zhicheng.engines.statetable.checking import is_source
from zhicheng.engines.statetable.clocks import (
    Calendars,
    Clock,
    end_clock,
    end_of,
    extend_clock,
    pause_clock,
    resume_clock,
    schedule,
    start_clock,
)
from zhicheng.engines.statetable.definition import Action, ClockSpec, ClockStep, Condition, Process, Spawn
from zhicheng.engines.statetable.inputs import check_input
from zhicheng.kit.clock import CHINA
from zhicheng.kit.errors import ErrorKind, ZhichengError


class ActionRefused(ZhichengError):
    """The process does not allow this action now; `why` is the sentence for the person."""

    code = "cases.action_refused"
    kind = ErrorKind.CONFLICT
    message = "{why}"


class ActionForbidden(ZhichengError):
    """The actor has none of the capacities that the action asks for."""

    code = "cases.action_forbidden"
    kind = ErrorKind.FORBIDDEN
    message = "您没有办理「{action}」的权限。"


class ActionUnknown(ZhichengError):
    """The process has no such action."""

    code = "cases.action_unknown"
    kind = ErrorKind.NOT_FOUND
    message = "这类工单没有「{action}」这个操作。"


@dataclass(frozen=True)
class CaseState:
    """What the engine must know of a case."""

    state: str
    unit: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    clocks: Sequence[Clock] = ()
    title: str = ""
    assignee: str | None = None


@dataclass(frozen=True)
class Request:
    """An action asked for. `capacities` are what the actor is to this case: permissions that reach it, or `requester`.

    `context` holds values that the caller looked up for expressions, such as the unit above.
    """

    action: str
    capacities: frozenset[str]
    input: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Child:
    """A child case to open."""

    process: str
    unit: str
    title: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What a step does: the case after it, which clocks changed, children to open, whom to tell."""

    action: str
    case: CaseState
    from_state: str
    from_unit: str
    clocks: Sequence[Clock] = ()
    children: Sequence[Child] = ()
    notify: Mapping[str, str] = field(default_factory=dict)
    final: bool = False
    public: bool = False
    input: Mapping[str, Any] = field(default_factory=dict)


def open_case(process: Process, case: CaseState, now: datetime, calendars: Calendars) -> Change:
    """The first step of a case: its state is `case.state` or the process's initial one, its opening clocks start.

    Raises:
        ValueError: the state is unknown or a clock's limit cannot be read.
    """
    state = case.state or process.initial
    if state not in process.states:
        raise ValueError(f"流程 {process.code} 没有状态 {state}")
    scope = _Scope(case.facts, {}, {}, case)
    clocks = _run_steps(_Run(process, scope, now, calendars), (), process.opening)
    opened = replace(case, state=state, clocks=clocks)
    return Change("open", opened, "", "", clocks, public=True)


def apply(process: Process, case: CaseState, request: Request, now: datetime, calendars: Calendars) -> Change:
    """Carry out one action.

    Raises:
        ActionUnknown: the process has no such action.
        ActionForbidden: the actor may not do it.
        ActionRefused: wrong state or a guard says no.
        FieldErrors: the input is wrong; each field has its sentence.
    """
    action = permitted_action(process, case, request)
    cleaned = check_input(action.fields, request.input, today=now.astimezone(CHINA).date())
    scope = _Scope(case.facts, cleaned, request.context, case)
    refusal = _first_failure(action.guards, scope)
    if refusal is not None:
        raise ActionRefused(why=refusal.otherwise or "当前情况下不能这样操作。")
    facts = {**case.facts, **{name: scope.value(value) for name, value in action.sets.items()}}
    after = replace(scope, facts=facts)
    target = next(branch.state for branch in action.targets if _first_failure(branch.when, after) is None)
    state = case.state if target == "same" else target
    clocks = _run_steps(_Run(process, after, now, calendars), case.clocks, action.clocks)
    if process.states[state].final:
        clocks = tuple(end_clock(clock, now, "cancelled") for clock in clocks)
    changed = tuple(clock for clock in clocks if clock not in case.clocks)
    unit = case.unit if action.assign is None else _unit(after.value(action.assign))
    assignee = (
        (None if unit != case.unit else case.assignee) if action.assignee is None else after.value(action.assignee)
    )
    return Change(
        action=action.code,
        case=replace(case, state=state, unit=unit, facts=facts, clocks=clocks, assignee=assignee),
        from_state=case.state,
        from_unit=case.unit,
        clocks=changed,
        children=tuple(_child(spawn, after) for spawn in action.opens),
        notify=action.notify,
        final=process.states[state].final,
        public=action.public,
        input=cleaned,
    )


def available_actions(
    process: Process, case: CaseState, capacities: frozenset[str], context: Mapping[str, Any]
) -> list[Action]:
    """The actions that the actor may ask for now, guards included, in the order of the table."""
    scope = _Scope(case.facts, {}, context, case)
    return [
        action
        for action in process.actions.values()
        if is_source(process, action, case.state)
        and action.who & capacities
        and _first_failure([guard for guard in action.guards if not guard.fact.startswith("$input.")], scope) is None
    ]


@dataclass(frozen=True)
class _Scope:
    """Where expressions find their values."""

    facts: Mapping[str, Any]
    input: Mapping[str, Any]
    context: Mapping[str, Any]
    case: CaseState

    def value(self, expression: Any) -> Any:
        if not isinstance(expression, str) or not expression.startswith("$"):
            return expression
        source, _, name = expression[1:].partition(".")
        if source == "facts":
            return self.facts.get(name)
        if source == "input":
            return self.input.get(name)
        if source == "context":
            return self.context.get(name)
        if source == "case":
            return {"unit": self.case.unit, "state": self.case.state, "title": self.case.title}.get(name)
        raise ValueError(f"表达式 {expression} 只能以 $facts、$input、$context、$case 开头")

    def fact(self, name: str) -> Any:
        return self.value(name) if name.startswith("$") else self.facts.get(name, self.context.get(name))


def permitted_action(process: Process, case: CaseState, request: Request) -> Action:
    """The action asked for, when this actor may do it in this state; guards and input are not looked at.

    Raises:
        ActionUnknown: the process has no such action.
        ActionForbidden: the actor may not do it.
        ActionRefused: it does not start from this state.
    """
    action = process.actions.get(request.action)
    if action is None:
        raise ActionUnknown(action=request.action)
    if not action.who & request.capacities:
        raise ActionForbidden(action=action.label)
    if not is_source(process, action, case.state):
        label = process.states[case.state].label
        raise ActionRefused(why=f"工单现在是「{label}」，不能「{action.label}」。请刷新页面查看最新进展。")
    return action


def _first_failure(conditions: Sequence[Condition], scope: _Scope) -> Condition | None:
    return next((condition for condition in conditions if not _holds(condition, scope)), None)


def _holds(condition: Condition, scope: _Scope) -> bool:
    found, wanted = scope.fact(condition.fact), scope.value(condition.value)
    if condition.operator == "is":
        return bool(found == wanted)
    if condition.operator == "is_not":
        return bool(found != wanted)
    if found is None or wanted is None:
        return False
    if condition.operator == "in":
        return found in wanted
    return bool(found >= wanted) if condition.operator == "at_least" else bool(found <= wanted)


def _run_steps(run: "_Run", clocks: Sequence[Clock], steps: Sequence[ClockStep]) -> tuple[Clock, ...]:
    current = list(clocks)
    for step in steps:
        if _first_failure(step.when, run.scope) is None:
            current = _run_step(run, current, step)
    return tuple(current)


def _run_step(run: "_Run", clocks: list[Clock], step: ClockStep) -> list[Clock]:
    if step.verb != "start":
        return [
            _step_clock(run, clock, step) if step.clock in {"*", clock.code} and clock.is_open else clock
            for clock in clocks
        ]
    spec = run.process.clocks[step.clock]
    rounds = [clock.round for clock in clocks if clock.code == step.clock]
    kept = [end_clock(clock, run.now, "cancelled") if clock.code == step.clock else clock for clock in clocks]
    limit, number = _limit(run, spec), max(rounds, default=0) + 1
    earlier = [clock.started_at for clock in clocks if clock.code == step.clock]
    begun = min(earlier, default=run.now) if step.since == "opened" else run.now
    fresh = start_clock(step.clock, limit, begun, run.calendars, round_number=number)
    return [*kept, schedule(fresh, spec.stages, run.calendars)]


def _limit(run: "_Run", spec: ClockSpec) -> Mapping[str, Any]:
    """A clock's limit with its expressions filled in.

    Raises:
        ActionRefused: it lasts until a day that has come already, or that nobody named.
    """
    limit: Mapping[str, Any] = run.scope.value(spec.limit)
    if "until" not in limit:
        return limit
    until = run.scope.value(limit["until"])
    filled = {**limit, "until": until}
    if not until or end_of(filled) <= run.now:
        raise ActionRefused(why=f"「{spec.label}」的截止日期没有写明或者已经到了，请重新提出申请。")
    return filled


def _step_clock(run: "_Run", clock: Clock, step: ClockStep) -> Clock:
    stages = run.process.clocks[clock.code].stages
    if step.verb == "meet":
        return end_clock(clock, run.now, "met")
    if step.verb == "cancel":
        return end_clock(clock, run.now, "cancelled")
    if step.verb == "pause":
        reason = run.scope.facts.get("pause_reason") or run.scope.input.get("reason") or ""
        return pause_clock(clock, run.now, str(reason), run.calendars)
    if step.verb == "resume":
        return schedule(resume_clock(clock, run.now, run.calendars), stages, run.calendars)
    longer = extend_clock(clock, int(run.scope.value(step.days)), run.now, run.calendars, stages)
    return schedule(longer, stages, run.calendars)


@dataclass(frozen=True)
class _Run:
    """What every clock step of one action shares."""

    process: Process
    scope: _Scope
    now: datetime
    calendars: Calendars


def _child(spawn: Spawn, scope: _Scope) -> Child:
    facts = {name: scope.value(value) for name, value in spawn.facts.items()}
    return Child(spawn.process, _unit(scope.value(spawn.unit)), str(scope.value(spawn.title)), facts)


def _unit(value: Any) -> str:
    if not value:
        raise ActionRefused(why="没有找到接收的单位，请指定承办单位。")
    return str(value)
