"""Bulk bodies as columns: JSON in columns or rows, or an Arrow IPC stream. Keys are looked up elsewhere.

JSON: `{"stream": [1, 2], "at": [1767571200000, "2026-01-05T08:00:00Z"], "value": [21.5, null], "text": [null, "开"]}`,
with `"key": ["<device>/<code>", …]` instead of `stream`; or a list of such objects, one a row. `at` is milliseconds
or ISO 8601, and may be left out: now. Arrow: the same columns, `at` as a timestamp or int64 milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import pyarrow as pa

from zhicheng.core.telemetry.errors import BulkUnreadable
from zhicheng.core.telemetry.values import Ints, ReadingBatch, to_us
from zhicheng.kit.clock import parse_instant

MOST_ROWS = 500_000
_MS = 1000
_MOST_MS = 1 << 53
_STREAM = b"\xff\xff\xff\xff"  # how an Arrow IPC stream begins
Instant = int | float | str | None


class Columns(msgspec.Struct):
    """A body in columns."""

    value: list[float | None] | None = None
    stream: list[int] | None = None
    key: list[str] | None = None
    at: list[Instant] | None = None
    text: list[str | None] | None = None


class Row(msgspec.Struct):
    """One object of a body in rows."""

    value: float | None = None
    stream: int = 0
    key: str = ""
    at: Instant = None
    text: str | None = None


_COLUMNS, _ROWS = msgspec.json.Decoder(Columns), msgspec.json.Decoder(list[Row])


@dataclass(frozen=True)
class Bulk:
    """Columns of a body; streams of rows that name a key are 0 until it is looked up."""

    batch: ReadingBatch
    keys: Sequence[str] | None


def read_bulk(body: bytes, media_type: str) -> Bulk:
    """Read a body.

    Raises:
        BulkUnreadable: it has another form, columns of different length, or too many rows.
    """
    try:
        if "arrow" in media_type or body.startswith(_STREAM):
            found = _of_arrow(body)
        elif body.lstrip()[:1] == b"[":
            found = _of_rows(_ROWS.decode(body))
        else:
            found = _of_columns(_COLUMNS.decode(body))
    except (msgspec.DecodeError, pa.ArrowException, ValueError, OverflowError, TypeError) as error:
        raise BulkUnreadable(problem=str(error)[:200]) from error
    if len(found.batch) > MOST_ROWS:
        raise BulkUnreadable(problem=f"一次最多 {MOST_ROWS} 条")
    return found


def _of_columns(columns: Columns) -> Bulk:
    given = columns.stream if columns.stream is not None else columns.key
    if given is None or (columns.value is None and columns.text is None):
        raise ValueError("需要 stream 或 key，以及 value 或 text")
    count = len(given)
    if any(column is not None and len(column) != count for column in (columns.value, columns.at, columns.text)):
        raise ValueError("各列长度不同")
    stream = np.zeros(count, np.int64) if columns.stream is None else np.array(columns.stream, np.int64)
    value = np.full(count, np.nan) if columns.value is None else np.array(columns.value, np.float64)
    return Bulk(ReadingBatch(stream, _instants(columns.at, count), value, _texts(columns.text)), columns.key)


def _of_rows(rows: list[Row]) -> Bulk:
    keys = [row.key for row in rows]
    batch = ReadingBatch(
        np.array([row.stream for row in rows], np.int64),
        _instants([row.at for row in rows], len(rows)),
        np.array([row.value for row in rows], np.float64),
        _texts([row.text for row in rows]),
    )
    return Bulk(batch, keys if any(keys) else None)


def _of_arrow(body: bytes) -> Bulk:
    with pa.ipc.open_stream(body) as reader:
        table = reader.read_all()
    names = table.schema.names
    if not {"stream", "key"} & set(names) or not {"value", "text"} & set(names):
        raise ValueError("需要 stream 或 key，以及 value 或 text")
    count = table.num_rows
    stream = _numbers(table.column("stream")) if "stream" in names else np.zeros(count, np.int64)
    value = np.full(count, np.nan)
    if "value" in names:
        value = table.column("value").cast(pa.float64()).to_numpy()
    text = table.column("text").to_pylist() if "text" in names else None
    at_us = np.zeros(count, np.int64)
    if "at" in names:
        column = table.column("at")
        is_stamp = pa.types.is_timestamp(column.type)
        at_us = _numbers(column.cast(pa.timestamp("us"))) if is_stamp else _numbers(column) * _MS
    keys = table.column("key").to_pylist() if "key" in names else None
    return Bulk(ReadingBatch(stream, at_us, value, _texts(text)), keys)


def _numbers(column: pa.ChunkedArray) -> Ints:
    """Whole numbers; what is missing is 0."""
    found: Ints = column.cast(pa.int64()).fill_null(0).to_numpy()
    return found


def _instants(given: Sequence[Instant] | None, count: int) -> Ints:
    if given is None:
        return np.zeros(count, np.int64)
    if all(type(one) is int for one in given):
        whole = np.array(given, np.int64)
        return np.where(np.abs(whole) < _MOST_MS, whole, 0) * _MS
    return np.array([_instant(one) for one in given], np.int64)


def _instant(given: Instant) -> int:
    if given is None:
        return 0
    return to_us(parse_instant(given)) if isinstance(given, str) else int(given * _MS)


def _texts(given: Sequence[str | None] | None) -> "np.ndarray[tuple[int], np.dtype[np.object_]] | None":
    if given is None or all(text is None for text in given):
        return None
    return np.array(given, dtype=object)
