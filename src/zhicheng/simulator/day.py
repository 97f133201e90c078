"""A whole day of a city: when people appeal, what they say, how long officials take. Deterministic by its seed."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from zhicheng.apps.appeals.public import get_taxonomy
from zhicheng.apps.appeals.values import AppealDraft, Item
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import ANONYMOUS, Actor, ActorKind, Grant
from zhicheng.kit.clock import CHINA
from zhicheng.simulator.behaviour import REQUESTER, Plan, Step, handling_hours
from zhicheng.simulator.officials import Town
from zhicheng.simulator.places import Ground
from zhicheng.simulator.running import Arrival
from zhicheng.simulator.values import DayOrder
from zhicheng.simulator.words import VAGUE, Examples

# Appeals an hour, relative: people get up, go to work, come home, go to bed.
_HOURS = (8, 5, 3, 2, 2, 4, 12, 28, 52, 70, 74, 62, 42, 44, 62, 70, 66, 56, 44, 46, 50, 42, 28, 16)
_CHANNELS = ("web", "web", "web", "app", "app", "phone", "phone", "phone", "street", "api")
_OFFICE_OPENS_H, _OFFICE_CLOSES_H = 8, 20


class Passers:
    """Officials without accounts, one for each unit and permission: nobody signs in, the records name both.

    They are different people: nobody approves an own request.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Actor] = {}

    def actor(self, permission: str, unit: str) -> Actor:
        """Who takes the step."""
        if permission == REQUESTER:
            return ANONYMOUS
        key = (permission, unit)
        if key not in self._known:
            grant = Grant("simulated", unit, frozenset({permission}))
            self._known[key] = Actor(ActorKind.OFFICIAL, grants=(grant,), name=f"simulated-{permission}-{unit}")
        return self._known[key]


class Day:
    """Makes the appeals of a day."""

    def __init__(self, order: DayOrder, town: Town) -> None:
        self._order, self._town = order, town
        self._ground, self._examples, self._taxonomy = Ground(), Examples(), get_taxonomy()
        self._tree = get_unit_tree()
        self._call_taker = Passers().actor("appeals.take_call", town.hotline)

    def arrivals(self) -> Iterator[Arrival]:
        """Those of the shard. What one appeal is depends on the seed and its number alone."""
        for number in range(self._order.shard, self._order.appeals, self._order.shards):
            yield self._arrival(random.Random(f"{self._order.seed}/{number}"))

    def _arrival(self, chance: random.Random) -> Arrival:
        saying = self._examples.pick(chance)
        spot = self._ground.spot(chance)
        item = self._taxonomy.get(saying.item)
        channel = chance.choice(_CHANNELS)
        anonymous = channel != "phone" and chance.random() < 0.15
        text = chance.choice(VAGUE) if chance.random() < 0.05 else saying.text
        pointed = chance.random() < 0.8
        draft = AppealDraft(
            text=f"{spot.words},{text}" if chance.random() < 0.3 else text,
            channel=channel,
            longitude=spot.point.longitude if pointed else None,
            latitude=spot.point.latitude if pointed else None,
            address="" if pointed and chance.random() < 0.6 else spot.words,
            anonymous=anonymous,
            phone="" if anonymous else f"139{chance.randrange(10**8):08d}",
        )
        actor = self._call_taker if channel == "phone" else ANONYMOUS
        at = self._order.starts_at + timedelta(seconds=_second_of_day(chance))
        return Arrival(at, draft, actor, self._plan(item, at, chance), chance, _asides(chance))

    def _plan(self, item: Item, at: datetime, chance: random.Random) -> Plan:
        night = not _OFFICE_OPENS_H <= at.astimezone(CHINA).hour < _OFFICE_CLOSES_H
        slower = 1.25 if night else 1.0
        plan = Plan(
            item.code,
            item.label,
            refuses=chance.random() < 0.03,
            right_unit=self._town.department,
            dispatch_min=chance.lognormvariate(0.4, 0.5),
            accept_min=chance.lognormvariate(0.8, 0.42) * slower,
            contact_min=chance.lognormvariate(1.9, 0.5) * slower,
            handle_h=handling_hours(item.limit_days, chance, urgent=item.urgent),
        )
        return self._outcome(self._detours(plan, chance), chance)

    def _detours(self, plan: Plan, chance: random.Random) -> Plan:
        roll = chance.random()
        if roll < 0.03:
            return replace(plan, assist_units=(self._town.department, self._town.company))
        return replace(plan, pauses=roll < 0.04, extends=0.04 <= roll < 0.07)

    def _outcome(self, plan: Plan, chance: random.Random) -> Plan:
        empty = chance.random() < 0.03
        good, bad = ((5, 4), 0.5) if empty else ((5, 5, 5, 5, 4), 0.025)
        score = 0 if chance.random() < 0.45 else chance.choice((1, 2)) if chance.random() < bad else chance.choice(good)
        return replace(
            plan,
            empty_reply=empty,
            score=score,
            reworks=chance.random() < 0.6,
            rate_h=min(chance.lognormvariate(1.6, 0.9), 150.0),
        )


def _second_of_day(chance: random.Random) -> float:
    hour = chance.choices(range(24), _HOURS)[0]
    return hour * 3600 + chance.random() * 3600


def _asides(chance: random.Random) -> tuple[Step, ...]:
    roll, after = chance.random(), timedelta(minutes=chance.uniform(20, 600))
    if roll < 0.02:
        return (Step("supplement", REQUESTER, after, {"text": "补充一下：今天又发生了一次，请尽快来看看。"}),)
    return (Step("withdraw", REQUESTER, after),) if roll < 0.03 else ()
