"""Finding what is wrong with a process before any case runs on it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from zhicheng.engines.statetable.definition import Action, ClockStep, Process

CAPACITIES = frozenset({"requester", "creator", "parent_handler", "system"})


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
        *_check_queues(process),
    ]


def reachable_states(process: Process) -> set[str]:
    """States that some sequence of actions leads to."""
    found, todo = set[str](), [process.initial]
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
    if not any(state.final for state in process.states.values()):
        yield Problem("states", "no_final_state", "没有终结状态,工单永远不能办结", "给一个状态加上 final: true")
    reached = reachable_states(process)
    for code in process.states:
        if code not in reached:
            yield Problem(
                f"states.{code}",
                "unreachable_state",
                f"没有动作能到达状态 {code}",
                "补一个通向它的动作,或删掉它",
            )
    for code in sorted(reached):
        state = process.states[code]
        leaving = [a for a in process.actions.values() if is_source(process, a, code) and _leaves(a)]
        if not state.final and not leaving:
            yield Problem(
                f"states.{code}",
                "dead_end",
                f"状态 {code} 没有出口,工单会停在这里",
                "补一个离开它的动作,或设为终结状态",
            )


def _leaves(action: Action) -> bool:
    return any(branch.state != "same" for branch in action.targets)


def _check_actions(process: Process, permissions: Collection[str], processes: Collection[str]) -> Iterator[Problem]:
    for action in process.actions.values():
        path = f"actions.{action.code}"
        yield from _check_ends(process, action, path)
        unknown = action.who - CAPACITIES - set(permissions) if permissions else frozenset()
        for who in sorted(unknown):
            message = f"动作 {action.code} 的执行人 {who} 不是已知权限"
            yield Problem(f"{path}.who", "unknown_permission", message, "用角色表里的权限,或 requester、system")
        yield from _check_steps(process, action.clocks, path)
        for spawn in action.opens:
            if processes and spawn.process not in processes:
                message = f"子工单流程 {spawn.process} 不存在"
                yield Problem(f"{path}.opens", "unknown_process", message, "先定义这个流程")


def _check_ends(process: Process, action: Action, path: str) -> Iterator[Problem]:
    for state in sorted(action.sources - {"*"} - set(process.states)):
        message = f"动作 {action.code} 的起点 {state} 不存在"
        yield Problem(f"{path}.from", "unknown_state", message, "改成 states 里的代码")
    for branch in action.targets:
        if branch.state not in process.states and branch.state != "same":
            message = f"动作 {action.code} 的终点 {branch.state} 不存在"
            yield Problem(f"{path}.to", "unknown_state", message, "改成 states 里的代码")
    if action.targets[-1].when:
        message = f"动作 {action.code} 的最后一个分支带条件"
        yield Problem(f"{path}.to", "no_default_branch", message, "最后一个分支不写 when")


def _check_steps(process: Process, steps: Sequence[ClockStep], path: str) -> Iterator[Problem]:
    for step in steps:
        if step.clock not in process.clocks and not (
            step.clock == "*" and step.verb in {"meet", "cancel", "pause", "resume"}
        ):
            yield Problem(f"{path}.clocks", "unknown_clock", f"时钟 {step.clock} 不存在", "改成 clocks 里的代码")


def _check_clocks(process: Process) -> Iterator[Problem]:
    yield from _check_steps(process, process.opening, "opening")
    for clock in process.clocks.values():
        path = f"clocks.{clock.code}"
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


def _check_queues(process: Process) -> Iterator[Problem]:
    for queue in process.queues:
        if missing := sorted(queue.states - set(process.states)):
            yield Problem(
                "queues",
                "unknown_state",
                f"队列 {queue.code} 里的状态 {'、'.join(missing)} 不存在",
                "改成 states 里的代码",
            )
