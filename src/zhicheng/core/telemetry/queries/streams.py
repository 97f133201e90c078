"""Datastreams as ingest needs them: which key sends into which stream, and how often."""

import numpy as np
from django.db import connection

from zhicheng.core.telemetry.values import StreamTable


def list_streams(*, after: int = 0, limit: int = 100_000) -> StreamTable:
    """Streams of active things with an id beyond `after`, in the order of ids: page on with the last one."""
    sql = (
        "SELECT d.id, t.key || '/' || d.code, d.interval_s FROM telemetry_datastream d "
        "JOIN telemetry_thing t ON t.id = d.thing_id WHERE d.id > %s AND t.state = 'active' ORDER BY d.id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [after, limit])
        rows = cursor.fetchall()
    return StreamTable(
        np.array([row[0] for row in rows], dtype=np.int64),
        [row[1] for row in rows],
        np.array([row[2] for row in rows], dtype=np.float32),
    )
