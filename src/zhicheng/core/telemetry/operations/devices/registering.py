"""Devices registered from a list: each line checked, what is wrong told, the same list twice changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction

from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.core.telemetry.crypto import is_device_key
from zhicheng.core.telemetry.gate.passwords import change_secret
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
from zhicheng.core.telemetry.operations.sensing.placing import areas_of, feature_at, place_thing, stand_at
from zhicheng.core.telemetry.queries.devices.models import list_models, sensor_code
from zhicheng.core.telemetry.queries.devices.owning import check_manager, is_kept_by, managed_units
from zhicheng.core.telemetry.queries.streams import streams_of_things
from zhicheng.core.telemetry.values import DeviceModel, DeviceRow, Registration, Rejection
from zhicheng.kit.ids import uuid7

_CHUNK, _MOST_REJECTED = 1000, 1000
_MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
_GEOJSON = "application/geo+json"


@dataclass
class _Tally:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejection] = field(default_factory=list)


@dataclass(frozen=True)
class _Stock:
    """What lines are checked and made with."""

    models: Mapping[str, DeviceModel]
    sensors: Mapping[str, int]
    properties: Mapping[str, int]
    units: frozenset[str]
    managed: frozenset[str] | None  # by whoever registers; None for all
    now: datetime


def register_devices(rows: Iterable[DeviceRow], *, actor: Actor, now: datetime) -> Registration:
    """Register devices, or renew what is known of them; wrong lines and others' devices are left out and told.

    Raises:
        DevicesForbidden: the actor may not register devices.
    """
    check_manager(actor)
    stock = _stock(actor, now)
    tally, seen, lines = _Tally(), set[str](), iter(rows)
    while chunk := list(islice(lines, _CHUNK)):
        good = [row for row in chunk if _is_good(row, stock, seen, tally.rejected)]
        with transaction.atomic():
            touched = _store(good, stock, tally)
        if touched:
            register_streams(streams_of_things(touched))
    done = Registration(tally.created, tally.updated, tally.unchanged, tuple(tally.rejected[:_MOST_REJECTED]))
    note(actor, "telemetry.devices_registered", "devices", now, created=done.created, updated=done.updated)
    return done


def note(actor: Actor, action: str, subject: str, now: datetime, **data: int | str) -> None:
    """Write an act into the ledger."""
    with transaction.atomic():
        record(Entry(uuid7(now), now, actor.ref, action, subject, data=data))


def _stock(actor: Actor, now: datetime) -> _Stock:
    sensors = {str(code): pk for code, pk in Sensor.objects.filter(code__isnull=False).values_list("code", "id")}
    listed = ObservedProperty.objects.filter(code__isnull=False).values_list("code", "id")
    properties = {str(code): pk for code, pk in listed}
    units = frozenset(code for code, unit in get_unit_tree().all().items() if unit.ended_date is None)
    return _Stock(list_models(), sensors, properties, units, managed_units(actor), now)


def _is_good(row: DeviceRow, stock: _Stock, seen: set[str], rejected: list[Rejection]) -> bool:
    reason = _fault(row, stock, seen)
    if reason:
        rejected.append(Rejection(row.line, row.key[:64], reason))
        return False
    seen.add(row.key)
    return True


def _fault(row: DeviceRow, stock: _Stock, seen: set[str]) -> str:
    if not is_device_key(row.key):
        return "设备编号只能用字母、数字、- 和 _，不超过 64 个字符"
    if row.key in seen:
        return "这个设备编号在文件里出现了两次"
    if row.model not in stock.models:
        return f"没有型号 {row.model[:40]}，可选：{'、'.join(sorted(stock.models)) or '无'}"
    if not row.name.strip() or len(row.name) > 255:
        return "请填写名称，不超过 255 个字"
    if row.unit and row.unit not in stock.units:
        return f"没有单位 {row.unit[:40]}，或者它已经撤销"
    return _place_fault(row)


def _place_fault(row: DeviceRow) -> str:
    if row.longitude is None or row.latitude is None:
        return "请填写经度和纬度（WGS84）"
    if not (-180 <= row.longitude <= 180 and -90 <= row.latitude <= 90):
        return "经纬度超出范围，可能写反了：先经度，后纬度"
    if not areas_of(row.longitude, row.latitude)["district"] and areas_of(row.latitude, row.longitude)["district"]:
        return "经纬度写反了：先经度，后纬度"
    return ""


def _store(rows: Sequence[DeviceRow], stock: _Stock, tally: _Tally) -> list[int]:
    """Store good lines; the ids of things that are new or changed."""
    known = {thing.key: thing for thing in Thing.objects.filter(key__in=[row.key for row in rows])}
    rows = [row for row in rows if _is_ours(row, known.get(row.key), stock, tally.rejected)]
    fresh = [row for row in rows if row.key not in known]
    made = _create(fresh, stock)
    tally.created += len(made)
    touched = [thing.pk for thing in made]
    codes = _codes_of([thing.pk for thing in known.values()])
    for row in rows:
        thing = known.get(row.key)
        if thing is None:
            continue
        if _renew(thing, row, stock, codes.get(thing.pk, set())):
            tally.updated += 1
            touched.append(thing.pk)
        else:
            tally.unchanged += 1
    return touched


def _is_ours(row: DeviceRow, thing: Thing | None, stock: _Stock, rejected: list[Rejection]) -> bool:
    """Whether the device, as it is and as it shall be, is of a unit that whoever registers manages devices of."""
    if stock.managed is None:
        return True
    wished = _thing(row, stock)
    wished.model = thing.model if thing else row.model
    if is_kept_by(wished, stock.managed) and (thing is None or is_kept_by(thing, stock.managed)):
        return True
    rejected.append(Rejection(row.line, row.key, "这台设备归别的单位管理"))
    return False


def _create(rows: Sequence[DeviceRow], stock: _Stock) -> list[Thing]:
    things = Thing.objects.bulk_create([_thing(row, stock) for row in rows])
    pairs = list(zip(rows, things, strict=True))
    places = Location.objects.bulk_create([_location(row, thing) for row, thing in pairs])
    ThingLocation.objects.bulk_create(
        [ThingLocation(thing=thing, location=place) for thing, place in zip(things, places, strict=True)]
    )
    past = HistoricalLocation.objects.bulk_create([HistoricalLocation(thing=each, time=stock.now) for each in things])
    HistoricalPlace.objects.bulk_create(
        [HistoricalPlace(historical=each, location=place) for each, place in zip(past, places, strict=True)]
    )
    features = FeatureOfInterest.objects.bulk_create([feature_at(place) for place in places])
    Datastream.objects.bulk_create(
        stream for thing, feature in zip(things, features, strict=True) for stream in _streams(thing, feature, stock)
    )
    return things


def _thing(row: DeviceRow, stock: _Stock) -> Thing:
    model = stock.models[row.model]
    thing = Thing(
        key=row.key,
        name=row.name.strip(),
        description=row.description or model.label,
        properties=_properties(row),
        model=row.model,
        unit=row.unit,
        site=row.group,
        access=model.access,
        registered_at=stock.now,
    )
    if row.longitude is not None and row.latitude is not None:
        stand_at(thing, row.longitude, row.latitude)
    return thing


def _properties(row: DeviceRow) -> dict[str, str]:
    found = {"deviceKey": row.key, "model": row.model}
    return {**found, "group": row.group} if row.group else found


def _location(row: DeviceRow, thing: Thing) -> Location:
    return Location(
        name=thing.name,
        description=thing.name,
        encoding_type=_GEOJSON,
        location={"type": "Point", "coordinates": [row.longitude, row.latitude]},
        west=row.longitude,
        south=row.latitude,
        east=row.longitude,
        north=row.latitude,
        access=thing.access,
    )


def _streams(thing: Thing, feature: FeatureOfInterest | None, stock: _Stock) -> list[Datastream]:
    model = stock.models[thing.model]
    return [
        Datastream(
            thing=thing,
            sensor_id=stock.sensors[sensor_code(model.code)],
            observed_property_id=stock.properties[stream.property],
            feature=feature,
            code=stream.code,
            kind=f"{model.code}/{stream.code}",
            name=f"{thing.name}·{stream.label}"[:255],
            description=stream.label,
            observation_type=_MEASUREMENT,
            unit={"name": stream.unit_label, "symbol": stream.unit, "definition": f"ucum:{stream.unit}"},
            interval_s=stream.interval_s,
            access=model.access,
        )
        for stream in model.streams
    ]


def _codes_of(things: Sequence[int]) -> dict[int, set[str]]:
    """The streams that things have, by thing."""
    found: dict[int, set[str]] = {}
    for thing, code in Datastream.objects.filter(thing__in=things).values_list("thing_id", "code"):
        found.setdefault(thing, set()).add(code)
    return found


def _renew(thing: Thing, row: DeviceRow, stock: _Stock, have: set[str]) -> bool:
    """Set what differs; whether anything did. A device that was retired is in use again; its model never changes."""
    moved = (thing.longitude, thing.latitude) != (row.longitude, row.latitude)
    wanted = {"name": row.name.strip(), "unit": row.unit, "site": row.group, "state": "active"}
    wished = _streams(thing, None, stock) if thing.model in stock.models else []
    missing = [each for each in wished if each.code not in have]
    if not (moved or missing) and all(getattr(thing, name) == value for name, value in wanted.items()):
        return False
    if thing.state != "active":
        change_secret(thing.key, thing.key_epoch)  # it was locked out
    for name, value in wanted.items():
        setattr(thing, name, value)
    thing.properties = {**(thing.properties or {}), **_properties(row), "model": thing.model}
    thing.retired_at = None
    if moved:
        place = _location(row, thing)
        place.save()
        place_thing(thing, [place], now=stock.now)
    thing.save()
    Datastream.objects.bulk_create(missing)
    return True
