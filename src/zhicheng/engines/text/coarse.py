"""Vectors in few bytes: which of very many are likely to be near, before the near ones are compared exactly."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from zhicheng.kit.compiled import compiled

Floats = npt.NDArray[np.float32]
_STEPS, _WANTED_STEPS = 127, 1000  # sums of products stay far below 2**31


@dataclass(frozen=True)
class CoarseRows:
    """Vectors as integers of one byte: int8 (rows, dimensions), in one scale."""

    rows: npt.NDArray[np.int8]

    @classmethod
    def of(cls, vectors: Floats) -> "CoarseRows":
        """Of float vectors (rows, dimensions), not all of them zero."""
        return cls(np.rint(vectors * (_STEPS / np.abs(vectors).max())).astype(np.int8))

    def alike(self, wanted: Floats) -> npt.NDArray[np.int32]:
        """In the order of the dot products with a vector (dimensions,), in a scale of their own.

        >>> rows = CoarseRows.of(np.array([[1.0, 0.0], [0.0, 1.0], [0.7, 0.7]], np.float32))
        >>> rows.alike(np.array([0.2, 0.9], np.float32)).argmax()
        np.int64(1)
        """
        most = np.abs(wanted).max() or 1.0
        return _dots(self.rows, np.rint(wanted * (_WANTED_STEPS / most)).astype(np.int16))


@compiled
def _dots(rows: npt.NDArray[np.int8], wanted: npt.NDArray[np.int16]) -> npt.NDArray[np.int32]:
    found = np.empty(len(rows), np.int32)
    for row in range(len(rows)):
        total = np.int32(0)
        for place in range(len(wanted)):
            total += np.int32(rows[row, place]) * np.int32(wanted[place])
        found[row] = total
    return found
