"""Datastreams as ingest needs them: which key sends into which stream, and how often."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db import connection

from zhicheng.core.telemetry.values import StreamTable

_STREAMS = (
    "SELECT d.id, t.key || '/' || d.code, d.interval_s FROM telemetry_datastream d "
    "JOIN telemetry_thing t ON t.id = d.thing_id WHERE "
)


def list_streams(*, after: int = 0, limit: int = 100_000) -> StreamTable:
    """Streams of active things with an id beyond `after`, in the order of ids: page on with the last one."""
    return _table(f"{_STREAMS} d.id > %s AND t.state = 'active' ORDER BY d.id LIMIT %s", [after, limit])


def streams_of(streams: Sequence[int]) -> StreamTable:
    """Some streams, whatever the state of their things."""
    return _table(f"{_STREAMS} d.id = ANY(%s) ORDER BY d.id", [list(streams)])


def streams_of_things(things: Sequence[int]) -> StreamTable:
    """Every stream of some things."""
    return _table(f"{_STREAMS} d.thing_id = ANY(%s) ORDER BY d.id", [list(things)])


def _table(sql: str, params: Sequence[Any]) -> StreamTable:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    return StreamTable(
        np.array([row[0] for row in rows], dtype=np.int64),
        [row[1] for row in rows],
        np.array([row[2] for row in rows], dtype=np.float32),
    )
