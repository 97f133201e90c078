"""Every device in use that has a place, and its streams, in columns: 100,000 rows come as a few long byte strings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from zhicheng.core.telemetry.values import Ints, Reals

MOST = 500_000
_THINGS = """
SELECT string_agg(int8send(id), ''), string_agg(float8send(longitude), ''), string_agg(float8send(latitude), ''),
  string_agg(int4send(coalesce(array_position(%s::text[], model::text), 0)), '')
FROM (SELECT id, longitude, latitude, model FROM telemetry_thing
  WHERE state = 'active' AND longitude IS NOT NULL AND latitude IS NOT NULL ORDER BY id LIMIT %s) t
"""
_STREAMS = """
SELECT string_agg(int8send(id), ''), string_agg(int8send(thing_id), '')
FROM (SELECT d.id, d.thing_id FROM telemetry_datastream d WHERE d.thing_id BETWEEN %s AND %s ORDER BY d.thing_id) s
"""
_MARK = "SELECT (SELECT max(id) FROM telemetry_thing), (SELECT max(id) FROM telemetry_historicallocation)"
_ALARMED = """
SELECT DISTINCT m.thing_id FROM telemetry_alarmmember m JOIN telemetry_alarm a ON a.id = m.alarm_id
WHERE m.cleared_us IS NULL AND a.closed_at IS NULL
"""


@dataclass(frozen=True)
class Registered:
    """Devices sorted by `thing`; `model` is the place of the model in the list asked with, from 1; 0 is another.

    `stream` and `owner` are the streams of these devices and the places of their devices here.
    """

    thing: Ints
    longitude: Reals
    latitude: Reals
    model: NDArray[np.int32]
    stream: Ints
    owner: Ints


def registered_devices(models: Sequence[str], most: int = MOST) -> Registered:
    """The first so many by their ids."""
    with connection.cursor() as cursor:
        cursor.execute(_THINGS, [list(models), most])
        thing, longitude, latitude, model = _columns(cursor.fetchone(), (">i8", ">f8", ">f8", ">i4"))
        cursor.execute(_STREAMS, [int(thing[0]) if len(thing) else 0, int(thing[-1]) if len(thing) else -1])
        stream, owner = _columns(cursor.fetchone(), (">i8", ">i8"))
    places = np.minimum(np.searchsorted(thing, owner), max(len(thing) - 1, 0))
    mine = thing[places] == owner if len(thing) else np.zeros(0, np.bool_)
    return Registered(thing, longitude, latitude, model.astype(np.int32), stream[mine], places[mine])


def registry_mark() -> tuple[int, int]:
    """Another one whenever a device was added or moved; what was retired does not change it."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK)
        newest, moved = cursor.fetchone()
    return newest or 0, moved or 0


def alarmed_everywhere() -> Ints:
    """Devices at which an alarm is on whose case is open."""
    with connection.cursor() as cursor:
        cursor.execute(_ALARMED)
        return np.array([row[0] for row in cursor.fetchall()], np.int64)


def _columns(row: Sequence[Any], kinds: Sequence[str]) -> list[NDArray[Any]]:
    return [
        np.frombuffer(bytes(each or b""), kind).astype(np.dtype(kind).newbyteorder("="))
        for each, kind in zip(row, kinds, strict=True)
    ]
