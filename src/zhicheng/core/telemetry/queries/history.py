"""Readings of a stream over time: from the lake, and from what is not there yet."""

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from zhicheng.core.lake.public import lake_root
from zhicheng.core.telemetry.gate.table import STAMP, DayTable
from zhicheng.core.telemetry.gate.tail import to_arrow
from zhicheng.core.telemetry.queries.stores import open_table, open_tail
from zhicheng.core.telemetry.values import Ints, Reals, to_us

STEPS = {timedelta(minutes=5): "observation_5min", timedelta(hours=1): "observation_1h"}


def history(
    stream: int, since: datetime, until: datetime, *, limit: int = 10_000, step: timedelta | None = None
) -> pa.Table:
    """Readings of a stream in `[since, until)`, oldest first, the newest `limit` of them.

    Columns: stream, at, value, text, received, quality. With `step` the span is cut into steps (from midnight UTC) and
    the columns are at (begin of the step), min, max, mean, last, count: of numbers only. What was acknowledged is
    there some tenths of a second later at most.
    """
    bounds = to_us(since), to_us(until)
    if step is not None:
        return _stepped(stream, bounds, step, limit)
    return (
        _rows(stream, bounds).slice(max(0, _rows(stream, bounds).num_rows - limit)) if limit else _rows(stream, bounds)
    )


def _rows(stream: int, bounds: tuple[int, int]) -> pa.Table:
    """The tail first: what moves to the lake meanwhile is seen twice, never missed."""
    asked = np.array([stream], np.int64)
    tail = to_arrow(open_tail().find(asked, *bounds))
    table = open_table().read(asked, *bounds)
    both = pa.concat_tables([table, tail]).sort_by("at")
    at_us = both.column("at").cast(pa.int64()).to_numpy()
    return both.filter(pa.array(np.diff(at_us, prepend=-1) != 0)) if len(at_us) else both


def _stepped(stream: int, bounds: tuple[int, int], step: timedelta, limit: int) -> pa.Table:
    rows = _rows(stream, bounds)
    return shorten(rows, step).slice(0, limit)


def shorten(rows: pa.Table, step: timedelta) -> pa.Table:
    """Rows of one stream, oldest first, as one row a step."""
    step_us = step // timedelta(microseconds=1)
    numbers = rows.filter(rows.column("value").is_valid())
    at_us = numbers.column("at").cast(pa.int64()).to_numpy() // step_us * step_us
    value = numbers.column("value").to_numpy()
    firsts = np.flatnonzero(np.diff(at_us, prepend=-1))
    count = np.diff(np.append(firsts, len(at_us)))
    if not len(firsts):
        empty = np.zeros(0)
        return _step_table(np.zeros(0, np.int64), dict.fromkeys(("min", "max", "mean", "last"), empty), count)
    values = {
        "min": np.minimum.reduceat(value, firsts),
        "max": np.maximum.reduceat(value, firsts),
        "mean": np.add.reduceat(value, firsts) / count,
        "last": value[firsts + count - 1],
    }
    return _step_table(at_us[firsts], values, count)


def _step_table(at_us: Ints, values: dict[str, Reals], count: Ints) -> pa.Table:
    columns = {"at": pa.array(at_us, pa.int64()).cast(STAMP), **{name: pa.array(v) for name, v in values.items()}}
    return pa.table({**columns, "count": pa.array(count.astype(np.int64))})


@lru_cache(maxsize=8)
def _shortened(root: Path, name: str) -> DayTable:
    return DayTable(root / name)


def open_shortened(step: timedelta) -> DayTable:
    """The table of a step that is kept."""
    return _shortened(lake_root(), STEPS[step])
