"""Vectors of short texts, by document number and place."""

import io
import math
import struct
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from zhicheng.core.inference.values import Vectors
from zhicheng.core.knowledge.gate.lexical import Found, Numbers

_MANY = 20_000  # rows; beyond that a search looks at fewer dimensions first
_FEW = 3
_COARSE, _SAMPLE, _KEPT = 96, 5_000, 400
_ENTRY_LENGTHS = 26  # where the head of an entry of a zip archive says how long its name and its extra field are


@dataclass(frozen=True)
class Nearest:
    """One row a document: its best dot product, the mean of its best three, the place of the best."""

    best: npt.NDArray[np.float64]
    few: npt.NDArray[np.float64]
    places: Numbers


@dataclass(frozen=True)
class Quick:
    """The same vectors as a search multiplies them: few rows as they are, many in the directions that tell most.

    `whole`: float32 (rows, dimensions), empty where there are many; `basis`: float32 (dimensions, 96) and `coarse`:
    float32 (rows, 96), empty where there are few.
    """

    whole: Vectors
    basis: Vectors
    coarse: Vectors

    @classmethod
    def of(cls, vectors: npt.NDArray[np.float16]) -> "Quick":
        """The directions are those in which the vectors differ most."""
        none = np.empty((0, 0), np.float32)
        if len(vectors) <= _MANY:
            return cls(vectors.astype(np.float32), none, none)
        sample = vectors[:: max(1, len(vectors) // _SAMPLE)].astype(np.float32)
        _, directions = np.linalg.eigh(sample.T @ sample)
        basis = np.ascontiguousarray(directions[:, -_COARSE:], np.float32)
        starts = range(0, len(vectors), _SAMPLE)
        parts = [vectors[start : start + _SAMPLE].astype(np.float32) @ basis for start in starts]
        return cls(none, basis, np.concatenate(parts))


@dataclass(frozen=True)
class VectorTable:
    """Rows of vectors, those of a document together; `vectors`: float16 (rows, dimensions)."""

    numbers: Numbers
    places: Numbers
    vectors: npt.NDArray[np.float16]
    read_quick: Quick | None = None

    @classmethod
    def empty(cls, dimensions: int) -> "VectorTable":
        """No rows."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, dimensions), np.float16))

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int]], vectors: npt.NDArray[Any]) -> "VectorTable":
        """Vectors of (document number, place)."""
        pairs = np.array(rows, np.int64).reshape(-1, 2)
        return cls(pairs[:, 0], pairs[:, 1], vectors.astype(np.float16, copy=False))

    @classmethod
    def read(cls, path: Path) -> "VectorTable":
        """What `write` wrote. The vectors stay in the file: the processes that read it share them."""
        quick = Quick(_mapped(path, "whole"), _mapped(path, "basis"), _mapped(path, "coarse"))
        with np.load(path, allow_pickle=False) as held:
            return cls(held["numbers"], held["places"], _mapped(path, "vectors"), quick)

    def write(self, path: Path) -> None:
        """Into one file."""
        with path.open("wb") as file:
            quick = asdict(Quick.of(self.vectors))
            np.savez(file, numbers=self.numbers, places=self.places, vectors=self.vectors, **quick)

    def changed(self, gone: Iterable[int], more: "VectorTable") -> "VectorTable":
        """Without the rows of the documents in `gone`, then with those of `more`."""
        if not len(self.numbers) and np.all(np.diff(more.numbers) >= 0):
            return more  # a whole new table is large: no copy of it
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
        alike = (self._quick.whole if len(rows) == len(self.numbers) else self._exact(rows)) @ wanted
        best = np.argsort(-alike, kind="stable")[:limit]
        return Found(self.numbers[rows[best]], self.places[rows[best]], alike[best].astype(np.float64))

    def nearest(self, numbers: Sequence[int], wanted: Vectors) -> Nearest:
        """For each document its best dot product; 0 and place -1 for a document without rows."""
        best, few, places = np.zeros(len(numbers)), np.zeros(len(numbers)), np.full(len(numbers), -1, np.int64)
        starts = np.searchsorted(self.numbers, numbers, side="left")
        counts = np.searchsorted(self.numbers, numbers, side="right") - starts
        if not counts.any():
            return Nearest(best, few, places)
        known = np.flatnonzero(counts)
        ends = np.cumsum(counts[known])
        rows = np.arange(ends[-1]) + np.repeat(starts[known] - ends + counts[known], counts[known])
        alike = self._exact(rows) @ wanted
        order = np.lexsort((-rows, alike, np.repeat(known, counts[known])))  # the best of each document comes last
        best[known], places[known] = alike[order[ends - 1]], self.places[rows[order[ends - 1]]]
        for place in range(_FEW):
            has = counts[known] > place
            few[known[has]] += alike[order[ends[has] - 1 - place]]
        few[known] /= np.minimum(counts[known], _FEW)
        return Nearest(best, few, places)

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
        alike = self._quick.coarse @ (wanted @ self._quick.basis)
        return np.argpartition(-alike, max(_KEPT, 2 * limit))[: max(_KEPT, 2 * limit)]

    def _exact(self, rows: Numbers) -> Vectors:
        if len(self.numbers) <= _MANY:
            return self._quick.whole[rows]
        return self.vectors[rows].astype(np.float32)

    @cached_property
    def _quick(self) -> Quick:
        return self.read_quick or Quick.of(self.vectors)


def _mapped(path: Path, name: str) -> npt.NDArray[Any]:
    """An array as it lies in an archive of `np.savez`, which compresses nothing."""
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(f"{name}.npy")
    with path.open("rb") as file:
        file.seek(entry.header_offset + _ENTRY_LENGTHS)
        file.seek(sum(struct.unpack("<HH", file.read(4))), io.SEEK_CUR)
        np.lib.format.read_magic(file)
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        if not math.prod(shape):
            return np.empty(shape, dtype)
        return np.asarray(np.memmap(path, dtype, "r", offset=file.tell(), shape=shape))
