"""Readings of one stream in the order of time, part by part, so that nobody reads much more than is asked for."""

from collections.abc import Iterator

import pyarrow as pa

from zhicheng.core.telemetry.queries.history import history
from zhicheng.core.telemetry.values import Reading, from_us

HOUR_US = 3_600_000_000
_FEW = 500


def read_window(stream: int, since_us: int, until_us: int) -> list[Reading]:
    """Every reading of a stream from one instant to another, both included, oldest first."""
    return readings_of(history(stream, from_us(since_us), from_us(until_us + 1), limit=0))


def readings_of(table: pa.Table) -> list[Reading]:
    """The rows of a history as readings."""
    columns = [
        table.column("stream").to_pylist(),
        table.column("at").cast(pa.int64()).to_pylist(),
        table.column("value").to_pylist(),
        table.column("text").to_pylist(),
        table.column("received").cast(pa.int64()).to_pylist(),
        table.column("quality").to_pylist(),
    ]
    return [
        Reading(stream, at_us, None if text is not None else value, text, received_us or 0, quality or 0)
        for stream, at_us, value, text, received_us, quality in zip(*columns, strict=True)
    ]


def oldest_first(stream: int, since_us: int, until_us: int) -> Iterator[Reading]:
    """Readings from one instant to another, both included.

    Nobody keeps when a stream began: without a beginning, all of it is read at once.
    """
    width = HOUR_US * 24 if since_us > 0 else until_us - since_us + 1
    while since_us <= until_us:
        end = min(until_us, since_us + width - 1)
        found = read_window(stream, since_us, end)
        yield from found
        since_us = end + 1
        width = width * 8 if len(found) < _FEW else width


def newest_first(stream: int, since_us: int, until_us: int) -> Iterator[Reading]:
    """The same backwards."""
    width = HOUR_US
    while until_us >= since_us:
        begin = max(since_us, until_us - width + 1)
        found = read_window(stream, begin, until_us)
        yield from reversed(found)
        until_us = begin - 1
        width = width * 8 if len(found) < _FEW else width
