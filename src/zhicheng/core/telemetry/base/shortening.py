"""Many readings as few: least, most, mean, last and number of each stream in each step of time."""

import numpy as np
import pyarrow as pa

from zhicheng.core.telemetry.values import Ints, Reals

STAMP = pa.timestamp("us", "UTC")
SCHEMA = pa.schema(
    [
        ("stream", pa.int64()),
        ("at", STAMP),
        ("min", pa.float64()),
        ("max", pa.float64()),
        ("mean", pa.float64()),
        ("last", pa.float64()),
        ("count", pa.int64()),
    ]
)


def shorten(rows: pa.Table, step_us: int) -> pa.Table:
    """Rows of the table `observation` as one row a stream and step, sorted; texts and missing values do not count.

    Steps begin at midnight UTC or whole parts of it; `at` is where a step begins. Of no rows come no rows.
    """
    numbers = rows.filter(rows.column("value").is_valid())
    stream, at_us = numbers.column("stream").to_numpy(), _us(numbers)
    order = np.lexsort((at_us, stream))
    value = numbers.column("value").to_numpy()[order]
    stream, step = stream[order], at_us[order] // step_us * step_us
    firsts = _firsts(stream, step)
    if not len(firsts):
        return SCHEMA.empty_table()
    count = np.diff(np.append(firsts, len(stream)))
    return _table(
        stream[firsts],
        step[firsts],
        (
            np.minimum.reduceat(value, firsts),
            np.maximum.reduceat(value, firsts),
            np.add.reduceat(value, firsts) / count,
            value[firsts + count - 1],
        ),
        count,
    )


def shorten_again(rows: pa.Table, step_us: int) -> pa.Table:
    """Rows that `shorten` made, in longer steps: exact, because the number of readings is known."""
    stream, at_us = rows.column("stream").to_numpy(), _us(rows)
    order = np.lexsort((at_us, stream))
    taken = rows.take(pa.array(order))
    stream, step = stream[order], at_us[order] // step_us * step_us
    firsts = _firsts(stream, step)
    if not len(firsts):
        return SCHEMA.empty_table()
    least, most, mean, last = (taken.column(name).to_numpy() for name in ("min", "max", "mean", "last"))
    count = taken.column("count").to_numpy()
    counts = np.add.reduceat(count, firsts)
    ends = np.append(firsts[1:], len(stream)) - 1
    values = (
        np.minimum.reduceat(least, firsts),
        np.maximum.reduceat(most, firsts),
        np.add.reduceat(mean * count, firsts) / counts,
        last[ends],
    )
    return _table(stream[firsts], step[firsts], values, counts)


def _us(rows: pa.Table) -> Ints:
    found: Ints = rows.column("at").cast(pa.int64()).to_numpy()
    return found


def _firsts(stream: Ints, step: Ints) -> Ints:
    """Where a new stream or step begins."""
    if not len(stream):
        return np.zeros(0, np.int64)
    begins = np.ones(len(stream), np.bool_)
    begins[1:] = (stream[1:] != stream[:-1]) | (step[1:] != step[:-1])
    return np.flatnonzero(begins)


def _table(stream: Ints, at_us: Ints, values: tuple[Reals, Reals, Reals, Reals], count: Ints) -> pa.Table:
    least, most, mean, last = values
    columns = [
        pa.array(stream, pa.int64()),
        pa.array(at_us, pa.int64()).cast(STAMP),
        pa.array(least),
        pa.array(most),
        pa.array(mean),
        pa.array(last),
        pa.array(count.astype(np.int64)),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)
