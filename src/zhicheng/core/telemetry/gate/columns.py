"""Columns by stream, memory-mapped and shared by all processes: what is known of a stream, and its newest reading.

Each column is a file of fixed-width numbers; position = stream. Its space is taken beforehand: writing into a mapped
file for which a full disk has no block would kill the process. The collector alone
writes readings; whoever registers streams makes room. Readers map anew when a stream lies beyond what they mapped.
"""

import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhicheng.core.telemetry.errors import StorageFull

_GROW = 1 << 16
TEXT_BYTES = 128
_TYPES = {
    "known": "u1",
    "interval_s": "f4",
    "tokens": "f4",
    "filled_us": "i8",
    "at_us": "i8",
    "received_us": "i8",
    "value": "f8",
    "quality": "i2",
    "is_text": "u1",
    "text": f"S{TEXT_BYTES}",
    "accepted": "u4",
    "duplicate": "u4",
    "not_a_number": "u4",
    "far_future": "u4",
    "too_often": "u4",
}


def take_space(descriptor: int, size: int) -> None:
    """Make a file this large, with its space on the disk.

    Raises:
        StorageFull: the disk has no room for it.
    """
    try:
        os.posix_fallocate(descriptor, 0, size)
    except OSError as error:
        raise StorageFull() from error


class StreamColumns:
    """The columns of one city. Attributes are numpy arrays of one length; call `see` before using a new stream."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._arrays: dict[str, NDArray[Any]] = {}
        self._map()

    def __getattr__(self, name: str) -> NDArray[Any]:
        try:
            return self.__dict__["_arrays"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    def __len__(self) -> int:
        return len(self._arrays["known"])

    def make_room(self, most: int) -> None:
        """Have a place for streams up to this one.

        Raises:
            StorageFull: the disk has no room for it.
        """
        wanted = (most // _GROW + 1) * _GROW
        for name, kind in _TYPES.items():
            descriptor = os.open(self._path(name), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                size = wanted * np.dtype(kind).itemsize
                if os.fstat(descriptor).st_size < size:
                    take_space(descriptor, size)
            finally:
                os.close(descriptor)
        if wanted > len(self):
            self._map()

    def see(self, most: int) -> None:
        """Map anew if somebody has made room for this stream meanwhile."""
        if most >= len(self):
            self._map()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.column"

    def _map(self) -> None:
        if not all(self._path(name).exists() for name in _TYPES):
            self._arrays = {name: np.zeros(1, kind) for name, kind in _TYPES.items()}
            self.make_room(1)
            return
        sizes = [self._path(name).stat().st_size // np.dtype(kind).itemsize for name, kind in _TYPES.items()]
        length = min(sizes)
        for name, kind in _TYPES.items():
            with self._path(name).open("r+b") as file:
                mapped = mmap.mmap(file.fileno(), length * np.dtype(kind).itemsize)
            self._arrays[name] = np.frombuffer(mapped, dtype=kind)
