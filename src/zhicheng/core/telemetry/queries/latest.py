"""The newest reading of streams, and which of them have fallen silent: from columns in memory, no database."""

from datetime import datetime, timedelta

import numpy as np

from zhicheng.core.telemetry.base.screening import silent_streams
from zhicheng.core.telemetry.queries.stores import open_columns, open_directory
from zhicheng.core.telemetry.values import Ints, LatestBatch, to_us


def latest_of(streams: Ints) -> LatestBatch:
    """The newest reading of each stream, in the order asked. Of a text, as much as 128 bytes hold."""
    columns = open_columns()
    asked = np.asarray(streams, np.int64)
    columns.see(int(asked.max(initial=0)))
    inside = np.where((asked > 0) & (asked < len(columns)), asked, 0)
    at_us = columns.at_us[inside]
    is_text = columns.is_text[inside] != 0
    text = np.full(len(asked), None, dtype=object)
    for row in np.flatnonzero(is_text):
        text[row] = bytes(columns.text[inside[row]]).decode(errors="ignore")
    return LatestBatch(
        stream=asked,
        known=at_us > 0,
        at_us=at_us,
        value=np.where(is_text | (at_us == 0), np.nan, columns.value[inside]),
        received_us=columns.received_us[inside],
        quality=columns.quality[inside],
        text=text,
    )


def latest_instants(streams: Ints) -> Ints:
    """When the newest reading of each stream was made; 0 where there is none. For many streams at once."""
    columns = open_columns()
    columns.see(int(streams.max(initial=0)))
    inside = np.where((streams > 0) & (streams < len(columns)), streams, 0)
    found: Ints = np.asarray(columns.at_us[inside], np.int64)
    return found


def silent_since(seconds: float, *, now: datetime) -> Ints:
    """Streams that were heard of once, but not in the last so many seconds."""
    columns = open_columns()
    found: Ints = silent_streams(columns.known, columns.received_us, to_us(now - timedelta(seconds=seconds)))
    return found


def find_streams_of(keys: list[str]) -> Ints:
    """The stream of each key `<device key>/<stream code>`; 0 where ingest knows none."""
    return open_directory().find_keys(keys)


def counts_of(streams: Ints) -> dict[str, Ints]:
    """How many readings of each stream were accepted, repeated, and refused for which reason."""
    columns = open_columns()
    asked = np.asarray(streams, np.int64)
    columns.see(int(asked.max(initial=0)))
    inside = np.where((asked > 0) & (asked < len(columns)), asked, 0)
    names = ("accepted", "duplicate", "not_a_number", "far_future", "too_often")
    return {name: getattr(columns, name)[inside].astype(np.int64) for name in names}
