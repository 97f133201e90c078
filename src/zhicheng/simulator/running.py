"""A stretch of the city's life: a queue of what people do, in simulated time, through the real operations."""

import heapq
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol
from uuid import UUID

import structlog

from zhicheng.apps.appeals.public import submit_appeal
from zhicheng.apps.appeals.values import AppealDraft
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import act, get_case
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.parties.values import Actor, system_actor
from zhicheng.engines.statetable.transition import ActionForbidden, ActionRefused, ActionUnknown
from zhicheng.kit.clock import CHINA
from zhicheng.simulator import words
from zhicheng.simulator.behaviour import HANDLE, REQUESTER, Plan, Standing, Step, next_step

SIMULATOR = system_actor("simulator")
_log = structlog.get_logger(__name__)


@dataclass
class Running:
    """One appeal on its way."""

    plan: Plan
    case_id: UUID
    unit: str
    state: str
    chance: random.Random
    done: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrival:
    """Somebody appeals. `asides` happen besides the plan: a supplement, a withdrawal."""

    at: datetime
    draft: AppealDraft
    actor: Actor
    plan: Plan
    chance: random.Random
    asides: tuple[Step, ...] = ()


class Acting(Protocol):
    """Who takes a step: the actor for a permission at a unit."""

    def actor(self, permission: str, unit: str) -> Actor:
        """One of them."""
        ...


class Story:
    """What people do, in order of time; nothing happens after `until`. Firing clocks is the caller's."""

    def __init__(self, cast: Acting, until: datetime) -> None:
        self._cast, self._until = cast, until
        self._heap: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._order = 0
        self.appeals = 0
        self.acts = 0

    @property
    def next_at(self) -> datetime | None:
        """When the next thing happens; None when the story has ended."""
        return self._heap[0][0] if self._heap else None

    def add(self, arrival: Arrival) -> None:
        """Have somebody appeal."""
        self._later(arrival.at, self._arriving(arrival))

    def happen_until(self, at: datetime) -> None:
        """Let everything happen that is due, `at` included."""
        while self._heap and self._heap[0][0] <= at:
            due, _, happen = heapq.heappop(self._heap)
            happen(due)

    def _later(self, at: datetime, happen: Callable[[datetime], None]) -> None:
        if at <= self._until:
            self._order += 1
            heapq.heappush(self._heap, (at, self._order, happen))

    def _arriving(self, arrival: Arrival) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            sent = submit_appeal(arrival.draft, actor=arrival.actor, now=at)
            self.appeals += 1
            running = Running(arrival.plan, sent.case_id, sent.unit, sent.state, arrival.chance)
            self._go_on(running, at)
            for aside in arrival.asides:
                self._later(at + aside.after, partial(self._take_aside, running, aside))

        return happen

    def _go_on(self, running: Running, at: datetime) -> None:
        step = next_step(running.plan, Standing(running.state, running.unit, running.done), running.chance)
        if step is not None:
            self._later(at + step.after, self._acting(running, step))

    def _acting(self, running: Running, step: Step) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            if self._take(running, step, at):
                self._children_too(running, step, at)
                self._go_on(running, at)
            else:
                self._do_without(running, step, at)

        return happen

    def _do_without(self, running: Running, step: Step, at: datetime) -> None:
        """Go on as if the step had been taken, unless it is the only one there is."""
        running.done = (*running.done, step.action)
        following = next_step(running.plan, Standing(running.state, running.unit, running.done), running.chance)
        if following is not None and following.action != step.action:
            self._later(at + following.after, self._acting(running, following))

    def _take(self, running: Running, step: Step, at: datetime) -> bool:
        """Act; what a clock or a person did meanwhile may make the step impossible, then it is left out."""
        proofs = frozenset({REQUESTER}) if step.permission == REQUESTER else frozenset[str]()
        command = ActCommand(running.case_id, step.action, _filled(step, at), proofs=proofs)
        try:
            result = act(command, self._cast.actor(step.permission, running.unit), at)
        except (ActionRefused, ActionForbidden, ActionUnknown, CaseNotFound) as error:
            _log.info("simulated step left out", action=step.action, why=str(error))
            return False
        running.state, running.unit = result.state, result.unit
        running.done = (*running.done, step.action)
        self.acts += 1
        return True

    def _children_too(self, running: Running, step: Step, at: datetime) -> None:
        """The unit that was asked to assist does so, unless the story pauses there."""
        if step.action != "invite" or running.plan.stop == "handling":
            return
        after = step.after / 2
        for child in get_case(SIMULATOR, running.case_id).children:
            helper = Running(running.plan, child.id, child.unit, child.state, running.chance)
            done = Step("complete", HANDLE, after, {"text": words.sentence(words.ASSISTED, running.chance)})
            self._later(at + after, partial(self._take_aside, helper, done))

    def _take_aside(self, running: Running, step: Step, now: datetime) -> None:
        self._take(running, step, now)


def _filled(step: Step, at: datetime) -> Mapping[str, Any]:
    """What is typed into the step's form at an instant."""
    if not step.until_days:
        return step.input
    return {**step.input, "until": (at.astimezone(CHINA).date() + timedelta(days=step.until_days)).isoformat()}
