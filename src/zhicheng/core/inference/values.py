"""Typed values of inference: what an embedder must be able to do."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["Embedder", "Vectors"]

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns short texts (titles, questions, headings) into vectors whose dot product says how alike they mean."""

    @property
    def name(self) -> str:
        """Which model, with its version: vectors of different names are never compared."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, float32 (texts, dimensions); an empty text has the zero vector."""
