"""Addresses answered: one entity, a list, a property, references; with what they are expanded to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhicheng.core.telemetry.errors import EntityUnknown
from zhicheng.core.telemetry.policy.sensorthings.addresses import Address, Id, Step
from zhicheng.core.telemetry.policy.sensorthings.options import Options
from zhicheng.core.telemetry.policy.sensorthings.schema import SETS, Entity, Link
from zhicheng.core.telemetry.queries.sensing.asking import Asker, Found, Row
from zhicheng.core.telemetry.queries.sensing.entities import Parents, follow, get_entity, list_entities
from zhicheng.core.telemetry.queries.sensing.observations import (
    Restriction,
    get_observation,
    list_observations,
    split_id,
)
from zhicheng.core.telemetry.queries.sensing.rendering import inline, moment, page, render, self_link


@dataclass(frozen=True)
class Place:
    """Where the steps of an address before its last one lead: the entity there and its id."""

    entity: Entity
    id: Id


def answer(address: Address, options: Options, asker: Asker) -> Any:
    """What is at an address, as JSON; None for a property that has no value.

    Raises:
        EntityUnknown, PathUnknown, FilterUnreadable, OptionRefused, QueryTooWide: it cannot be answered.
    """
    if address.is_list:
        return _list(address, options, asker)
    entity, row = _row_at(address, asker)
    if address.names:
        return _property(address, row)
    if address.ref:
        return {"@iot.selfLink": self_link(entity, row["@iot.id"], asker)}
    [shown] = _rendered(entity, [row], options, asker)
    return shown


def place_of(steps: Sequence[Step], asker: Asker) -> Place:
    """The entity at the end of some steps, each of which names one.

    Raises:
        EntityUnknown: there is none.
    """
    first, *rest = steps
    if first.id is None:
        raise EntityUnknown(name=first.name)
    place = Place(first.entity, first.id)
    if not rest:
        return Place(first.entity, _row(place, asker)["@iot.id"])
    for step in rest:
        place = _next(place, step, asker)
    return place


def _next(place: Place, step: Step, asker: Asker) -> Place:
    if place.entity.name == "Observations":
        row = get_observation(place.id, asker)
        found = row["stream"] if step.name == "Datastream" else row["feature"]
        if found is None:
            raise EntityUnknown(name=step.name)
        return Place(step.entity, int(found))
    if step.entity.name == "Observations":
        within = _restriction(place)
        stream, _ = split_id(step.id)
        row = get_observation(step.id, asker)
        if stream != (within.stream or stream) or row["feature"] != (within.feature or row["feature"]):
            raise EntityUnknown(name=f"Observations({step.id})")
        return Place(step.entity, str(step.id))
    if not isinstance(place.id, int):
        raise EntityUnknown(name=f"{place.entity.name}({place.id})")
    return Place(step.entity, follow(place.entity, place.id, step, asker))


def _row_at(address: Address, asker: Asker) -> tuple[Entity, Row]:
    place = place_of(address.steps, asker)
    return place.entity, _row(place, asker)


def _row(place: Place, asker: Asker) -> Row:
    if place.entity.name == "Observations":
        return get_observation(place.id, asker)
    return get_entity(place.entity, place.id, asker)


def _property(address: Address, row: Row) -> Any:
    value: Any = row.get(address.names[0])
    for name in address.names[1:]:
        if not isinstance(value, Mapping) or name not in value:
            raise EntityUnknown(name="/".join(address.names))
        value = value[name]
    shown = moment(value)
    return shown if address.value else {address.names[-1]: shown}


def _list(address: Address, options: Options, asker: Asker) -> Any:
    entity = address.last.entity
    path, found = f"{asker.base}/{entity.name}", None
    if len(address.steps) == 1:
        found = _found(entity, options, asker, None)
    else:
        place = place_of(address.steps[:-1], asker)
        path = f"{self_link(place.entity, place.id, asker)}/{address.last.name}"
        found = _found(entity, options, asker, (place, place.entity.links[address.last.name]))
    if address.ref:
        links = [{"@iot.selfLink": self_link(entity, row["@iot.id"], asker)} for row in found.rows]
        return page(f"{path}/$ref", found, options, links)
    if options.data_array:
        return page(path, found, options, _arrays(found, options, asker))
    return page(path, found, options, _rendered(entity, found.rows, options, asker))


def _found(entity: Entity, options: Options, asker: Asker, within: tuple[Place, Link] | None) -> Found:
    if entity.name == "Observations":
        return list_observations(options, asker, _restriction(within[0]) if within else Restriction())
    if within is None:
        return list_entities(entity, options, asker)[None]
    place, link = within
    parents = Parents(place.entity, link, [int(place.id)])
    return list_entities(entity, options, asker, parents=parents)[int(place.id)]


def _restriction(place: Place) -> Restriction:
    if place.entity.name == "Datastreams":
        return Restriction(stream=int(place.id))
    return Restriction(feature=int(place.id))


def _rendered(entity: Entity, rows: Sequence[Row], options: Options, asker: Asker) -> list[dict[str, Any]]:
    expanded: list[dict[str, Any]] = [{} for _ in rows]
    for name, inner in options.expand.items():
        link = entity.link(name)
        for index, part in enumerate(_expansion(entity, link, rows, inner, asker)):
            expanded[index][name] = part
    return [render(entity, row, options, asker, more) for row, more in zip(rows, expanded, strict=True)]


def _expansion(entity: Entity, link: Link, rows: Sequence[Row], options: Options, asker: Asker) -> list[dict[str, Any]]:
    """For each row what it shows in place of a link."""
    target = SETS[link.target]
    found = _linked(entity, link, rows, options, asker)
    every = [row for each in found for row in each.rows]
    shown = iter(_rendered(target, every, options, asker))
    parts: list[dict[str, Any]] = []
    for row, each in zip(rows, found, strict=True):
        values = [next(shown) for _ in each.rows]
        path = f"{self_link(entity, row['@iot.id'], asker)}/{link.name}"
        one = {link.name: values[0] if values else None}
        parts.append(inline(link.name, path, each, options, values) if link.many else one)
    return parts


def _linked(entity: Entity, link: Link, rows: Sequence[Row], options: Options, asker: Asker) -> list[Found]:
    if entity.name == "Observations":
        return _around_observations(link, rows, asker)
    ids = [int(row["@iot.id"]) for row in rows]
    if link.target == "Observations":
        return [list_observations(options, asker, _restriction(Place(entity, each))) for each in ids]
    pages = list_entities(SETS[link.target], options, asker, parents=Parents(entity, link, ids)) if ids else {}
    return [pages[each] for each in ids]


def _around_observations(link: Link, rows: Sequence[Row], asker: Asker) -> list[Found]:
    """Datastreams or features of observations, each read once."""
    column = "stream" if link.name == "Datastream" else "feature"
    known: dict[int, Row] = {}
    for each in {row[column] for row in rows if row[column] is not None}:
        try:
            known[each] = get_entity(SETS[link.target], each, asker)
        except EntityUnknown:
            continue
    return [Found([known[row[column]]] if row[column] in known else []) for row in rows]


_COMPONENTS = ("@iot.id", "phenomenonTime", "result", "resultTime")


def _arrays(found: Found, options: Options, asker: Asker) -> list[dict[str, Any]]:
    """Observations as rows of values under their datastream ($resultFormat=dataArray)."""
    names = tuple(name for name in options.select if "/" not in name) or _COMPONENTS
    grouped: dict[int, list[list[Any]]] = {}
    for row in found.rows:
        grouped.setdefault(row["stream"], []).append([moment(row.get(name)) for name in names])
    components = ["id" if name == "@iot.id" else name for name in names]
    return [
        {
            "Datastream@iot.navigationLink": self_link(SETS["Datastreams"], stream, asker),
            "components": components,
            "dataArray@iot.count": len(values),
            "dataArray": values,
        }
        for stream, values in grouped.items()
    ]
