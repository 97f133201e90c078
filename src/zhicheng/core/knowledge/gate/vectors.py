"""Vectors of short texts, by document number and place."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zhicheng.core.inference.values import Vectors
from zhicheng.core.knowledge.gate.lexical import Found, Numbers


@dataclass(frozen=True)
class VectorTable:
    """Rows of vectors; `vectors` float16 (rows, dimensions) in the file, float32 in memory."""

    numbers: Numbers
    places: Numbers
    vectors: Vectors

    @classmethod
    def empty(cls, dimensions: int) -> "VectorTable":
        """No rows."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, dimensions), np.float32))

    @classmethod
    def read(cls, path: Path) -> "VectorTable":
        """What `write` wrote."""
        with np.load(path, allow_pickle=False) as held:
            return cls(held["numbers"], held["places"], held["vectors"].astype(np.float32))

    def write(self, path: Path) -> None:
        """Into one file."""
        with path.open("wb") as file:
            np.savez(file, numbers=self.numbers, places=self.places, vectors=self.vectors.astype(np.float16))

    def changed(self, gone: Iterable[int], more: "VectorTable") -> "VectorTable":
        """Without the rows of the documents in `gone`, then with those of `more`."""
        kept = ~np.isin(self.numbers, np.fromiter(gone, np.int64))
        return VectorTable(
            np.concatenate([self.numbers[kept], more.numbers]),
            np.concatenate([self.places[kept], more.places]),
            np.concatenate([self.vectors[kept], more.vectors]),
        )

    def search(self, vector: Vectors, limit: int) -> Found:
        """The rows nearest to a vector (dimensions,), by dot product."""
        alike = self.vectors @ vector
        best = np.argsort(-alike, kind="stable")[:limit]
        return Found(self.numbers[best], self.places[best], alike[best].astype(np.float64))
