"""How officials and residents behave: from where a case stands to the next step somebody takes. Pure.

The model knows nothing of service levels: those are counted afterwards from the city's records.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from zhicheng.simulator import words

# Permissions by which somebody takes the step; `requester` is the resident.
TRIAGE, ARBITRATE, HANDLE, SUPERVISE, REQUESTER = (
    "cases.triage",
    "cases.arbitrate",
    "cases.handle",
    "cases.supervise",
    "requester",
)


@dataclass(frozen=True)
class Step:
    """What somebody does next, and how long they take to come to it; `until_days` fills in a day so far ahead."""

    action: str
    permission: str
    after: timedelta
    input: Mapping[str, Any] = field(default_factory=dict)
    until_days: int = 0


@dataclass(frozen=True)
class Plan:
    """What will happen to one appeal, decided when it is made.

    `stop` is the state in which the story pauses; in `handling` it pauses before the reply. Minutes and hours are how
    long people take, not what they promised. `right_unit` is what an arbiter finds (empty: the fallback unit). The
    first of `assist_units` that is not the unit itself is asked to help.
    """

    item: str
    label: str
    stop: str = ""
    refuses: bool = False
    empty_reply: bool = False
    score: int = 0
    reworks: bool = True
    assist_units: tuple[str, ...] = ()
    pauses: bool = False
    extends: bool = False
    dispatch_min: float = 3.0
    accept_min: float = 4.0
    contact_min: float = 10.0
    handle_h: float = 6.0
    right_unit: str = ""
    rate_h: float = 8.0


@dataclass(frozen=True)
class Standing:
    """Where and with whom a case stands, as the model sees it; `done` are the actions taken so far."""

    state: str
    unit: str
    done: tuple[str, ...]

    def has(self, action: str) -> bool:
        """Whether the action was taken before."""
        return action in self.done


def handling_hours(limit_days: int, chance: random.Random, *, urgent: bool) -> float:
    """Hours until the reply. Officials see the clock: who would be late mostly hurries."""
    if urgent:
        return min(chance.lognormvariate(1.2, 0.5), 40.0)
    hours, limit_h = chance.lognormvariate(4.2, 0.75), limit_days * 24.0
    if hours > limit_h * 0.9 and chance.random() < 0.996:
        return limit_h * chance.uniform(0.5, 0.9)
    return min(hours, limit_h * 1.5)


def next_step(plan: Plan, standing: Standing, chance: random.Random) -> Step | None:
    """The next step on a case, or None where the story ends or pauses."""
    if standing.state == plan.stop != "handling":
        return None
    known = _BY_STATE.get(standing.state)
    return known(plan, standing, chance) if known else None


def _received(plan: Plan, _standing: Standing, _chance: random.Random) -> Step:
    return Step("dispatch", TRIAGE, timedelta(minutes=plan.dispatch_min), {"item": plan.item})


def _assigned(plan: Plan, standing: Standing, chance: random.Random) -> Step:
    after = timedelta(minutes=plan.accept_min)
    if plan.refuses and not standing.has("refuse"):
        return Step("refuse", HANDLE, after * 3, {"reason": words.sentence(words.REFUSALS, chance)})
    return Step("accept", HANDLE, after)


def _arbitration(plan: Plan, _standing: Standing, chance: random.Random) -> Step:
    after = timedelta(minutes=12 + plan.dispatch_min * 3)
    ruling = {"reason": words.sentence(words.RULINGS, chance)}
    return Step("arbitrate", ARBITRATE, after, ruling | ({"unit": plan.right_unit} if plan.right_unit else {}))


def _handling(plan: Plan, standing: Standing, chance: random.Random) -> Step | None:
    if not standing.has("contact"):
        text = words.sentence(words.CONTACTS, chance, plan.label)
        return Step("contact", HANDLE, timedelta(minutes=plan.contact_min), {"text": text})
    return _side_step(plan, standing, chance) or _reply(plan, standing, chance)


def _side_step(plan: Plan, standing: Standing, chance: random.Random) -> Step | None:
    hours = timedelta(hours=min(plan.handle_h / 4, 20))
    others = [unit for unit in plan.assist_units if unit != standing.unit]
    if others and not standing.has("invite"):
        asked = {"unit": others[0], "reason": words.sentence(words.ASSISTANCE, chance)}
        return Step("invite", HANDLE, hours, asked)
    if plan.pauses:
        step = _ask_and_grant(standing, "pause", hours, {"reason": words.sentence(words.PAUSES, chance)})
        return replace(step, until_days=10) if step and step.action == "request_pause" else step
    if plan.extends:
        longer = {"reason": words.sentence(words.EXTENSIONS, chance), "days": chance.randint(2, 5)}
        return _ask_and_grant(standing, "extension", hours, longer)
    return None


def _ask_and_grant(standing: Standing, what: str, after: timedelta, asked: Mapping[str, Any]) -> Step | None:
    if not standing.has(f"request_{what}"):
        return Step(f"request_{what}", HANDLE, after, asked)
    if not standing.has(f"approve_{what}"):
        return Step(f"approve_{what}", SUPERVISE, after / 2)
    return None


def _reply(plan: Plan, standing: Standing, chance: random.Random) -> Step | None:
    if plan.stop == "handling":
        return None
    again = standing.has("rework")
    bank = words.EMPTY_REPLIES if plan.empty_reply and not again else words.REPLIES
    outcome = "explained" if plan.empty_reply and not again else chance.choice(["solved"] * 6 + ["partly", "explained"])
    after = timedelta(hours=plan.handle_h / 2 if again else plan.handle_h)
    return Step("reply", HANDLE, after, {"text": words.sentence(bank, chance, plan.label), "outcome": outcome})


def _replied(plan: Plan, standing: Standing, chance: random.Random) -> Step | None:
    if not plan.score:
        return None
    score = plan.score if not standing.has("rework") else 4
    text = words.sentence(words.BLAME if score <= 2 else words.PRAISE, chance)
    return Step("rate", REQUESTER, timedelta(hours=plan.rate_h), {"score": score, "text": text})


def _follow_up(plan: Plan, _standing: Standing, chance: random.Random) -> Step:
    after = timedelta(hours=plan.rate_h)
    if plan.reworks:
        return Step("rework", SUPERVISE, after, {"reason": words.sentence(words.ORDERS, chance)})
    return Step("explain", SUPERVISE, after, {"text": words.sentence(words.CALL_BACKS, chance)})


_BY_STATE: Mapping[str, Callable[[Plan, Standing, random.Random], Step | None]] = {
    "received": _received,
    "assigned": _assigned,
    "arbitration": _arbitration,
    "handling": _handling,
    "replied": _replied,
    "follow_up": _follow_up,
}
