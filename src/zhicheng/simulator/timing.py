"""How fast the steps of an appeal are: through the public door of cases, and in the pure engine alone."""

import time
from collections.abc import Iterator, Mapping, Sequence

from zhicheng.core.cases.public import Purpose, act, calendars, list_cases, processes
from zhicheng.core.cases.values import ActCommand, CaseFilter, CaseRow
from zhicheng.engines.statetable.transition import CaseState, Request, apply, open_case
from zhicheng.kit.clock import now
from zhicheng.simulator.behaviour import HANDLE
from zhicheng.simulator.day import Passers
from zhicheng.simulator.running import SIMULATOR

_TEXT = "工作人员已到现场处理完毕，并向诉求人说明了处理经过，请继续监督。"
_STEPS: Sequence[tuple[str, Mapping[str, str]]] = (
    ("accept", {}),
    ("contact", {"text": _TEXT}),
    ("reply", {"text": _TEXT, "outcome": "solved"}),
)
_ENGINE_S = 2.0
_LIMIT = {"working_days": 5, "source": "timing"}


def time_transitions(count: int) -> float:
    """Transitions a second in one process: accept, contact and reply on appeals that wait to be accepted."""
    people = Passers()
    rows = list(_waiting(count // len(_STEPS)))
    done, started_s = 0, time.perf_counter()
    for row in rows:
        actor = people.actor(HANDLE, row.unit)
        for action, given in _STEPS:
            act(ActCommand(row.id, action, given), actor, now())
            done += 1
    return done / (time.perf_counter() - started_s) if done else 0.0


def time_engine() -> float:
    """Decisions a second of the pure state table, clocks and working calendar included; nothing is stored."""
    process, known, at = processes()["appeal"], calendars(), now()
    start = CaseState("assigned", "U", {"urgent": False, "limit": _LIMIT}, title="timing")
    opened = open_case(process, start, at, known).case
    held, context = frozenset({HANDLE}), {"open_children": 0, "unit_above": "U", "actor": "timing"}
    done, started_s = 0, time.perf_counter()
    while time.perf_counter() - started_s < _ENGINE_S:
        state = opened
        for action, given in _STEPS:
            state = apply(process, state, Request(action, held, given, context), at, known).case
            done += 1
    return done / (time.perf_counter() - started_s)


def _waiting(count: int) -> Iterator[CaseRow]:
    wanted = CaseFilter(process="appeal", states=frozenset({"assigned"}), order="newest")
    after, left = "", count
    while left > 0:
        page = list_cases(SIMULATOR, wanted, purpose=Purpose.ANY, after=after, limit=min(left, 500))
        yield from page.rows
        left -= len(page.rows)
        after = page.after
        if not after:
            return
