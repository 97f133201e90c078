"""Which terms a model knows and how much each weighs: TF-IDF per view, one column space over all views.

How a vocabulary is learned is in `counts`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from zhicheng.engines.text.features import Reading, Text, View, read, terms

Floats = npt.NDArray[np.float32]
Columns = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Vocabulary:
    """The known terms of each view, in column order: the columns of view 0 come first.

    `weights`: float32 (terms,), the inverse document frequency of each term.
    """

    views: tuple[View, ...]
    terms: tuple[tuple[str, ...], ...]
    weights: Floats
    max_characters: int

    @cached_property
    def _columns(self) -> tuple[dict[str, int], ...]:
        indexes, start = [], 0
        for known in self.terms:
            indexes.append({term: start + place for place, term in enumerate(known)})
            start += len(known)
        return tuple(indexes)

    def __len__(self) -> int:
        return len(self.weights)

    def read(self, text: str | Text) -> Reading:
        """Cut one text as this vocabulary needs it."""
        return read(text, self.max_characters)

    def vector(self, reading: Reading) -> tuple[Columns, Floats]:
        """The columns a text touches (unique within a view) and their values; empty where no term is known.

        Term counts are damped by 1 + log; every view has length `View.weight`.
        """
        columns: list[int] = []
        values: list[Floats] = []
        for view, index in zip(self.views, self._columns, strict=True):
            counts: dict[int, int] = {}
            get = index.get
            for term, count in Counter(terms(reading, view)).items():
                column = get(term)
                if column is not None:
                    counts[column] = count
            if counts:
                columns += counts
                values.append(self._scaled(view, counts))
        if not columns:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        return np.array(columns, np.int32), np.concatenate(values)

    def matrix(self, readings: Sequence[Reading]) -> sparse.csr_array:
        """Vectors of many texts: float32 CSR (texts, terms)."""
        vectors = [self.vector(reading) for reading in readings]
        starts = np.cumsum([0, *(len(columns) for columns, _ in vectors)], dtype=np.int32)
        columns = np.concatenate([np.empty(0, np.int32), *(columns for columns, _ in vectors)])
        values = np.concatenate([np.empty(0, np.float32), *(values for _, values in vectors)])
        return sparse.csr_array((values, columns, starts), shape=(len(vectors), len(self)))

    def _scaled(self, view: View, counts: dict[int, int]) -> Floats:
        touched = np.fromiter(counts.keys(), np.int32, len(counts))
        repeats = np.fromiter(counts.values(), np.float32, len(counts))
        values: Floats = (1 + np.log(repeats)) * self.weights[touched]
        length = np.float32(np.sqrt(values @ values))
        return values * (np.float32(view.weight) / length)
