"""What alarm conditions remember, by stream, in mapped files: it survives the death of every process."""

import json
import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_GROW = 1 << 16
_SHAPES: dict[str, tuple[str, tuple[int, ...]]] = {
    "kind_of": ("i2", ()),
    "last_us": ("i8", ()),
    "silent": ("i1", ()),
    "phase": ("i1", (4,)),
    "since_us": ("i8", (4,)),
    "part": ("i8", (4,)),
    "extreme": ("f4", (4, 4)),
}


class WatchedStreams:
    """Columns by stream, and the numbers of kinds of streams. The collector writes all but `silent`: the worker's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._arrays: dict[str, NDArray[Any]] = {}
        self.see(1)

    def __getattr__(self, name: str) -> NDArray[Any]:
        try:
            return self.__dict__["_arrays"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None

    def __len__(self) -> int:
        return len(self._arrays["kind_of"]) if self._arrays else 0

    def see(self, most: int) -> None:
        """Have a place for streams up to this one; the files are sparse until they are written to."""
        if most < len(self):
            return
        wanted = (most // _GROW + 1) * _GROW
        for name, (kind, shape) in _SHAPES.items():
            count = wanted * int(np.prod(shape, dtype=np.int64))
            self._arrays[name] = self._map(name, count * np.dtype(kind).itemsize, kind).reshape(-1, *shape)

    def kinds(self) -> dict[str, Any]:
        """What is kept of kinds: their numbers, the codes of their conditions, up to which stream they are known."""
        path = self._folder / "kinds.json"
        found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"kinds": {}, "known_to": 0}
        return found

    def keep_kinds(self, kinds: dict[str, Any]) -> None:
        """Keep them, whole or not at all."""
        made = self._folder / f"kinds.{os.getpid()}"
        made.write_text(json.dumps(kinds))
        made.replace(self._folder / "kinds.json")

    def _map(self, name: str, size: int, kind: str) -> NDArray[Any]:
        descriptor = os.open(self._folder / f"{name}.watched", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if os.fstat(descriptor).st_size < size:
                os.ftruncate(descriptor, size)
            return np.frombuffer(mmap.mmap(descriptor, size), dtype=kind)
        finally:
            os.close(descriptor)
