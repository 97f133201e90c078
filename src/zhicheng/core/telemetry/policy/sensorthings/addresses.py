"""Addresses of SensorThings: which entity, which list, which property."""

import re
from dataclasses import dataclass

from zhicheng.core.telemetry.errors import PathUnknown
from zhicheng.core.telemetry.policy.sensorthings.schema import SETS, Entity, entity_set

Id = int | str
_SEGMENT = re.compile(r"(?P<name>[A-Za-z]+)(?:\((?P<id>-?\d{1,19}|'[^'()/]{1,64}')\))?")
_MOST = 12


@dataclass(frozen=True)
class Step:
    """One part of an address: a set or a link, maybe with the id of one entity in it."""

    name: str
    entity: Entity
    many: bool
    id: Id | None = None


@dataclass(frozen=True)
class Address:
    """A whole address; `names` is the path of a property of the last entity, `value` and `ref` its endings."""

    steps: tuple[Step, ...]
    names: tuple[str, ...] = ()
    value: bool = False
    ref: bool = False

    @property
    def last(self) -> Step:
        """What the address ends at."""
        return self.steps[-1]

    @property
    def is_list(self) -> bool:
        """Whether it names many entities."""
        return self.last.many and self.last.id is None


def parse_address(path: str) -> Address:
    """The address after `/v1.1/`.

    Raises:
        PathUnknown: SensorThings has no such address.

    >>> parse_address("Things(1)/Datastreams").is_list
    True
    """
    segments = [segment for segment in path.strip("/").split("/") if segment]
    if not segments or len(segments) > _MOST:
        raise PathUnknown(entity="v1.1", name=path[:80])
    steps: list[Step] = []
    while segments:
        step = _step(segments[0], steps[-1] if steps else None)
        if step is None:
            break
        steps.append(step)
        segments.pop(0)
    return _ending(tuple(steps), segments)


def _step(segment: str, before: Step | None) -> Step | None:
    match = _SEGMENT.fullmatch(segment)
    name = match["name"] if match else segment
    if before is None:
        if match is None:
            raise PathUnknown(entity="v1.1", name=segment[:80])
        return Step(name, entity_set(name), True, _id(match["id"]))
    if match is None or name not in before.entity.links or (before.many and before.id is None):
        return None
    link = before.entity.links[name]
    if match["id"] and not link.many:
        raise PathUnknown(entity=before.name, name=segment)
    return Step(name, SETS[link.target], link.many, _id(match["id"]))


def _id(text: str | None) -> Id | None:
    if not text:
        return None
    return text[1:-1] if text.startswith("'") else int(text)


def _ending(steps: tuple[Step, ...], rest: list[str]) -> Address:
    last = steps[-1]
    is_list = last.many and last.id is None
    if rest == ["$ref"]:
        return Address(steps, ref=True)
    if rest and is_list:
        raise PathUnknown(entity=last.name, name=rest[0][:80])
    value = bool(rest) and rest[-1] == "$value"
    names = tuple(rest[:-1] if value else rest)
    if names:
        last.entity.property_of(names[0])
    elif value:
        raise PathUnknown(entity=last.name, name="$value")
    return Address(steps, names, value)
