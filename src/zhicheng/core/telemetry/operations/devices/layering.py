"""The layer of devices on the map, fed from the registry and the newest readings."""

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection

from zhicheng.core.packs.public import NoPackInstalled
from zhicheng.core.places.public import LayerUnknown, get_layer, install_layer
from zhicheng.core.telemetry.queries.devices.lists import alarmed_things, silence_of
from zhicheng.core.telemetry.queries.devices.models import list_models
from zhicheng.core.telemetry.queries.latest import latest_of
from zhicheng.core.telemetry.values import from_us, to_us

LAYER = "device"
_MOST = 500_000
_MANY, _MANY_EVERY = 20_000, timedelta(minutes=10)
_AT_LEAST_EVERY = timedelta(minutes=10)
_THINGS = (
    "SELECT t.id, t.key, t.name, t.model, t.unit, t.district, t.street, t.community, t.grid, t.longitude, t.latitude "
    "FROM telemetry_thing t WHERE t.state = 'active' AND t.longitude IS NOT NULL AND t.latitude IS NOT NULL "
    "ORDER BY t.id LIMIT %s"
)
_STREAMS = "SELECT d.id, d.thing_id FROM telemetry_datastream d WHERE d.thing_id BETWEEN %s AND %s ORDER BY d.thing_id"


class LayerFeeder:
    """Writes the layer when a state has changed; a large one every ten minutes at most."""

    def __init__(self) -> None:
        self._digest = ""
        self._fed_at: datetime | None = None
        self._count = 0

    def feed(self, now: datetime) -> int:
        """Look at the devices; how many are on the map anew."""
        waited = timedelta.max if self._fed_at is None else now - self._fed_at
        if not _is_declared() or (self._count > _MANY and waited < _MANY_EVERY):
            return 0
        table = device_table(now)
        self._count = len(table)
        digest = _digest(table)
        if not self._count or (digest == self._digest and waited < _AT_LEAST_EVERY):
            return 0
        install_layer(LAYER, table, actor="system:telemetry", now=now)
        self._digest, self._fed_at = digest, now
        return self._count


def feed_layer(now: datetime) -> int:
    """The duty of the worker."""
    return _feeder().feed(now)


@lru_cache(maxsize=1)
def _feeder() -> LayerFeeder:
    return LayerFeeder()


def _is_declared() -> bool:
    try:
        get_layer(LAYER)
    except (LayerUnknown, NoPackInstalled):
        return False
    return True


def _digest(table: pa.Table) -> str:
    """Of everything but when devices were last heard of."""
    hashed = hashlib.sha256()
    for name in ("device_key", "name", "state", "longitude", "latitude"):
        hashed.update("\n".join(str(value) for value in table.column(name).to_pylist()).encode())
    return hashed.hexdigest()


def device_table(now: datetime) -> pa.Table:
    """Every device in use that has a place, as the layer's columns have it."""
    with connection.cursor() as cursor:
        cursor.execute(_THINGS, [_MOST])
        things = cursor.fetchall()
    last_us = _last_heard([row[0] for row in things])
    alarmed = alarmed_things([row[0] for row in things])
    rows = [_row(row, int(at_us), row[0] in alarmed, now) for row, at_us in zip(things, last_us, strict=True)]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("device_key", "name", "model", "kind", "state", "unit")),
        *((name, pa.string()) for name in ("district", "street", "community", "grid")),
        ("longitude", pa.float64()),
        ("latitude", pa.float64()),
        ("last_seen", pa.timestamp("us", "UTC")),
    ]
)


def _last_heard(things: list[int]) -> Any:
    """The newest instant of each thing; 0 where there is none."""
    newest = np.zeros(len(things), np.int64)
    if not things:
        return newest
    with connection.cursor() as cursor:
        cursor.execute(_STREAMS, [things[0], things[-1]])
        streams = np.array(cursor.fetchall(), np.int64).reshape(-1, 2)
    places = np.searchsorted(things, streams[:, 1])
    places = np.minimum(places, len(things) - 1)
    mine = np.asarray(things, np.int64)[places] == streams[:, 1]
    found = latest_of(streams[mine, 0])
    np.maximum.at(newest, places[mine], np.where(found.known, found.at_us, 0))
    return newest


def _row(row: Any, at_us: int, is_alarmed: bool, now: datetime) -> dict[str, Any]:
    _, key, name, model, unit, district, street, community, grid, longitude, latitude = row
    known = list_models().get(model)
    late = at_us < to_us(now) - int(silence_of(model) * 1_000_000)
    state = "alarm" if is_alarmed else "unheard" if not at_us else "offline" if late else "online"
    return {
        "device_key": key,
        "name": name,
        "model": known.label if known else model,
        "kind": known.kind if known else "other",
        "state": state,
        "unit": unit,
        "district": district,
        "street": street,
        "community": community,
        "grid": grid,
        "longitude": longitude,
        "latitude": latitude,
        "last_seen": from_us(at_us) if at_us else None,
    }
