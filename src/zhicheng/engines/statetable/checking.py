"""Finding what is wrong with a process before any case runs on it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhicheng.engines.statetable.clocks import check_limit
from zhicheng.engines.statetable.definition import FIELD_TYPES, Action, ClockStep, Field, Process

CAPACITIES = frozenset({"requester", "creator", "parent_handler", "child_handler", "system"})
SOURCES = frozenset({"facts", "input", "context", "case"})
CASE_VALUES = frozenset({"unit", "state", "title"})


@dataclass(frozen=True)
class Problem:
    """One fault: the key path inside the definition, a sentence, and what to do."""

    path: str
    code: str
    message: str
    hint: str


def check_process(
    process: Process, *, permissions: Collection[str] = (), processes: Collection[str] = ()
) -> list[Problem]:
    """All problems of a process; an empty `permissions` or `processes` leaves those names unchecked."""
    return [
        *_check_states(process),
        *_check_actions(process, permissions, processes),
        *_check_clocks(process),
        *_check_queues(process, permissions),
    ]


def reachable_states(process: Process) -> set[str]:
    """States that some sequence of actions leads to."""
    found, todo = set[str](), [process.initial, *process.may_begin]
    while todo:
        state = todo.pop()
        if state in found or state not in process.states:
            continue
        found.add(state)
        for action in process.actions.values():
            if is_source(process, action, state):
                todo.extend(branch.state for branch in action.targets if branch.state != "same")
    return found


def is_source(process: Process, action: Action, state: str) -> bool:
    """Whether an action starts from a state; `*` stands for every state that is not final."""
    return state in action.sources or ("*" in action.sources and not process.states[state].final)


def _check_states(process: Process) -> Iterator[Problem]:
    if process.initial not in process.states:
        yield Problem("initial", "unknown_state", f"起始状态 {process.initial} 不存在", "改成 states 里的一个代码")
        return
    for code in sorted(process.may_begin - set(process.states)):
        yield Problem("may_begin", "unknown_state", f"起始状态 {code} 不存在", "改成 states 里的一个代码")
    if not any(state.final for state in process.states.values()):
        yield Problem("states", "no_final_state", "没有终结状态，工单永远不能办结", "给一个状态加上 final: true")
    reached = reachable_states(process)
    for code in process.states:
        if code not in reached:
            yield Problem(
                f"states.{code}",
                "unreachable_state",
                f"没有动作能到达状态 {code}",
                "补一个通向它的动作，或删掉它",
            )
    for code in sorted(reached):
        state = process.states[code]
        leaving = [a for a in process.actions.values() if is_source(process, a, code) and _leaves(a)]
        if not state.final and not leaving:
            yield Problem(
                f"states.{code}",
                "dead_end",
                f"状态 {code} 没有出口，工单会停在这里",
                "补一个离开它的动作，或设为终结状态",
            )


def _leaves(action: Action) -> bool:
    return any(branch.state != "same" for branch in action.targets)


def _check_actions(process: Process, permissions: Collection[str], processes: Collection[str]) -> Iterator[Problem]:
    for action in process.actions.values():
        path = f"actions.{action.code}"
        yield from _check_ends(process, action, path)
        yield from _check_fields(action, path)
        yield from _check_expressions(action, path)
        if not action.who:
            yield Problem(f"{path}.who", "nobody", f"动作 {action.code} 没有人能做", "who 里至少写一个权限或身份")
        unknown = action.who - CAPACITIES - set(permissions) if permissions else frozenset()
        for who in sorted(unknown):
            message = f"动作 {action.code} 的执行人 {who} 不是已知权限"
            yield Problem(f"{path}.who", "unknown_permission", message, "用角色表里的权限，或 requester、system")
        yield from _check_steps(process, action.clocks, path)
        for spawn in action.opens:
            if processes and spawn.process not in processes:
                message = f"子工单流程 {spawn.process} 不存在"
                yield Problem(f"{path}.opens", "unknown_process", message, "先定义这个流程")


def _check_ends(process: Process, action: Action, path: str) -> Iterator[Problem]:
    for state in sorted(action.sources - {"*"} - set(process.states)):
        message = f"动作 {action.code} 的起点 {state} 不存在"
        yield Problem(f"{path}.from", "unknown_state", message, "改成 states 里的代码")
    for state in sorted(action.sources & {code for code, known in process.states.items() if known.final}):
        message = f"动作 {action.code} 的起点 {state} 是终结状态"
        yield Problem(f"{path}.from", "leaves_final", message, "终结的工单不能再办；改掉起点，或去掉 final")
    for branch in action.targets:
        if branch.state not in process.states and branch.state != "same":
            message = f"动作 {action.code} 的终点 {branch.state} 不存在"
            yield Problem(f"{path}.to", "unknown_state", message, "改成 states 里的代码")
    if action.targets[-1].when:
        message = f"动作 {action.code} 的最后一个分支带条件"
        yield Problem(f"{path}.to", "no_default_branch", message, "最后一个分支不写 when")


def _check_fields(action: Action, path: str) -> Iterator[Problem]:
    codes = [field.code for field in action.fields]
    for index, field in enumerate(action.fields):
        place = f"{path}.fields.{index}"
        if codes.index(field.code) != index:
            yield Problem(place, "duplicate_field", f"动作 {action.code} 的字段 {field.code} 写了两次", "换一个代码")
        if field.type not in FIELD_TYPES:
            message = f"字段 {field.code} 的类型 {field.type} 不认识"
            yield Problem(place, "unknown_field_type", message, f"可用的类型：{'、'.join(sorted(FIELD_TYPES))}")
        if field.type == "choice" and not field.choices:
            yield Problem(place, "no_choices", f"字段 {field.code} 没有选项", "写上 choices: {代码: 文字}")
        if _is_impossible(field):
            yield Problem(place, "impossible_limits", f"字段 {field.code} 的下限大于上限", "改正下限或上限")


def _is_impossible(field: Field) -> bool:
    bounds = field.minimum is not None and field.maximum is not None and field.minimum > field.maximum
    return bounds or field.min_length > field.max_length


def _check_expressions(action: Action, path: str) -> Iterator[Problem]:
    inputs = {field.code for field in action.fields}
    for expression in _expressions(action):
        source, _, name = expression[1:].partition(".")
        if source not in SOURCES or not name or (source == "case" and name not in CASE_VALUES):
            message = f"动作 {action.code} 的表达式 {expression} 读不懂"
            yield Problem(path, "bad_expression", message, "以 $facts.、$input.、$context. 或 $case. 开头，写明名字")
        elif source == "input" and name not in inputs:
            message = f"动作 {action.code} 用到了没有声明的字段 {expression}"
            yield Problem(path, "unknown_input", message, "在 fields 里加上它，或改正名字")


def _expressions(action: Action) -> Iterator[str]:
    """Every expression of an action, wherever it stands."""
    values: list[Any] = [action.assign, action.assignee, *action.sets.values()]
    tests = [*action.guards, *(test for branch in action.targets for test in branch.when)]
    for step in action.clocks:
        values.append(step.days)
        tests.extend(step.when)
    for spawn in action.opens:
        values += [spawn.unit, spawn.title, *spawn.facts.values()]
    for test in tests:
        values += [test.fact, test.value]
    yield from (value for value in values if isinstance(value, str) and value.startswith("$"))


def _check_steps(process: Process, steps: Sequence[ClockStep], path: str) -> Iterator[Problem]:
    for step in steps:
        if step.clock not in process.clocks and not (
            step.clock == "*" and step.verb in {"meet", "cancel", "pause", "resume"}
        ):
            yield Problem(f"{path}.clocks", "unknown_clock", f"时钟 {step.clock} 不存在", "改成 clocks 里的代码")
        if step.verb == "extend" and step.days is None:
            yield Problem(f"{path}.clocks", "no_days", f"延长时钟 {step.clock} 没有写天数", "加上 days")


def _check_clocks(process: Process) -> Iterator[Problem]:
    yield from _check_steps(process, process.opening, "opening")
    for clock in process.clocks.values():
        path = f"clocks.{clock.code}"
        yield from _check_limit(clock.code, clock.limit, path)
        if list(clock.stages) != sorted(set(clock.stages)) or any(stage <= 0 for stage in clock.stages):
            yield Problem(
                f"{path}.stages",
                "bad_stages",
                f"时钟 {clock.code} 的提醒比例要从小到大且大于 0",
                "例如 [0.7, 0.9, 1.0]",
            )
        elif 1.0 not in clock.stages:
            yield Problem(
                f"{path}.stages",
                "no_overdue_stage",
                f"时钟 {clock.code} 没有到期的一档",
                "在 stages 里加上 1.0",
            )
        action = process.actions.get(clock.then)
        if clock.then and (action is None or "system" not in action.who):
            yield Problem(
                f"{path}.then",
                "unknown_action",
                f"到期动作 {clock.then} 不存在或系统不能执行",
                "who 里加上 system",
            )


def _check_limit(code: str, limit: Any, path: str) -> Iterator[Problem]:
    """A limit is an expression that cases fill, or a mapping that a clock can start with."""
    until = limit.get("until") if isinstance(limit, Mapping) else None
    if any(isinstance(each, str) and each.startswith(("$facts.", "$context.")) for each in (limit, until)):
        return
    try:
        check_limit(limit if isinstance(limit, Mapping) else {})
    except ValueError as error:
        yield Problem(f"{path}.limit", "bad_limit", f"时钟 {code}:{error}", "例如 {working_days: 5, source: 依据}")


def _check_queues(process: Process, permissions: Collection[str]) -> Iterator[Problem]:
    for queue in process.queues:
        if permissions and queue.permission not in permissions:
            message = f"队列 {queue.code} 的权限 {queue.permission} 不存在"
            yield Problem("queues", "unknown_permission", message, "用角色表里的权限")
        if missing := sorted(queue.states - set(process.states)):
            yield Problem(
                "queues",
                "unknown_state",
                f"队列 {queue.code} 里的状态 {'、'.join(missing)} 不存在",
                "改成 states 里的代码",
            )
