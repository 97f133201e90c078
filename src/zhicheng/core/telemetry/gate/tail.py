"""Readings that are safe and known, but not in the lake yet: in mapped files, so that every process can read them.

The collector appends and, after a commit to the lake, begins anew. Readers copy what they need and look whether the
collector began anew meanwhile. A text is kept up to `TEXT_BYTES`, here and in the lake.
"""

import mmap
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhicheng.core.telemetry.gate.columns import take_space
from zhicheng.core.telemetry.values import Ints, ReadingBatch

CAPACITY = 1 << 20
TEXT_BYTES = 2000
_HEAD_BYTES = 4096
_COLUMNS = {"stream": "i8", "at_us": "i8", "value": "f8", "received_us": "i8", "quality": "i2", "text": "i8"}
_TEXTS_BYTES = 64 * 1024 * 1024
_TRIES = 100


class Tail:
    """The readings between two commits. `head` is (beginnings, rows, bytes of texts)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        size = _HEAD_BYTES + sum(np.dtype(kind).itemsize for kind in _COLUMNS.values()) * CAPACITY + _TEXTS_BYTES
        path = folder / "tail"
        with path.open("a+b") as file:
            if path.stat().st_size < size:
                take_space(file.fileno(), size)
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), size)
        self._head = np.frombuffer(self._map, np.int64, 3)
        self._columns: dict[str, NDArray[Any]] = {}
        place = _HEAD_BYTES
        for name, kind in _COLUMNS.items():
            self._columns[name] = np.frombuffer(self._map, kind, CAPACITY, place)
            place += np.dtype(kind).itemsize * CAPACITY
        self._texts = place

    def __len__(self) -> int:
        return int(self._head[1])

    def room(self) -> int:
        """How many rows still fit; none when the texts are near their end."""
        return 0 if self._head[2] > _TEXTS_BYTES // 2 else CAPACITY - len(self)

    def begin(self) -> None:
        """Forget everything: it is in the lake, or was never told to be safe."""
        self._head[0] += 1
        self._head[1] = self._head[2] = 0

    def append(self, batch: ReadingBatch) -> None:
        """Add rows; there must be room."""
        start = len(self)
        end = start + len(batch)
        rows = slice(start, end)
        columns = self._columns
        columns["stream"][rows], columns["at_us"][rows] = batch.stream, batch.at_us
        columns["value"][rows], columns["text"][rows] = batch.value, 0
        columns["received_us"][rows] = 0 if batch.received_us is None else batch.received_us
        columns["quality"][rows] = 0 if batch.quality is None else batch.quality
        if batch.text is not None:
            self._append_texts(batch.text, start)
        self._head[1] = end

    def _append_texts(self, texts: NDArray[np.object_], start: int) -> None:
        for row, text in enumerate(texts):
            if text is None:
                continue
            raw = str(text).encode(errors="replace")[:TEXT_BYTES]
            place = int(self._head[2])
            if place + len(raw) > _TEXTS_BYTES:
                continue
            self._map[self._texts + place : self._texts + place + len(raw)] = raw
            self._columns["text"][start + row] = (place << 16 | len(raw)) + 1
            self._head[2] = place + len(raw)

    def rows(self) -> ReadingBatch:
        """Everything, as views: for the collector itself."""
        return self._batch(np.arange(len(self)), is_copied=False)

    def find(self, streams: Ints, since_us: int, until_us: int) -> ReadingBatch:
        """Copies of the rows of some streams in `[since_us, until_us)`, as they were at one moment."""
        for _ in range(_TRIES):
            beginnings, count = int(self._head[0]), len(self)
            held, at_us = self._columns["stream"][:count], self._columns["at_us"][:count]
            good = (at_us >= since_us) & (at_us < until_us)
            good &= (held == streams[0]) if len(streams) == 1 else np.isin(held, streams)
            found = self._batch(np.flatnonzero(good), is_copied=True)
            if int(self._head[0]) == beginnings:
                return found
        return self._batch(np.zeros(0, np.int64), is_copied=True)

    def _batch(self, rows: Ints, *, is_copied: bool) -> ReadingBatch:
        places: Any = rows if is_copied else slice(0, len(rows))
        columns = {name: column[places] for name, column in self._columns.items()}
        text = None
        if columns["text"].any():
            text = np.full(len(rows), None, dtype=object)
            for row in np.flatnonzero(columns["text"]):
                packed = int(columns["text"][row]) - 1
                place, size = self._texts + (packed >> 16), packed & 0xFFFF
                text[row] = self._map[place : place + size].decode(errors="ignore")
        names = ("stream", "at_us", "value", "received_us", "quality")
        stream, at_us, value, received_us, quality = (columns[name] for name in names)
        return ReadingBatch(stream, at_us, value, text, received_us, quality)


def to_arrow(batch: ReadingBatch) -> pa.Table:
    """A batch as rows of the lake table; a value that is no number is null."""
    stamp = pa.timestamp("us", "UTC")
    received = np.zeros(len(batch), np.int64) if batch.received_us is None else batch.received_us
    quality = np.zeros(len(batch), np.int16) if batch.quality is None else batch.quality
    text = pa.nulls(len(batch), pa.string()) if batch.text is None else pa.array(batch.text, pa.string())
    return pa.table(
        {
            "stream": pa.array(batch.stream, pa.int64()),
            "at": pa.array(batch.at_us, pa.int64()).cast(stamp),
            "value": pa.array(batch.value, pa.float64(), mask=np.isnan(batch.value)),
            "text": text,
            "received": pa.array(received, pa.int64()).cast(stamp),
            "quality": pa.array(quality, pa.int16()),
        }
    )
