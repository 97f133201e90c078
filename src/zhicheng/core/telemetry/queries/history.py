"""Readings of a stream over time: from the lake, and from what is not there yet."""

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from zhicheng.core.lake.public import lake_root
from zhicheng.core.telemetry.base.shortening import SCHEMA, shorten, shorten_again
from zhicheng.core.telemetry.gate.table import DAY_US, DayTable
from zhicheng.core.telemetry.gate.tail import to_arrow
from zhicheng.core.telemetry.queries.stores import open_table, open_tail
from zhicheng.core.telemetry.values import Ints, to_us

HOUR_US = 3_600_000_000
_KEPT = ((HOUR_US, "observation_1h"), (300_000_000, "observation_5min"))
_LATE_US = 2 * HOUR_US  # a day is counted to its end when the next one is this old
_WORTH_US = 3 * DAY_US  # shorter spans are read from readings


def history(
    stream: int, since: datetime, until: datetime, *, limit: int = 10_000, step: timedelta | None = None
) -> pa.Table:
    """Readings of a stream in `[since, until)`, oldest first, the newest `limit` of them.

    Columns: stream, at, value, text, received, quality. With `step` the span is cut into steps (from midnight UTC) and
    the columns are stream, at (begin of the step), min, max, mean, last, count: of numbers only. Days that are over
    come from the kept tables where those have the step. What was acknowledged is there some tenths of a second later.
    """
    bounds = to_us(since), to_us(until)
    if step is not None:
        return _stepped(stream, bounds, step, limit)
    rows = _rows(stream, bounds)
    return rows.slice(max(0, rows.num_rows - limit)) if limit else rows


def readings_of(streams: Ints, since_us: int, until_us: int) -> pa.Table:
    """Readings of some streams in `[since_us, until_us)`, by stream, oldest first; columns as those of `history`."""
    tail = to_arrow(open_tail().find(streams, since_us, until_us))  # first: what moves meanwhile is seen twice
    table = open_table().read(streams, since_us, until_us)
    both = pa.concat_tables([table, tail]).sort_by([("stream", "ascending"), ("at", "ascending")])
    if not both.num_rows:
        return both
    stream, at_us = both.column("stream").to_numpy(), both.column("at").cast(pa.int64()).to_numpy()
    return both.filter(pa.array((np.diff(at_us, prepend=-1) != 0) | (np.diff(stream, prepend=-1) != 0)))


def _rows(stream: int, bounds: tuple[int, int]) -> pa.Table:
    return readings_of(np.array([stream], np.int64), *bounds)


def _stepped(stream: int, bounds: tuple[int, int], step: timedelta, limit: int) -> pa.Table:
    """From the kept tables as far as they reach, the rest from readings."""
    step_us = step // timedelta(microseconds=1)
    since, until = bounds[0] // step_us * step_us, bounds[1]
    kept, reached = _kept(stream, (since, until), step_us)
    rows = shorten(_rows(stream, (reached, until)), step_us)
    both = pa.concat_tables([kept, rows]).sort_by("at") if kept.num_rows else rows
    return both.slice(max(0, both.num_rows - limit))


def _kept(stream: int, bounds: tuple[int, int], step_us: int) -> tuple[pa.Table, int]:
    """Steps that were counted before, of days that are quite over, and from where on readings are needed."""
    day = (bounds[1] - _LATE_US) // DAY_US * DAY_US
    name = next((name for least, name in _KEPT if step_us % least == 0), None)
    if name is None or DAY_US % step_us or day - bounds[0] < _WORTH_US:
        return SCHEMA.empty_table(), bounds[0]
    table = open_shortened(name)
    rows = table.read(np.array([stream], np.int64), bounds[0], day)
    newest = max((file.spans_us[1] for file in table.files()), default=0)
    if newest < day - HOUR_US:  # the worker has been away
        return SCHEMA.empty_table(), bounds[0]
    return shorten_again(rows, step_us), day


@lru_cache(maxsize=8)
def _shortened(root: Path, name: str) -> DayTable:
    return DayTable(root / name, SCHEMA)


def open_shortened(name: str) -> DayTable:
    """The table of steps that are kept, as it is now."""
    found = _shortened(lake_root(), name)
    found.refresh()
    return found
