"""What people at the workbench and before the wall open, as calls to be timed."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from zhicheng.apps.appeals.public import find_alike, today_numbers
from zhicheng.apps.appeals.values import AppealDraft
from zhicheng.core.cases.public import (
    Purpose,
    area_loads,
    count_categories,
    count_queues,
    get_case,
    list_cases,
    list_open_points,
    unit_loads,
)
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor, ActorKind, Grant
from zhicheng.core.places.public import list_divisions, list_landmarks
from zhicheng.kit.clock import now
from zhicheng.kit.ids import uuid7
from zhicheng.simulator.demo import present_town

View = Callable[[], Any]
_HANDLER = frozenset({"cases.handle", "parties.reveal"})
_SUPERVISOR = frozenset({"cases.supervise", "cases.handle", "cases.read_subtree", "cockpit.view", "parties.reveal"})
_DISPATCHER = frozenset({"cases.triage", "cases.arbitrate", "cases.read_subtree"})
_LEADER = frozenset({"cases.read_subtree", "cockpit.view"})


def views_to_time() -> dict[str, View]:
    """Every view by name, for a handler, a dispatcher, a supervisor and the leader of the city."""
    at, town = now(), present_town()
    people = {
        "handler": _person(Grant("handler", town.streets[0], _HANDLER), at),
        "dispatcher": _person(Grant("dispatcher", town.hotline, _DISPATCHER, subtree=True), at),
        "supervisor": _person(Grant("supervisor", town.district, _SUPERVISOR, subtree=True), at),
        "leader": _person(Grant("leader", town.city, _LEADER, subtree=True), at),
    }
    found: dict[str, View] = {}
    for who, actor in people.items():
        found |= {f"{name} {who}": view for name, view in _of(actor, at)}
    return found | dict(_of_the_wall(people["leader"], at)) | {"find_alike": _alike()}


def _person(grant: Grant, at: datetime) -> Actor:
    return Actor(ActorKind.OFFICIAL, account_id=uuid7(at), grants=(grant,), name=grant.role)


def _of(actor: Actor, at: datetime) -> Iterator[tuple[str, View]]:
    yield "count_queues", partial(count_queues, actor)
    for name, wanted in _filters(actor, at):
        yield f"list {name}", partial(list_cases, actor, wanted, purpose=Purpose.ANY)
        page = list_cases(actor, wanted, purpose=Purpose.ANY)
        if page.after:
            yield f"list {name} page 2", partial(list_cases, actor, wanted, purpose=Purpose.ANY, after=page.after)
    rows = list_cases(actor, CaseFilter(order="newest"), purpose=Purpose.ANY, limit=1).rows
    if rows:
        yield "get_case", partial(get_case, actor, rows[0].number)
        wanted = CaseFilter(text=rows[0].number, order="newest")
        yield "list number", partial(list_cases, actor, wanted, purpose=Purpose.ANY)
    if actor.permissions & {"cases.supervise", "cases.read_subtree"}:
        yield "unit_loads", partial(unit_loads, actor, actor.grants[0].unit, at)


def _filters(actor: Actor, at: datetime) -> Iterator[tuple[str, CaseFilter]]:
    for queue in count_queues(actor):
        yield f"queue {queue.code}", CaseFilter(queue=queue.code)
    district = list_divisions(list_divisions()[0].code)[-1].code
    for order in ("newest", "due"):
        yield f"all {order}", CaseFilter(order=order)
        yield f"open {order}", CaseFilter(open_only=True, order=order)
        yield f"done {order}", CaseFilter(done_only=True, order=order)
        yield f"urgent {order}", CaseFilter(urgent=True, order=order)
        yield f"late {order}", CaseFilter(due_before=at, order=order)
        yield f"division {order}", CaseFilter(division=district, order=order)
        yield f"division late {order}", CaseFilter(division=district, due_before=at, order=order)
        yield f"common word {order}", CaseFilter(text="垃圾", order=order)
        yield f"two rare characters {order}", CaseFilter(text="熨斗", order=order)
        yield f"rare words {order}", CaseFilter(text="没有人说过的话", order=order)
        yield f"one unit {order}", CaseFilter(unit=get_unit_tree().children(None)[0], order=order)


def _of_the_wall(leader: Actor, at: datetime) -> Iterator[tuple[str, View]]:
    midnight = at - timedelta(days=1)
    yield "wall soonest", partial(list_cases, leader, CaseFilter(open_only=True, due_after=at), limit=8)
    yield "wall newest", partial(list_cases, leader, CaseFilter(order="newest"), limit=15)
    yield "wall area_loads", partial(area_loads, leader, "district", at)
    yield "wall count_categories", partial(count_categories, leader, midnight)
    yield "wall today_numbers", partial(today_numbers, midnight, at, at)
    yield "wall points", partial(list_open_points, leader, 5000)


def _alike() -> View:
    place = list_landmarks()[0].point
    text = "楼下垃圾桶满了好几天没人收，气味很大"
    return partial(find_alike, AppealDraft(text, longitude=place.longitude, latitude=place.latitude))
