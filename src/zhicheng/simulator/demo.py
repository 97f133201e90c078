"""The demo city: officials who can sign in, three residents, two weeks of appeals in every state and age.

What is late, waits or went wrong is told scene by scene; the everyday rest is drawn as on the simulated day.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import override_settings

from zhicheng.apps.appeals.public import get_taxonomy
from zhicheng.apps.appeals.values import AppealDraft
from zhicheng.core.cases.public import fire_due_clocks, next_firing_at
from zhicheng.core.ledger.public import relay_outbox, seal
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import (
    RegisteredCompany,
    actor_for,
    amend_party,
    authorise_agent,
    count_demo_accounts,
    create_official,
    create_service,
    find_account,
    get_unit_tree,
    grant_role,
    issue_api_key,
    list_memberships,
    record_proof,
    refresh_companies,
    request_sms_code,
    sign_in_resident,
    with_mandate,
    write_demo_companies,
    write_demo_proofs,
)
from zhicheng.core.parties.values import ANONYMOUS, Actor, NewGrant, NewOfficial, PersonalFields
from zhicheng.core.parties.values.members import NewAgent
from zhicheng.kit.clock import CHINA
from zhicheng.simulator.allowances import grant_allowances
from zhicheng.simulator.behaviour import SUPERVISE, Plan, handling_hours
from zhicheng.simulator.cast import Cast, Hire
from zhicheng.simulator.officials import PASSWORD, POOL, DemoHasher, Post, Town, find_town, posts
from zhicheng.simulator.places import Ground
from zhicheng.simulator.population.firms import COMPANIES
from zhicheng.simulator.population.residents import NEWCOMERS, RESIDENTS, DemoResident
from zhicheng.simulator.population.seeding import seed_population
from zhicheng.simulator.running import SIMULATOR, Arrival, Story
from zhicheng.simulator.words import VAGUE, Examples

PHONES = tuple(one.phone for one in RESIDENTS)
_CALLERS = ("李女士", "张先生", "黄先生", "梁女士", "许女士")
_SEED = 20260105
_FIRST_DAY = timedelta(days=16)
_UP_AT_H = 6
_AGENT_FOR = timedelta(days=365)


@dataclass(frozen=True)
class Scene:
    """How many appeals of a kind there are, how old they are, and what becomes of them.

    In an `everyday` scene officials are as quick as on a simulated day, and the appeals are those of strangers.
    """

    count: int
    oldest_h: float
    youngest_h: float
    plan: dict[str, Any]
    urgent: bool = False
    anonymous: bool = False
    vague: bool = False
    everyday: bool = False


_DONE = {"score": 5, "handle_h": 9.0}
SCENES: Sequence[Scene] = (
    Scene(4, 0.12, 0.01, {"stop": "assigned"}),
    Scene(3, 0.13, 0.02, {"stop": "received"}, vague=True),
    Scene(1, 30.0, 26.0, _DONE, vague=True),
    Scene(1, 5.0, 2.0, {"stop": "assigned"}),  # nobody has accepted: warned, overdue, escalated
    Scene(1, 0.1, 0.05, {"stop": "assigned"}, urgent=True),
    Scene(2, 9.0, 3.0, {"stop": "handling"}, urgent=True),
    Scene(1, 40.0, 30.0, {"stop": "handling"}, urgent=True),  # urgent and late
    Scene(8, 60.0, 2.0, {"stop": "handling"}),
    Scene(1, 330.0, 300.0, {"stop": "handling"}),  # beyond its limit in working days
    Scene(2, 50.0, 40.0, {"stop": "handling", "pauses": True}),
    Scene(1, 70.0, 60.0, {"stop": "handling", "extends": True}),
    Scene(1, 6.0, 5.0, {"stop": "arbitration", "refuses": True}),
    Scene(2, 140.0, 90.0, {**_DONE, "refuses": True}),
    Scene(1, 30.0, 20.0, {"stop": "handling", "assist_units": ("chosen later",)}),
    Scene(1, 150.0, 140.0, {**_DONE, "assist_units": ("chosen later",)}),
    Scene(6, 70.0, 20.0, {"stop": "replied", "handle_h": 6.0}),
    Scene(10, 300.0, 60.0, _DONE),
    Scene(1, 300.0, 100.0, {**_DONE, "score": 4, "accept_min": 16.0, "contact_min": 12.0}),  # accepted too late
    Scene(3, 380.0, 330.0, {"handle_h": 20.0}),  # never rated: closed by the clock
    Scene(1, 44.0, 40.0, {"score": 1, "handle_h": 5.0, "empty_reply": True, "stop": "follow_up"}),
    Scene(2, 200.0, 120.0, {"score": 2, "handle_h": 9.0, "empty_reply": True}),
    Scene(1, 200.0, 150.0, {"score": 2, "handle_h": 9.0, "reworks": False}),
    Scene(1, 90.0, 80.0, _DONE, anonymous=True),
    Scene(1, 3.0, 2.0, {"stop": "handling"}, anonymous=True),
    Scene(70, 370.0, 30.0, {"score": 5}, everyday=True),
    Scene(14, 370.0, 40.0, {"score": 4}, everyday=True),
    Scene(16, 370.0, 60.0, {}, everyday=True),
    Scene(14, 360.0, 30.0, {"score": 5}, urgent=True, everyday=True),
    Scene(12, 26.0, 3.0, {"score": 5, "rate_h": 2.0}, urgent=True, everyday=True),
    Scene(16, 9.0, 0.7, {"score": 5}, everyday=True),
)


def seed(now: datetime) -> None:
    """Make the demo city, whole or not at all; nothing where it is there already.

    Raises:
        NoPackInstalled: there is no pack yet.
    """
    if count_demo_accounts():
        return
    seed_population(now)
    started = now - _FIRST_DAY - timedelta(days=1)
    with transaction.atomic(), override_settings(PASSWORD_HASHERS=[f"{DemoHasher.__module__}.{DemoHasher.__name__}"]):
        town = present_town()
        accounts = [_make(post, started) for post in posts(town)]
        _open_api(town, started)
        write_demo_proofs((one.name, one.id_number) for one in (*RESIDENTS, *NEWCOMERS))
        residents = [_resident(one, started) for one in RESIDENTS]
        _register_companies(residents, started)
        chance = random.Random(_SEED)
        cast = Cast(accounts, _hire(started), started)
        call_taker = cast.actor("appeals.take_call", town.hotline)
        teller = _Teller(chance, residents, call_taker, town)
        story = Story(cast, now)
        for arrival in _arrivals(teller, now):
            story.add(arrival)
        _play(story, now)
    grant_allowances(now)
    if not connection.in_atomic_block:
        seal(now=now)  # entries of two weeks ago must not look as if nobody had sealed them since


def _play(story: Story, until: datetime) -> None:
    """Let it happen; clocks fire at the very instants they are due."""
    while (at := story.next_at) is not None:
        _fire_clocks(at)
        story.happen_until(at)
        relay_outbox(now=at)
    _fire_clocks(until)


def _fire_clocks(until: datetime) -> None:
    while (due := next_firing_at()) is not None and due <= until:
        fire_due_clocks(due)
        relay_outbox(now=due)


def show_api_key() -> str:
    """The key of the demo's outside system, kept in a file because a city keeps only its digest."""
    path = _key_file()
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _key_file() -> Path:
    return Path(settings.HOME) / "demo" / "api-key"


def _open_api(town: Town, now: datetime) -> None:
    grants = (NewGrant("call_taker", town.hotline),)
    service = create_service("demo.system", "外部系统（演示）", grants, actor=SIMULATOR, now=now)
    key = issue_api_key(service, "演示", actor=SIMULATOR, now=now)
    path = _key_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(key + "\n", encoding="utf-8")


def present_town() -> Town:
    """The units of the installed pack in which the demo plays."""
    pack = current_pack()
    return find_town(get_unit_tree(), pack.dispatch_unit or pack.fallback_unit)


def _make(post: Post, at: datetime) -> UUID:
    grants = tuple(NewGrant(role, post.unit) for role in (post.role, *post.duties))
    official = NewOfficial(post.login, PASSWORD, post.name, grants, demo=True)
    return create_official(official, actor=SIMULATOR, now=at)


def _hire(at: datetime) -> Hire:
    """Give the demo's pool accounts a role at units where the demo has nobody."""

    def hire(permission: str, unit: str) -> UUID:
        login = "supervisor" if permission == SUPERVISE else POOL
        account = find_account(login)
        if account is None:
            raise LookupError(login)
        grant_role(
            account, NewGrant("supervisor" if permission == SUPERVISE else "handler", unit), actor=SIMULATOR, now=at
        )
        return account

    return hire


def _resident(one: DemoResident, at: datetime) -> Actor:
    """Somebody who has signed in and proven who they are."""
    phone = one.phone
    request_sms_code(phone, address="demo", now=at)
    line = (Path(settings.OUTBOUND_ROOT) / "sms.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    text: str = json.loads(line)["text"]
    code = re.search(r"\d{6}", text)
    account = sign_in_resident(phone, code.group() if code else "", now=at)
    actor = actor_for(account.id, now=at)
    if actor.party_id is not None:
        named = PersonalFields(name=one.name, id_number=one.id_number)
        amend_party(actor.party_id, named, actor=SIMULATOR, now=at)
        record_proof(actor.party_id, "demo", "demo", actor=SIMULATOR, now=at)
    return actor


def _register_companies(residents: Sequence[Actor], at: datetime) -> None:
    """The companies of the demo's register, their representatives, and an agent of the first one."""
    numbers = {one.phone: one.id_number for one in RESIDENTS}
    write_demo_companies((RegisteredCompany(one.uscc, one.name), numbers[one.representative]) for one in COMPANIES)
    for resident in residents:
        refresh_companies(actor=resident, now=at)
    owner, agent = residents[0], RESIDENTS[1]
    (membership, *_) = list_memberships(owner, now=at)
    scopes = frozenset({"services", "policies"})
    given = NewAgent(agent.phone, agent.name, scopes, at + _AGENT_FOR)
    authorise_agent(given, actor=with_mandate(owner, membership.id, now=at), now=at)


class _Teller:
    """Makes drafts and plans for scenes."""

    def __init__(self, chance: random.Random, residents: Sequence[Actor], call_taker: Actor, town: Town) -> None:
        self._chance, self._residents, self._call_taker, self._town = chance, residents, call_taker, town
        self._ground, self._examples, self._taxonomy = Ground(), Examples(), get_taxonomy()
        self._tree = get_unit_tree()

    def arrival(self, scene: Scene, at: datetime) -> Arrival:
        """One appeal of a scene."""
        chance = self._chance
        unit = self._tree.get(self._target())
        saying = self._examples.pick(chance, urgent=scene.urgent, function=unit.function)
        spot = self._ground.spot(chance, within=unit.division)
        plan = self._plan(scene, saying.item)
        by_phone = not scene.anonymous and chance.random() < (0.6 if scene.everyday else 0.25)
        anonymous = scene.anonymous or (scene.everyday and not by_phone)
        draft = AppealDraft(
            text=chance.choice(VAGUE) if scene.vague else saying.text,
            channel="phone" if by_phone else chance.choice(("web", "web", "app", "street")),
            longitude=spot.point.longitude,
            latitude=spot.point.latitude,
            address=spot.words if chance.random() < 0.4 else "",
            anonymous=anonymous,
            name=chance.choice(_CALLERS) if by_phone else "",
            phone=f"139{chance.randrange(10**8):08d}" if by_phone else "",
        )
        actor = self._call_taker if by_phone else ANONYMOUS if scene.everyday else chance.choice(self._residents)
        return Arrival(at, draft, actor, plan, chance)

    def _plan(self, scene: Scene, item: str) -> Plan:
        chance = self._chance
        plan = Plan(item, self._taxonomy.label(item), **scene.plan)
        if plan.assist_units:
            plan = replace(plan, assist_units=(self._town.department, self._town.company))
        if not scene.everyday:
            return plan
        return replace(
            plan,
            dispatch_min=chance.lognormvariate(0.4, 0.5),
            accept_min=chance.lognormvariate(0.8, 0.42),
            contact_min=chance.lognormvariate(1.9, 0.5),
            handle_h=handling_hours(self._taxonomy.get(item).limit_days, chance, urgent=scene.urgent),
        )

    def _target(self) -> str:
        """Three of four appeals are for the units of the demo's officials, so that their queues are not empty."""
        town = self._town
        shares = ((0.2, town.community), (0.36, town.streets[0]), (0.48, town.streets[1]), (0.62, town.department))
        roll = self._chance.random()
        near = next((unit for share, unit in shares if roll < share), "")
        return near or (town.company if roll < 0.75 else town.city)


def _arrivals(teller: _Teller, now: datetime) -> Iterator[Arrival]:
    for scene in SCENES:
        step = (scene.oldest_h - scene.youngest_h) / scene.count
        for number in range(scene.count):
            at = now - timedelta(hours=scene.oldest_h - step * number)
            yield teller.arrival(scene, _by_day(at, now, number) if scene.everyday else at)


def _by_day(at: datetime, now: datetime, number: int) -> datetime:
    """Most people sleep at night: an appeal from before six comes some hours of waking later, if that is not ahead."""
    local = at.astimezone(CHINA)
    later = at + timedelta(hours=6 + number % 9)
    return later if local.hour < _UP_AT_H and later < now else at
