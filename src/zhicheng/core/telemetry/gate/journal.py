"""The write-ahead log: batches of readings in files, in the kernel's hands before anybody is told that they are safe.

Each writing process has a folder of its own and appends to segments: what was written survives the death of every
process. Against the loss of power only `fsync` helps: `Durability.DISK` waits for the disk at each batch. A record is
magic, length and CRC-32 of its body; its body is columns. A record that a kill cut in half was never acknowledged: the
next process begins a new segment, and readers pass over what is cut.
"""

import fcntl
import os
import struct
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
import structlog

from zhicheng.core.telemetry.errors import StorageFull
from zhicheng.core.telemetry.values import ReadingBatch

_log = structlog.get_logger("zhicheng.telemetry")
_HEAD = struct.Struct("<4sIII")  # magic, bytes of the body, CRC-32 of the body, rows
_NUMBERS, _TEXTS = b"ZCR1", b"ZCT1"  # records without and with texts
_ALIGNED = 8  # columns begin where processors and compiled loops like them to
_SEGMENT_BYTES = 32 * 1024 * 1024
_MOST_WRITERS = 4096
MOST_ROWS, MOST_TEXTS = 100_000, 16_000  # of one record: what the collector takes at once
_OFFSET_BITS = 32


class Durability(Enum):
    """What a batch survives when it is acknowledged."""

    KERNEL = "kernel"  # kill -9 of every process
    DISK = "disk"  # the loss of power, too


@dataclass(frozen=True, order=True)
class Place:
    """A place in one writer's log; `packed` is one number that only grows."""

    segment: int
    offset: int

    @property
    def packed(self) -> int:
        """As one number."""
        return self.segment << _OFFSET_BITS | self.offset


def unpack(packed: int) -> Place:
    """The place behind a number.

    >>> unpack(Place(3, 77).packed)
    Place(segment=3, offset=77)
    """
    return Place(packed >> _OFFSET_BITS, packed & ((1 << _OFFSET_BITS) - 1))


class JournalWriter:
    """Appends batches. Safe in several threads; the folder is this process's own as long as it lives."""

    def __init__(self, root: Path, durability: Durability = Durability.KERNEL) -> None:
        self._durability = durability
        self._lock = threading.Lock()
        self._folder, self._held = _own_folder(root)
        self._segment = max((number for number, _ in segments(self._folder)), default=0)
        self._file, self._size = -1, 0

    def append(self, batch: ReadingBatch) -> None:
        """Keep a batch; it is safe when this returns.

        Raises:
            StorageFull: the disk cannot take it; nothing of it is kept.
        """
        step = MOST_ROWS if batch.text is None else MOST_TEXTS
        rows = np.arange(len(batch))
        parts = [batch.take(rows[start : start + step]) for start in range(0, len(batch), step)]
        record = b"".join(_pack(part) for part in (parts if len(parts) > 1 else [batch]))
        with self._lock:
            try:
                self._write(record)
            except OSError as error:
                self._undo()
                raise StorageFull() from error

    def close(self) -> None:
        """Give the folder back."""
        with self._lock:
            if self._file >= 0:
                os.close(self._file)
            os.close(self._held)

    def _write(self, record: bytes) -> None:
        if self._file < 0 or self._size + len(record) > _SEGMENT_BYTES:
            self._begin()
        rest = memoryview(record)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        if self._durability is Durability.DISK:
            os.fdatasync(self._file)
        self._size += len(record)

    def _begin(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        path = segment_path(self._folder, self._segment + 1)
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._segment, self._size = self._segment + 1, 0
        if self._durability is Durability.DISK:
            _sync_folder(self._folder)

    def _undo(self) -> None:
        if self._file >= 0:
            os.ftruncate(self._file, self._size)


class JournalReader:
    """Reads one writer's batches from a place on, and removes segments that are no longer needed."""

    def __init__(self, folder: Path, place: Place) -> None:
        self.folder, self.place = folder, place

    def batches(self, most_rows: int) -> Iterator[ReadingBatch]:
        """What was written since, until about so many rows; `place` moves behind each batch."""
        rows = 0
        while rows < most_rows:
            found = self._next_segment()
            if found is None:
                return
            is_final = self._has_newer(found.segment)  # asked before it is read: a living writer may go on meanwhile
            data = _read_from(segment_path(self.folder, found.segment), found.offset)
            used = 0
            while rows < most_rows and (record := _record(data, used)) is not None:
                batch, used = record
                self.place = Place(found.segment, found.offset + used)
                rows += len(batch)
                yield batch
            if used == 0:
                if not is_final:
                    return
                if data:  # its writer is gone: a record that was cut, never acknowledged, or one that has been damaged
                    _log.warning(
                        "the rest of a segment is no record",
                        folder=self.folder.name,
                        segment=found.segment,
                        bytes=len(data),
                    )
                self.place = Place(found.segment + 1, 0)

    def forget(self, before: Place) -> None:
        """Remove whole segments before a place."""
        for number, path in segments(self.folder):
            if number < before.segment:
                path.unlink(missing_ok=True)

    def _next_segment(self) -> Place | None:
        numbers = sorted(number for number, _ in segments(self.folder) if number >= self.place.segment)
        if not numbers:
            return None
        return self.place if numbers[0] == self.place.segment else Place(numbers[0], 0)

    def _has_newer(self, segment: int) -> bool:
        return any(number > segment for number, _ in segments(self.folder))


def _pack(batch: ReadingBatch) -> bytes:
    body = encode(batch)
    magic = _NUMBERS if batch.text is None else _TEXTS
    return _HEAD.pack(magic, len(body), zlib.crc32(body), len(batch)) + body


def encode(batch: ReadingBatch) -> bytes:
    """A batch as bytes: its columns one after the other, texts last."""
    count = len(batch)
    received = np.zeros(count, np.int64) if batch.received_us is None else batch.received_us
    quality = np.zeros(count, np.int16) if batch.quality is None else batch.quality
    columns = [
        batch.stream.astype("<i8").tobytes(),
        batch.at_us.astype("<i8").tobytes(),
        batch.value.astype("<f8").tobytes(),
        received.astype("<i8").tobytes(),
        quality.astype("<i2").tobytes(),
    ]
    if batch.text is not None:
        texts = [b"" if text is None else str(text).encode(errors="replace") for text in batch.text]
        lengths = [-1 if text is None else len(raw) for text, raw in zip(batch.text, texts, strict=True)]
        columns += [np.array(lengths, "<i4").tobytes(), b"".join(texts)]
    body = b"".join(columns)
    return body + bytes(-len(body) % _ALIGNED)


def decode(body: bytes | memoryview, count: int, *, has_texts: bool) -> ReadingBatch:
    """The batch back."""
    stream, at_us = np.frombuffer(body, "<i8", count), np.frombuffer(body, "<i8", count, 8 * count)
    value, received = np.frombuffer(body, "<f8", count, 16 * count), np.frombuffer(body, "<i8", count, 24 * count)
    quality, end = np.frombuffer(body, "<i2", count, 32 * count), 34 * count
    text = None
    if has_texts:
        lengths = np.frombuffer(body, "<i4", count, end)
        text, place = np.full(count, None, dtype=object), end + 4 * count
        for row in np.nonzero(lengths >= 0)[0]:
            size = int(lengths[row])
            text[row] = bytes(body[place : place + size]).decode()
            place += size
    return ReadingBatch(stream, at_us, value, text, received, quality)


def list_writers(root: Path) -> list[Path]:
    """The folders of all processes that ever wrote."""
    return sorted(path for path in root.glob("writer-*") if path.is_dir())


def segments(folder: Path) -> list[tuple[int, Path]]:
    """The segments of a writer with their numbers, in order."""
    return sorted((int(path.stem), path) for path in folder.glob("*.segment"))


def segment_path(folder: Path, number: int) -> Path:
    """Where a segment lies."""
    return folder / f"{number:012d}.segment"


def _own_folder(root: Path) -> tuple[Path, int]:
    for number in range(_MOST_WRITERS):
        folder = root / f"writer-{number:04d}"
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        return folder, descriptor
    raise StorageFull()


def _read_from(path: Path, offset: int) -> bytearray:
    with path.open("rb") as file:
        file.seek(offset)
        data = bytearray(max(0, os.fstat(file.fileno()).st_size - offset))
        size = file.readinto(data)
    return data[:size] if size < len(data) else data


def _record(data: bytearray, place: int) -> tuple[ReadingBatch, int] | None:
    """The record at a place and where the next begins; None where there is no whole one."""
    if place + _HEAD.size > len(data):
        return None
    magic, size, crc, count = _HEAD.unpack_from(data, place)
    end = place + _HEAD.size + size
    body = memoryview(data)[place + _HEAD.size : end]
    if magic not in {_NUMBERS, _TEXTS} or end > len(data) or zlib.crc32(body) != crc:
        return None
    return decode(body, count, has_texts=magic == _TEXTS), end


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
