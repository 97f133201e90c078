"""The arrays of an index: raw files, written piece by piece, read by memory map."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

WIDTHS: Mapping[str, tuple[str, int]] = {
    "boxes": ("<i4", 4),
    "nodes": ("<i4", 4),
    "starts": ("<i8", 1),
    "coordinates": ("<f8", 2),
    "rings": ("<i4", 1),
    "rows": ("<i4", 1),
    "parts": ("<i4", 1),
    "shells": ("<i4", 1),
    "features": ("u1", 1),
    "feature_ends": ("<i8", 1),
    "key_hashes": ("<u8", 1),
    "key_rows": ("<i4", 1),
    "names": ("u1", 1),
    "name_ends": ("<i8", 1),
    "name_rows": ("<i4", 1),
    "name_starts": ("<i8", 1),
    "initials": ("u1", 1),
    "initial_ends": ("<i8", 1),
    "initial_order": ("<i4", 1),
}
_LINK = {"hashes": ("<u8", 1), "rows": ("<i4", 1)}


def load_array(folder: Path, name: str) -> NDArray[Any]:
    """An array, mapped: only what is looked at is read. Its pages may be written, but no writing reaches the file."""
    kind, width = _width(name)
    path = folder / f"{name}.bin"
    filled = path.stat().st_size > 0
    flat = np.asarray(np.memmap(path, np.dtype(kind), "c")) if filled else np.empty(0, np.dtype(kind))
    return flat.reshape(-1, width) if width > 1 else flat


def save_array(folder: Path, name: str, array: NDArray[Any]) -> None:
    """Write an array at once."""
    with ArrayWriter(folder, name) as writer:
        writer.add(array)


class ArrayWriter:
    """Writes an array piece by piece."""

    def __init__(self, folder: Path, name: str) -> None:
        self._kind = np.dtype(_width(name)[0])
        self._file: BinaryIO = (folder / f"{name}.bin").open("wb")
        self.count = 0

    def add(self, piece: NDArray[Any]) -> None:
        """The next rows."""
        np.ascontiguousarray(piece).astype(self._kind, copy=False).tofile(self._file)
        self.count += len(piece)

    def add_bytes(self, pieces: list[bytes]) -> NDArray[np.int64]:
        """The next texts of a file of bytes; where each of them ends."""
        lengths = np.fromiter(map(len, pieces), np.int64, len(pieces))
        self._file.writelines(pieces)
        ends = self.count + np.cumsum(lengths)
        self.count += int(lengths.sum())
        return ends

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _width(name: str) -> tuple[str, int]:
    return WIDTHS[name] if name in WIDTHS else _LINK[name.rpartition(".")[2]]
