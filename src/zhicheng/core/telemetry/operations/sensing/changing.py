"""Entities changed, replaced, linked and deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from zhicheng.core.parties.values import Actor
from zhicheng.core.telemetry.errors import DocumentRefused, EntityTaken, EntityUnknown
from zhicheng.core.telemetry.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    ObservationNote,
    ObservedProperty,
    Sensor,
    Thing,
    ThingLocation,
)
from zhicheng.core.telemetry.operations.ingesting import forget_streams
from zhicheng.core.telemetry.operations.sensing.columns import MODELS, fields_of
from zhicheng.core.telemetry.operations.sensing.creating import Context, resolve
from zhicheng.core.telemetry.operations.sensing.placing import place_thing
from zhicheng.core.telemetry.policy.sensorthings.addresses import Id
from zhicheng.core.telemetry.policy.sensorthings.documents import Document
from zhicheng.core.telemetry.policy.sensorthings.schema import Entity
from zhicheng.core.telemetry.queries.devices.owning import check_keepers
from zhicheng.core.telemetry.queries.sensing.observations import split_id
from zhicheng.core.telemetry.queries.sensing.rendering import moment
from zhicheng.core.telemetry.queries.streams import streams_of

_MOST_STREAMS = 1000
_OWNED = ("unit", "model", "district", "street", "community")  # what says whose a device is
_LINKED: Mapping[str, type[models.Model]] = {
    "Thing": Thing,
    "Sensor": Sensor,
    "ObservedProperty": ObservedProperty,
}


@dataclass(frozen=True)
class Named:
    """An entity that an address names."""

    entity: Entity
    id: Id


def check_named(named: Named, actor: Actor) -> None:
    """Whether somebody may change an entity: they manage every device that it is of, or that uses it.

    Raises:
        DevicesForbidden: one is another unit's.
    """
    name = named.entity.name
    number = split_id(named.id)[0] if name == "Observations" else int(named.id)
    of = {
        "Things": Q(pk=number),
        "Locations": Q(pk__in=ThingLocation.objects.filter(location=number).values("thing")),
        "HistoricalLocations": Q(pk__in=HistoricalLocation.objects.filter(pk=number).values("thing")),
    }
    by = {"Sensors": "sensor", "ObservedProperties": "observed_property", "FeaturesOfInterest": "feature"}
    using = Datastream.objects.filter(**{by.get(name, "pk"): number}).values("thing")
    things = Thing.objects.filter(of.get(name, Q(pk__in=using)))
    check_keepers(actor, things.order_by(*_OWNED).distinct(*_OWNED))


def change(named: Named, document: Document, context: Context, *, replace: bool = False) -> None:
    """Set what a document says; with `replace`, empty what it does not say.

    Raises:
        EntityUnknown: it, or what it is to be linked to, does not exist.
        DocumentRefused: a link that cannot be changed like this.
    """
    if named.entity.name == "Observations":
        _change_observation(named, document, context)
        return
    with transaction.atomic():
        row = _locked(named)
        encoding = getattr(row, "encoding_type", "")
        fields = fields_of(document, encoding=encoding)
        if replace:
            empty = {each.column: None for each in named.entity.properties.values() if each.kind in {"json", "area"}}
            fields = {**{name: None for name in empty if not _is_required(named.entity, name)}, **fields}
        for name, value in fields.items():
            setattr(row, name, value)
        _relink(row, named, document, context)
        row.save()


def link(owner: Named, name: str, target: Id, context: Context) -> None:
    """Link two entities that exist (POST or PUT of a reference).

    Raises:
        EntityUnknown, DocumentRefused: one does not exist, or they are not linked like this.
    """
    found = owner.entity.link(name)
    document = Document(owner.entity, {}, {name: (target,)})
    if owner.entity.name == "Locations" and name == "Things":
        with transaction.atomic():
            thing, place = resolve(Thing, target, context), resolve(Location, owner.id, context)
            place_thing(thing, [*_places(thing), place], now=context.now)
        return
    if found.many and owner.entity.name == "Things" and name == "Locations":
        with transaction.atomic():
            thing, place = resolve(Thing, owner.id, context), resolve(Location, target, context)
            place_thing(thing, [*(each for each in _places(thing) if each.pk != place.pk), place], now=context.now)
        return
    change(owner, document, context)


def unlink(owner: Named, name: str, target: Id) -> None:
    """End a link between a thing and a location.

    Raises:
        DocumentRefused: links of this kind cannot end.
        EntityUnknown: they are not linked.
    """
    pairs = {("Things", "Locations"): (owner.id, target), ("Locations", "Things"): (target, owner.id)}
    if (owner.entity.name, name) not in pairs:
        raise DocumentRefused(problem=f"{owner.entity.singular} 和 {name} 的关联不能解除，只能改为别的")
    thing, location = (int(each) for each in pairs[owner.entity.name, name])
    gone, _ = ThingLocation.objects.filter(thing=thing, location=location).delete()
    if not gone:
        raise EntityUnknown(name=f"{name}({target})")


def delete(named: Named) -> None:
    """Delete an entity and what cannot be without it. Readings stay in the lake, without a name.

    Raises:
        EntityUnknown: there is none.
        EntityTaken: too many others would go with it, or it belongs to the pack.
    """
    if named.entity.name == "Observations":
        stream, at_us = split_id(named.id)
        ObservationNote.objects.update_or_create(stream=stream, at_us=at_us, defaults={"deleted": True})
        return
    with transaction.atomic():
        row = _locked(named)
        gone = _streams_with(row)
        if len(gone) > _MOST_STREAMS:
            raise EntityTaken(problem=f"还有超过 {_MOST_STREAMS} 个数据流使用它")
        if getattr(row, "code", None) and isinstance(row, Sensor | ObservedProperty):
            raise EntityTaken(problem="它由城市包的设备型号维护")
        forget_streams(streams_of(gone))
        Datastream.objects.filter(pk__in=gone).delete()
        row.delete()


def _streams_with(row: models.Model) -> list[int]:
    found = {Thing: "thing", Sensor: "sensor", ObservedProperty: "observed_property"}.get(type(row))
    if isinstance(row, Datastream):
        return [row.pk]
    if found is None:
        return []
    return list(Datastream.objects.filter(**{found: row}).values_list("pk", flat=True)[: _MOST_STREAMS + 1])


def _locked(named: Named) -> Any:
    model = MODELS[named.entity.name]
    found = model._default_manager.select_for_update().filter(pk=named.id).first()
    if found is None:
        raise EntityUnknown(name=f"{named.entity.name}({named.id})")
    return found


def _is_required(entity: Entity, column: str) -> bool:
    return any(each.required for each in entity.properties.values() if each.column == column)


def _relink(row: Any, named: Named, document: Document, context: Context) -> None:
    for name, targets in document.links.items():
        found = named.entity.links[name]
        if found.field:
            setattr(row, found.field.removesuffix("_id"), resolve(_LINKED[name], targets[0], context))
        elif isinstance(row, Thing) and name == "Locations":
            place_thing(row, [resolve(Location, each, context) for each in targets], now=context.now)
        elif any(isinstance(each, Document) for each in targets):
            raise DocumentRefused(problem=f"修改时不能带上 {name} 的内容，请分开提交")


def _places(thing: Thing) -> list[Location]:
    return list(Location.objects.filter(pk__in=ThingLocation.objects.filter(thing=thing).values("location")))


def _change_observation(named: Named, document: Document, context: Context) -> None:
    """The reading stays as it was taken; what was changed is noted."""
    stream, at_us = split_id(named.id)
    said = {name: moment(value) for name, value in document.values.items() if name != "phenomenonTime"}
    target = document.one("FeatureOfInterest")
    with transaction.atomic():
        note, _ = ObservationNote.objects.select_for_update().get_or_create(stream=stream, at_us=at_us)
        note.said = {**note.said, **said}
        if target is not None:
            note.feature = resolve(FeatureOfInterest, target, context)
        note.save()
