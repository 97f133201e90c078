"""Vectors of short texts, by document number and place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from zhicheng.core.inference.values import Vectors
from zhicheng.core.knowledge.gate.lexical import Found, Numbers

_MANY = 20_000  # rows; beyond that a search looks at fewer dimensions first
_COARSE, _SAMPLE, _KEPT = 96, 5_000, 400


@dataclass(frozen=True)
class VectorTable:
    """Rows of vectors, those of a document together; `vectors`: float16 (rows, dimensions)."""

    numbers: Numbers
    places: Numbers
    vectors: npt.NDArray[np.float16]

    @classmethod
    def empty(cls, dimensions: int) -> "VectorTable":
        """No rows."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, dimensions), np.float16))

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int]], vectors: Vectors) -> "VectorTable":
        """Vectors of (document number, place)."""
        pairs = np.array(rows, np.int64).reshape(-1, 2)
        return cls(pairs[:, 0], pairs[:, 1], vectors.astype(np.float16))

    @classmethod
    def read(cls, path: Path) -> "VectorTable":
        """What `write` wrote."""
        with np.load(path, allow_pickle=False) as held:
            return cls(held["numbers"], held["places"], held["vectors"])

    def write(self, path: Path) -> None:
        """Into one file."""
        with path.open("wb") as file:
            np.savez(file, numbers=self.numbers, places=self.places, vectors=self.vectors)

    def changed(self, gone: Iterable[int], more: "VectorTable") -> "VectorTable":
        """Without the rows of the documents in `gone`, then with those of `more`."""
        kept = ~np.isin(self.numbers, np.fromiter(gone, np.int64))
        numbers = np.concatenate([self.numbers[kept], more.numbers])
        order = np.argsort(numbers, kind="stable")
        return VectorTable(
            numbers[order],
            np.concatenate([self.places[kept], more.places])[order],
            np.concatenate([self.vectors[kept], more.vectors])[order],
        )

    def search(self, wanted: Vectors, limit: int) -> Found:
        """The rows nearest to a vector (dimensions,), by dot product."""
        rows = self._likely(wanted, limit)
        alike = self._exact(rows) @ wanted
        best = np.argsort(-alike, kind="stable")[:limit]
        return Found(self.numbers[rows[best]], self.places[rows[best]], alike[best].astype(np.float64))

    def nearest(self, numbers: Sequence[int], wanted: Vectors) -> tuple[npt.NDArray[np.float64], Numbers]:
        """For each document its best dot product and the place of that row; 0 and -1 for a document without rows."""
        best, places = np.zeros(len(numbers)), np.full(len(numbers), -1, np.int64)
        starts = np.searchsorted(self.numbers, numbers, side="left")
        ends = np.searchsorted(self.numbers, numbers, side="right")
        for row, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            if end > start:
                alike = self._exact(np.arange(start, end)) @ wanted
                best[row], places[row] = alike.max(), self.places[start + int(alike.argmax())]
        return best, places

    def row(self, numbers: Sequence[int], place: int = 0) -> Vectors:
        """The row of each document that comes `place` after its first; zeros for a document without it."""
        if not len(self.numbers):
            return np.zeros((len(numbers), self.vectors.shape[1]), np.float32)
        rows = np.minimum(np.searchsorted(self.numbers, numbers, side="left") + place, len(self.numbers) - 1)
        found: Vectors = self._exact(rows) * (self.numbers[rows] == np.asarray(numbers))[:, None]
        return found

    def _likely(self, wanted: Vectors, limit: int) -> Numbers:
        if len(self.numbers) <= _MANY:
            return np.arange(len(self.numbers))
        basis, coarse = self._shortened
        alike = coarse @ (wanted @ basis)
        return np.argpartition(-alike, max(_KEPT, 2 * limit))[: max(_KEPT, 2 * limit)]

    def _exact(self, rows: Numbers) -> Vectors:
        if len(self.numbers) <= _MANY:
            return self._all[rows] if len(rows) < len(self.numbers) else self._all
        return self.vectors[rows].astype(np.float32)

    @cached_property
    def _all(self) -> Vectors:
        return self.vectors.astype(np.float32)

    @cached_property
    def _shortened(self) -> tuple[Vectors, Vectors]:
        """The directions in which the vectors differ most, and all vectors in these."""
        step = max(1, len(self.vectors) // _SAMPLE)
        sample = self.vectors[::step].astype(np.float32)
        _, directions = np.linalg.eigh(sample.T @ sample)
        basis = np.ascontiguousarray(directions[:, -_COARSE:], np.float32)
        parts = [
            self.vectors[start : start + _SAMPLE].astype(np.float32) @ basis
            for start in range(0, len(self.vectors), _SAMPLE)
        ]
        return basis, np.concatenate(parts)
