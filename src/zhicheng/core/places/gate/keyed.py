"""Rows by the hash of a text: keys, and links to other objects."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhicheng.core.lake.public import hash_keys
from zhicheng.core.places.gate.arrays import load_array

Rows = NDArray[np.int32]
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")


class HashedRows:
    """Hashes in order, with the rows they stand in. A hash only points: who asks compares the text."""

    def __init__(self, folder: Path, name: str, separator: str) -> None:
        self._hashes = load_array(folder, f"{name}{separator}hashes")
        self._rows = load_array(folder, f"{name}{separator}rows")

    def candidates(self, text: str) -> Rows:
        """The rows that may hold a text, ascending."""
        wanted = hash_keys(pa.array([text], pa.string()))[0]
        first, last = (int(self._hashes.searchsorted(wanted, side=side)) for side in _SIDES)
        return self._rows[first:last]

    def row(self, text: str, is_it: Callable[[int], bool]) -> int | None:
        """The row that holds a text."""
        return next((row for row in self.candidates(text).tolist() if is_it(row)), None)
