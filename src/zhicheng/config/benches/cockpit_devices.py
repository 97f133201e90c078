"""Devices on the map of the city whose environment this is, and who looks at it: made in the database, by copying."""

from typing import Any

import numpy as np
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from zhicheng.config.benches.ingest_devices import application_key, smoke_detectors
from zhicheng.core.parties.public import find_account
from zhicheng.core.places.public import list_landmarks
from zhicheng.core.telemetry.public import accept_readings, find_streams_of, list_models, register_streams
from zhicheng.core.telemetry.values import ReadingBatch, StreamTable, to_us
from zhicheng.kit.clock import now

_MODEL, _READER = "charging_spot", "leader"
_SPREAD = 0.02  # degrees around a well-known place
_SEED, _SILENT = 20260105, 20  # one of so many was never heard of
_THING = (
    "COPY telemetry_thing (key, name, description, model, unit, site, state, access, district, street, community, "
    "grid, longitude, latitude, key_epoch, registered_at) FROM STDIN"
)
_STREAM = (
    "INSERT INTO telemetry_datastream (thing_id, sensor_id, observed_property_id, code, kind, name, description, "
    "observation_type, unit, interval_s, access) "
    "SELECT t.id, s.id, p.id, %s, %s, t.name, '', '', '{}'::jsonb, %s, t.access FROM telemetry_thing t, "
    "(SELECT id FROM telemetry_sensor WHERE code = %s) s, "
    "(SELECT id FROM telemetry_observedproperty WHERE code = %s) p "
    "WHERE t.key LIKE 'BENCH-%%' ORDER BY t.id RETURNING id, thing_id"
)


def prepare_cockpit(count: int) -> dict[str, Any]:
    """So many devices, nearly all heard of just now; a leader's session; detectors that can be set off."""
    stream = list_models()[_MODEL].streams[0]
    _copy_things(count)
    with connection.cursor() as cursor:
        given: list[str | float] = [
            stream.code,
            f"{_MODEL}/{stream.code}",
            stream.interval_s,
            f"model:{_MODEL}",
            stream.property,
        ]
        cursor.execute(_STREAM, given)
        ids = np.array([row[0] for row in cursor.fetchall()], np.int64)
    keys = [f"BENCH-{number}/{stream.code}" for number in range(len(ids))]
    register_streams(StreamTable(ids, keys, np.full(len(ids), stream.interval_s, np.float32)))
    at = now()
    talking = ids[np.arange(len(ids)) % _SILENT != 0]
    heard = ReadingBatch(talking, np.full(len(talking), to_us(at), np.int64), np.zeros(len(talking)))
    accept_readings(heard, source="bench", now=at)
    return {"devices": len(ids), "session": _session(), "detectors": _smoke_streams(), "key": application_key()}


def _copy_things(count: int) -> None:
    draw = np.random.default_rng(_SEED)
    marks = [(mark.point.longitude, mark.point.latitude) for mark in list_landmarks()]
    around = np.array(marks)[draw.integers(0, len(marks), count)]
    points = around + draw.normal(0, _SPREAD, (count, 2))
    access, at = list_models()[_MODEL].access, now()
    with connection.cursor() as cursor, cursor.copy(_THING) as copy:
        for number, (longitude, latitude) in enumerate(points.tolist()):
            given = (f"BENCH-{number}", f"设备 {number}", "", _MODEL, "", "", "active", access)
            copy.write_row((*given, "", "", "", "", longitude, latitude, 0, at))


def _smoke_streams() -> list[int]:
    found = find_streams_of([f"{each['user']}/smoke" for each in smoke_detectors()])
    return [int(stream) for stream in found]


def _session() -> str:
    """The key of a session of the demo's leader, as the sign-in page would have begun it."""
    account = get_user_model().objects.get(pk=str(find_account(_READER)))
    client = Client()
    client.force_login(account)
    return client.cookies["sessionid"].value
