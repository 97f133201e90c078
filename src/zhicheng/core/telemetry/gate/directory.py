"""The table of stream keys in a file that every process maps: key → stream in some 100 ns, with millions of keys."""

import fcntl
import mmap
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhicheng.core.telemetry.base.keys import Bytes, Positions, find_streams, move_streams, put_streams
from zhicheng.core.telemetry.gate.columns import take_space
from zhicheng.core.telemetry.values import Ints

_FIRST = 1 << 16
_PLACE_BYTES = 16
Table = tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.int32]]


class StreamDirectory:
    """Keys of streams. One process at a time adds; any number finds, and sees what was added at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._name = ""
        self.table: Table = _cut(bytearray(_FIRST * _PLACE_BYTES))
        self.refresh()

    @property
    def is_kept(self) -> bool:
        """Whether there is a table on the disk: before anything was put, or after it was lost, there is none."""
        return bool(self._current())

    def refresh(self) -> None:
        """Map the larger table if there is one by now; a look at one small file."""
        name = self._current()
        if name and name != self._name:
            with (self._folder / name).open("r+b") as file:
                self.table = _cut(mmap.mmap(file.fileno(), 0))
            self._name = name

    def find(self, data: Bytes, starts: Positions, ends: Positions) -> Ints:
        """The stream of each key `data[start:end]`; 0 where there is none."""
        found: Ints = find_streams(data, starts, ends, self.table)
        return found

    def find_keys(self, keys: Sequence[str]) -> Ints:
        """The stream of each key; 0 where there is none."""
        self.refresh()
        data, offsets = _bytes_of(keys)
        return self.find(data, offsets[:-1].copy(), offsets[1:].copy())

    def put(self, keys: Sequence[str], streams: Ints) -> int:
        """Set the streams of keys, -1 to remove one; how many keys are new."""
        data, offsets = _bytes_of(keys)
        with self._adding():
            self.refresh()
            used = int(np.count_nonzero(self.table[0])) if self._name else 0
            if not self._name or 2 * (used + len(keys)) > len(self.table[0]):
                self._enlarge(used + len(keys))
            fresh: int = put_streams(data, offsets, streams.astype(np.int32), self.table)
        return fresh

    def _enlarge(self, keys: int) -> None:
        places = _FIRST
        while places < 4 * keys:  # at most a quarter full after, half full before the next time
            places *= 2
        name = f"keys-{places}-{os.urandom(4).hex()}"
        with (self._folder / name).open("w+b") as file:
            take_space(file.fileno(), places * _PLACE_BYTES)
            table = _cut(mmap.mmap(file.fileno(), 0))
        if self._name:
            move_streams(self.table, table)
        draft = self._folder / f".current-{os.urandom(4).hex()}"
        draft.write_text(name, encoding="ascii")
        draft.replace(self._folder / "current")
        if self._name:
            (self._folder / self._name).unlink(missing_ok=True)  # who mapped it keeps it
        self._name, self.table = name, table

    def _current(self) -> str:
        path = self._folder / "current"
        return path.read_text(encoding="ascii") if path.exists() else ""

    @contextmanager
    def _adding(self) -> Iterator[None]:
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _cut(raw: "mmap.mmap | bytearray") -> Table:
    places = len(raw) // _PLACE_BYTES
    return (
        np.frombuffer(raw, np.uint64, places),
        np.frombuffer(raw, np.uint32, places, 8 * places),
        np.frombuffer(raw, np.int32, places, 12 * places),
    )


def _bytes_of(keys: Sequence[str]) -> tuple[Bytes, Positions]:
    """All keys in one array of bytes, and where each begins and the last ends."""
    texts = pa.array(keys, pa.large_string())
    _, offsets, data = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[: len(texts) + 1].copy()
    whole = np.frombuffer(data, np.uint8).copy() if data is not None else np.zeros(1, np.uint8)
    return whole, bounds
