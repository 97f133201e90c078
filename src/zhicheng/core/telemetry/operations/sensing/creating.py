"""New entities with everything inside them (deep insert), in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Max

from zhicheng.core.parties.values import Actor
from zhicheng.core.telemetry.errors import DocumentRefused, EntityTaken, EntityUnknown
from zhicheng.core.telemetry.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    HistoricalPlace,
    Location,
    ObservedProperty,
    Sensor,
    Thing,
    ThingLocation,
)
from zhicheng.core.telemetry.operations.ingesting import register_streams
from zhicheng.core.telemetry.operations.sensing.columns import fields_of
from zhicheng.core.telemetry.operations.sensing.observing import observe
from zhicheng.core.telemetry.operations.sensing.placing import place_thing
from zhicheng.core.telemetry.policy.sensorthings.addresses import Id
from zhicheng.core.telemetry.policy.sensorthings.documents import Document
from zhicheng.core.telemetry.queries.devices.models import list_models
from zhicheng.core.telemetry.queries.devices.owning import check_keepers, check_manager
from zhicheng.core.telemetry.queries.streams import streams_of
from zhicheng.kit.ids import uuid7

M = TypeVar("M", bound=models.Model)
_KEY_SIZE, _CODE_SIZE = 64, 40


@dataclass(frozen=True)
class Context:
    """When something is written and by whom, and who may see it."""

    now: datetime
    actor: Actor
    access: int = 1


def create(document: Document, context: Context) -> Id:
    """Store a new entity; its id.

    Raises:
        DocumentRefused: it lacks what it must be linked to.
        EntityUnknown: it is linked to what there is not.
        EntityTaken: another thing has its device key, or its thing has another stream of this code.
        DevicesForbidden: it would make or change what the actor does not manage; sending readings makes no devices.
    """
    if document.entity.name == "Observations":
        if isinstance(document.one("Datastream"), Document):
            check_manager(context.actor)
        with transaction.atomic():
            stream = _needed(Datastream, document, "Datastream", context)
            return observe(document, stream, _feature(document, context), now=context.now)
    with transaction.atomic():
        return int(_CREATE[document.entity.name](document, context).pk)


def resolve(model: type[M], target: "Id | Document", context: Context) -> M:
    """The entity that a link leads to: stored now where it is described, found where it is named.

    Raises:
        EntityUnknown: there is none of this id.
        DevicesForbidden: it is a thing of another unit.
    """
    if isinstance(target, Document):
        made = _CREATE[target.entity.name](target, context)
        if not isinstance(made, model):
            raise DocumentRefused(problem=f"{target.entity.singular} 不能放在这里")
        return made
    found = model._default_manager.filter(pk=target).first() if isinstance(target, int) else None
    if found is None:
        raise EntityUnknown(name=f"{model.__name__}({target})")
    if isinstance(found, Thing):
        check_keepers(context.actor, [found])
    return found


def _needed(model: type[M], document: Document, name: str, context: Context) -> M:
    target = document.one(name)
    if target is None:
        raise DocumentRefused(problem=f"{document.entity.singular} 要写明 {name}")
    return resolve(model, target, context)


def _feature(document: Document, context: Context) -> FeatureOfInterest | None:
    target = document.one("FeatureOfInterest")
    return None if target is None else resolve(FeatureOfInterest, target, context)


def _create_thing(document: Document, context: Context) -> Thing:
    fields = fields_of(document)
    said: Mapping[str, Any] = fields.get("properties") or {}
    key = said.get("deviceKey") or f"sta-{uuid7(context.now).hex}"
    if not isinstance(key, str) or len(key) > _KEY_SIZE or any(letter in key for letter in "/+# \x00"):
        raise DocumentRefused(problem="properties.deviceKey 应是不超过 64 个字符的文字，不含空格、/、+、#")
    if Thing.objects.filter(key=key).exists():
        raise EntityTaken(problem=f"设备 {key} 已经登记")
    model = said.get("model")
    if isinstance(model, str) and model in (known := list_models()):
        context = replace(context, access=known[model].access)  # of all that is made with it, too
    thing = Thing.objects.create(
        **fields,
        key=key,
        model=model[:40] if isinstance(model, str) else "",
        access=context.access,
        registered_at=context.now,
    )
    if targets := document.links.get("Locations"):
        place_thing(thing, [resolve(Location, each, context) for each in targets], now=context.now)
    check_keepers(context.actor, [thing])
    for each in document.links.get("Datastreams", ()):
        _adopt(each, "Thing", thing.pk, context)
    for each in document.links.get("HistoricalLocations", ()):
        _adopt(each, "Thing", thing.pk, context)
    return thing


def _adopt(target: "Id | Document", link: str, owner: int, context: Context) -> models.Model:
    """Store what is described inside its owner; what exists already belongs to another one."""
    if not isinstance(target, Document):
        raise DocumentRefused(problem="这里应写明内容，不能引用已有的实体")
    return _CREATE[target.entity.name](target.with_link(link, owner), context)


def _create_location(document: Document, context: Context) -> Location:
    location = Location.objects.create(**fields_of(document), access=context.access)
    for each in document.links.get("Things", ()):
        thing = resolve(Thing, each, context)
        others = list(Location.objects.filter(pk__in=_current(thing)))
        place_thing(
            thing, [location, *(one for one in others if one.encoding_type != location.encoding_type)], now=context.now
        )
    return location


def _current(thing: Thing) -> Any:
    return ThingLocation.objects.filter(thing=thing).values("location")


def _create_historical(document: Document, context: Context) -> HistoricalLocation:
    thing = _needed(Thing, document, "Thing", context)
    targets = document.links.get("Locations", ())
    if not targets:
        raise DocumentRefused(problem="HistoricalLocation 要写明 Locations")
    made = HistoricalLocation.objects.create(**fields_of(document), thing=thing)
    places = [resolve(Location, each, context) for each in targets]
    HistoricalPlace.objects.bulk_create([HistoricalPlace(historical=made, location=each) for each in places])
    return made


def _create_datastream(document: Document, context: Context) -> Datastream:
    thing = _needed(Thing, document, "Thing", context)
    fields = fields_of(document)
    said: Mapping[str, Any] = fields.get("properties") or {}
    code = said.get("streamCode") or _free_code(thing)
    if not isinstance(code, str) or len(code) > _CODE_SIZE or any(letter in code for letter in "/+# \x00"):
        raise DocumentRefused(problem="properties.streamCode 应是不超过 40 个字符的文字，不含空格、/、+、#")
    if Datastream.objects.filter(thing=thing, code=code).exists():
        raise EntityTaken(problem=f"设备 {thing.key} 已经有数据流 {code}")
    stream = Datastream.objects.create(
        **fields,
        thing=thing,
        sensor=_needed(Sensor, document, "Sensor", context),
        observed_property=_needed(ObservedProperty, document, "ObservedProperty", context),
        code=code,
        kind=f"{thing.model}/{code}" if thing.model else "",
        access=thing.access,
    )
    tell_ingest([stream.pk])
    for each in document.links.get("Observations", ()):
        if not isinstance(each, Document):
            raise DocumentRefused(problem="观测值不能从别的数据流移过来")
        observe(each, stream, _feature(each, context), now=context.now)
    return stream


def tell_ingest(streams: list[int]) -> None:
    """Let readings of new streams be taken. Ids are never used twice: one that is rolled back hurts nobody."""
    register_streams(streams_of(streams))


def _free_code(thing: Thing) -> str:
    newest = Datastream.objects.filter(thing=thing).aggregate(newest=Max("id"))["newest"] or 0
    return f"s{newest + 1}"


def _create_sensor(document: Document, _context: Context) -> Sensor:
    return Sensor.objects.create(**fields_of(document))


def _create_property(document: Document, _context: Context) -> ObservedProperty:
    return ObservedProperty.objects.create(**fields_of(document))


def _create_feature(document: Document, context: Context) -> FeatureOfInterest:
    return FeatureOfInterest.objects.create(**fields_of(document), access=context.access)


_CREATE: Mapping[str, Callable[[Document, Context], models.Model]] = {
    "Things": _create_thing,
    "Locations": _create_location,
    "HistoricalLocations": _create_historical,
    "Datastreams": _create_datastream,
    "Sensors": _create_sensor,
    "ObservedProperties": _create_property,
    "FeaturesOfInterest": _create_feature,
}
