"""Devices as pages and the map show them: lists, one device with what it measures, what waits for approval."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from django.db.models import Q

from zhicheng.core.telemetry.errors import DeviceUnknown
from zhicheng.core.telemetry.models import Alarm, AlarmMember, Candidate, Datastream, Maintenance, Thing
from zhicheng.core.telemetry.queries.devices.models import list_models
from zhicheng.core.telemetry.queries.history import history
from zhicheng.core.telemetry.queries.latest import latest_of
from zhicheng.core.telemetry.values import from_us, to_us

_DEFAULT_SILENT_S = 3600.0
_LATE = 3  # so many missed intervals are silence where no rule says more


@dataclass(frozen=True)
class DeviceFilter:
    """What a list is narrowed to; empty values do not narrow. `text` is the beginning of a key or a name."""

    text: str = ""
    model: str = ""
    area: str = ""
    state: str = "active"


@dataclass(frozen=True)
class Measured:
    """The newest reading of one stream of a device."""

    stream: int
    code: str
    label: str
    unit: str
    value: float | None
    text: str | None
    at: datetime | None
    interval_s: float


@dataclass(frozen=True)
class Device:
    """A device with its state: online, offline, alarm, unheard (never heard of) or retired."""

    key: str
    name: str
    model: str
    unit: str
    site: str
    district: str
    street: str
    community: str
    grid: str
    longitude: float | None
    latitude: float | None
    state: str
    last_seen: datetime | None
    measured: tuple[Measured, ...]
    registered_at: datetime
    thing: int


@dataclass(frozen=True)
class DevicePage:
    """A page; `after` is where the next one begins, 0 at the end."""

    devices: Sequence[Device]
    after: int


@dataclass(frozen=True)
class AlarmLine:
    """An alarm of a device."""

    number: str
    rule: str
    raised_at: datetime
    cleared_at: datetime | None
    times: int
    is_closed: bool


def list_devices(wanted: DeviceFilter, *, now: datetime, after: int = 0, limit: int = 25) -> DevicePage:
    """Devices in the order of their registration."""
    things = list(Thing.objects.filter(_condition(wanted), pk__gt=after).order_by("pk")[: limit + 1])
    shown = things[:limit]
    return DevicePage(devices_of(shown, now), shown[-1].pk if len(things) > limit else 0)


def get_device(key: str, *, now: datetime) -> Device:
    """One device.

    Raises:
        DeviceUnknown: there is none with this key.
    """
    thing = Thing.objects.filter(key=key).first()
    if thing is None:
        raise DeviceUnknown(key=key[:64])
    return devices_of([thing], now)[0]


def device_of_thing(thing_id: int, *, now: datetime) -> Device:
    """One device by the number of its thing.

    Raises:
        DeviceUnknown: there is none.
    """
    thing = Thing.objects.filter(pk=thing_id).first()
    if thing is None:
        raise DeviceUnknown(key=str(thing_id))
    return devices_of([thing], now)[0]


def _condition(wanted: DeviceFilter) -> Q:
    condition = Q(state=wanted.state) if wanted.state else Q()
    if wanted.model:
        condition &= Q(model=wanted.model)
    if wanted.area:
        column = {6: "district", 9: "street"}.get(len(wanted.area), "community")
        condition &= Q(**{column: wanted.area})
    if wanted.text:
        condition &= Q(key__startswith=wanted.text) | Q(name__startswith=wanted.text)
    return condition


def devices_of(things: Sequence[Thing], now: datetime) -> list[Device]:
    """Things with their newest readings and their state."""
    streams = list(Datastream.objects.filter(thing__in=[thing.pk for thing in things]).order_by("pk"))
    newest = _newest([stream.pk for stream in streams])
    alarmed = alarmed_things([thing.pk for thing in things])
    by_thing: dict[int, list[Measured]] = {}
    for stream in streams:
        by_thing.setdefault(stream.thing_id, []).append(_measured(stream, newest))
    return [_device(thing, tuple(by_thing.get(thing.pk, ())), thing.pk in alarmed, now) for thing in things]


def _newest(streams: Sequence[int]) -> Mapping[int, tuple[datetime, float | None, str | None]]:
    found = latest_of(np.array(streams, dtype=np.int64))
    rows = zip(found.stream, found.known, found.at_us, found.value, found.text, strict=True)
    return {
        int(stream): (from_us(int(at_us)), None if np.isnan(value) else float(value), text)
        for stream, known, at_us, value, text in rows
        if known
    }


def _measured(stream: Datastream, newest: Mapping[int, tuple[datetime, float | None, str | None]]) -> Measured:
    at, value, text = newest.get(stream.pk, (None, None, None))
    unit = str(stream.unit.get("symbol") or "")
    label = stream.description or stream.name
    return Measured(stream.pk, stream.code, label, "" if unit == "1" else unit, value, text, at, stream.interval_s)


def alarmed_things(things: Iterable[int]) -> set[int]:
    """Those of some things at which an alarm is on whose case is open."""
    active = AlarmMember.objects.filter(thing__in=list(things), cleared_us__isnull=True, alarm__closed_at__isnull=True)
    return set(active.values_list("thing_id", flat=True))


def _device(thing: Thing, measured: tuple[Measured, ...], is_alarmed: bool, now: datetime) -> Device:
    seen = [each.at for each in measured if each.at is not None]
    last = max(seen) if seen else None
    return Device(
        key=thing.key,
        name=thing.name,
        model=thing.model,
        unit=thing.unit,
        site=thing.site,
        district=thing.district,
        street=thing.street,
        community=thing.community,
        grid=thing.grid,
        longitude=thing.longitude,
        latitude=thing.latitude,
        state=_state(thing, last, is_alarmed, now),
        last_seen=last,
        measured=measured,
        registered_at=thing.registered_at,
        thing=thing.pk,
    )


def _state(thing: Thing, last: datetime | None, is_alarmed: bool, now: datetime) -> str:
    if thing.state != "active":
        return "retired"
    if is_alarmed:
        return "alarm"
    if last is None:
        return "unheard"
    return "offline" if (now - last).total_seconds() > silence_of(thing.model) else "online"


def silence_of(model: str) -> float:
    """After how many seconds a device of a model counts as offline."""
    known = list_models().get(model)
    if known is None:
        return _DEFAULT_SILENT_S
    told = [one.threshold for rule in known.alarms for one in rule.conditions if one.kind == "silent"]
    intervals = [stream.interval_s for stream in known.streams if stream.interval_s > 0]
    return min(told) if told else max(_LATE * min(intervals), 60.0) if intervals else _DEFAULT_SILENT_S


def course_of(stream: int, *, since: datetime, until: datetime, step: timedelta) -> list[dict[str, Any]]:
    """A stream in steps: at, min, max, mean, count of each step that has readings."""
    table: pa.Table = history(stream, since, until, step=step)
    return [dict(row) for row in table.to_pylist()]


def gaps_of(stream: int, interval_s: float, *, since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """When a stream said nothing for more than three intervals; the newest ten."""
    if interval_s <= 0:
        return []
    at_us = history(stream, since, until, limit=0).column("at").cast(pa.int64()).to_numpy()
    ends = np.append(at_us, to_us(until))
    begins = np.concatenate(([at_us[0]], at_us)) if len(at_us) else ends
    wide = np.flatnonzero(ends - begins > _LATE * interval_s * 1_000_000)
    return [(from_us(int(begins[row])), from_us(int(ends[row]))) for row in wide[::-1][:10]]


def alarms_of_device(thing: int, limit: int = 20) -> list[AlarmLine]:
    """The newest alarms of a device."""
    members = AlarmMember.objects.select_related("alarm").filter(thing=thing).order_by("-pk")[:limit]
    return [
        AlarmLine(
            member.alarm.number,
            member.alarm.rule,
            from_us(member.raised_us),
            None if member.cleared_us is None else from_us(member.cleared_us),
            member.times,
            member.alarm.closed_at is not None,
        )
        for member in members
    ]


def get_alarm(number: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An alarm by the number of its case, and the first 500 of its devices.

    Raises:
        DeviceUnknown: there is none.
    """
    alarm = Alarm.objects.filter(number=number).first()
    if alarm is None:
        raise DeviceUnknown(key=number[:24])
    members = AlarmMember.objects.select_related("thing").filter(alarm=alarm).order_by("pk")[:500]
    shown = {
        "number": alarm.number,
        "severity": alarm.severity,
        "members": alarm.members,
        "active": alarm.active,
        "raised_at": alarm.raised_at,
        "cleared_at": alarm.cleared_at,
        "reason": alarm.reason,
    }
    return shown, [
        {
            "key": member.thing.key,
            "name": member.thing.name,
            "raised_at": from_us(member.raised_us),
            "cleared_at": None if member.cleared_us is None else from_us(member.cleared_us),
            "value": member.value,
            "times": member.times,
        }
        for member in members
    ]


def list_candidates(limit: int = 200) -> list[Candidate]:
    """Devices that wait for approval, oldest first."""
    return list(Candidate.objects.filter(state="pending").order_by("pk")[:limit])


def list_maintenance(thing: int, *, now: datetime) -> list[Maintenance]:
    """Maintenance windows of a device that have not ended."""
    return list(Maintenance.objects.filter(thing=thing, ends_at__gt=now).order_by("starts_at")[:20])
