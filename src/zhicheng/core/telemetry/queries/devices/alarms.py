"""What raising alarms needs to know: streams with their devices, conditions that hold, devices in maintenance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from zhicheng.core.telemetry.base.watching import ON, TELLING
from zhicheng.core.telemetry.models import Maintenance
from zhicheng.core.telemetry.queries.devices.watched import open_watched
from zhicheng.core.telemetry.values import AlarmRule

_COLUMNS = (
    "d.id, d.code, t.id, t.key, t.name, t.model, t.unit, t.district, t.street, t.community, t.grid, "
    "t.longitude, t.latitude, t.site"
)
_FROM = "FROM telemetry_datastream d JOIN telemetry_thing t ON t.id = d.thing_id"


@dataclass(frozen=True)
class Stream:
    """A stream with the device that it belongs to."""

    id: int
    code: str
    thing: int
    key: str
    name: str
    model: str
    unit: str
    district: str
    street: str
    community: str
    grid: str
    longitude: float | None
    latitude: float | None
    site: str


def streams_by_id(ids: Iterable[int]) -> Mapping[int, Stream]:
    """Streams of devices that are in use."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} {_FROM} WHERE d.id = ANY(%s) AND t.state = 'active'", [list(ids)])
        return {row[0]: Stream(*row) for row in cursor.fetchall()}


def siblings_of(stream: Stream, codes: Iterable[str], *, grouped: bool) -> list[Stream]:
    """Streams of some codes at the same device, or at the devices of the same model at its site."""
    sql = f"SELECT {_COLUMNS} {_FROM} WHERE d.code = ANY(%s) AND "
    where = "t.id = %s"
    params: list[int | str] = [stream.thing]
    if grouped and stream.site:
        where, params = "t.site = %s AND t.model = %s", [stream.site, stream.model]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} {where} AND t.state = 'active' LIMIT 1000", [list(codes), *params])
        return [Stream(*row) for row in cursor.fetchall()]


def hits_of(rule: AlarmRule, stream: Stream) -> list[Stream]:
    """The streams at which a condition of a rule holds now, at the device or at its site."""
    watched = open_watched()
    codes = {condition.stream for condition in rule.conditions}
    near = siblings_of(stream, codes, grouped=rule.scope == "group")
    kinds = watched.kinds()["kinds"]
    found = []
    for each in near:
        known = kinds.get(f"{each.model}/{each.code}")
        places = [known["codes"].index(one.code) for one in rule.conditions if known and one.code in known["codes"]]
        if each.id < len(watched) and any(watched.phase[each.id, place] in (TELLING, ON) for place in places):
            found.append(each)
    return found


def maintained(streams: Iterable[Stream], now: datetime) -> set[int]:
    """Things that raise nothing now."""
    windows = list(Maintenance.objects.filter(ends_at__gt=now, starts_at__lte=now))
    if not windows:
        return set()
    return {stream.thing for stream in streams if any(_covers(window, stream) for window in windows)}


def _covers(window: Maintenance, stream: Stream) -> bool:
    if window.thing_id is not None:
        return window.thing_id == stream.thing
    areas = {"", stream.district, stream.street, stream.community}
    return window.model in {"", stream.model} and window.area in areas
