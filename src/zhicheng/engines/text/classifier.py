"""A trained text classifier: a vocabulary, one weight row a term, calibrated probabilities. Learning is in `training`.

The hot path sums the weight rows of a text's terms in NumPy: no sparse matrix, no scikit-learn.
"""

import io
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from zhicheng.engines.text.calibration import Certainty, bend, softmax
from zhicheng.engines.text.features import Text, View
from zhicheng.engines.text.vocabulary import Floats, Vocabulary

Candidates = list[tuple[str, float]]
Halves = npt.NDArray[np.float16]
_BATCH = 512
_MAGIC = b"zhicheng text classifier 2\n"


@dataclass(frozen=True)
class Figures:
    """How well a model does on texts it has not seen (cross-validation); zeros where there were too few texts.

    `top3`: share of texts whose label is among the first three. `calibration_error`: see `calibration`.
    """

    texts: int
    labels: int
    accuracy: float = 0.0
    top3: float = 0.0
    macro_f1: float = 0.0
    calibration_error: float = 0.0


@dataclass(frozen=True)
class ClassifierModel:
    """Knows labels; immutable and safe to share between threads.

    `weights`: float16 (terms, labels), of which a text needs few rows; `bias`: float32 (labels,) that holds float16
    values: a stored model answers exactly as the fresh one. `certainty`: see `calibration.fit_certainty`.
    """

    labels: tuple[str, ...]
    vocabulary: Vocabulary
    weights: Halves
    bias: Floats
    certainty: Certainty
    figures: Figures

    def scores(self, text: str | Text) -> Floats | None:
        """Raw scores (labels,), or None where no term of the text is known."""
        columns, values = self.vocabulary.vector(self.vocabulary.read(text))
        if not len(columns):
            return None
        found: Floats = values @ self.weights[columns].astype(np.float32) + self.bias
        return found

    def predict(self, text: str | Text, top: int = 3) -> Candidates:
        """The likeliest labels with their probabilities, best first; empty for a text without a known term."""
        scores = self.scores(text)
        return [] if scores is None else self._best(softmax(scores), top)

    def predict_batch(self, texts: Iterable[str | Text], top: int = 3) -> Iterator[Candidates]:
        """As `predict`, for many texts, in their order."""
        remaining, weights = iter(texts), self.weights.astype(np.float32)
        while chunk := list(islice(remaining, _BATCH)):
            matrix = self.vocabulary.matrix([self.vocabulary.read(text) for text in chunk])
            known = np.diff(matrix.indptr) > 0
            probabilities = softmax(np.asarray(matrix @ weights + self.bias, np.float32))
            for row, is_known in zip(probabilities, known, strict=True):
                yield self._best(row, top) if is_known else []

    def to_bytes(self) -> bytes:
        """The model as a compressed npz archive of plain arrays (no pickle)."""
        meta = {
            "labels": self.labels,
            "views": [asdict(view) for view in self.vocabulary.views],
            "max_characters": self.vocabulary.max_characters,
            "certainty": self.certainty,
            "figures": asdict(self.figures),
        }
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer,
            meta=_text_array(json.dumps(meta, ensure_ascii=False)),
            terms=_text_array("\f".join("\n".join(known) for known in self.vocabulary.terms)),
            frequencies=self.vocabulary.weights,
            weights=self.weights,
            bias=self.bias.astype(np.float16),
        )
        return _MAGIC + buffer.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "ClassifierModel":
        """Read what `to_bytes` wrote.

        Raises:
            ValueError: the bytes are of another format, or damaged.
        """
        if not stored.startswith(_MAGIC):
            raise ValueError("not a text model of this program's format")
        try:
            return cls._from_archive(stored[len(_MAGIC) :])
        except (BadZipFile, KeyError, EOFError, zlib.error) as error:
            raise ValueError(f"the text model is damaged: {error}") from error

    @classmethod
    def _from_archive(cls, archive: bytes) -> "ClassifierModel":
        with np.load(io.BytesIO(archive), allow_pickle=False) as arrays:
            meta = json.loads(arrays["meta"].tobytes())
            blocks = arrays["terms"].tobytes().decode().split("\f")
            vocabulary = Vocabulary(
                views=tuple(View(**view) for view in meta["views"]),
                terms=tuple(tuple(block.split("\n")) if block else () for block in blocks),
                weights=arrays["frequencies"],
                max_characters=meta["max_characters"],
            )
            return cls(
                labels=tuple(meta["labels"]),
                vocabulary=vocabulary,
                weights=arrays["weights"],
                bias=arrays["bias"].astype(np.float32),
                certainty=(meta["certainty"][0], meta["certainty"][1]),
                figures=Figures(**meta["figures"]),
            )

    def _best(self, probabilities: Floats, top: int) -> Candidates:
        """Ties keep the order of the labels; what the first candidate gains or loses, the others lose or gain."""
        places = best_places(probabilities, top)
        first = float(probabilities[places[0]])
        bent = bend(first, self.certainty)
        rest = (1 - bent) / (1 - first) if first < 1 else 0.0
        others = ((self.labels[place], min(bent, float(probabilities[place]) * rest)) for place in places[1:])
        return [(self.labels[places[0]], bent), *others]


def best_places(values: Floats, top: int) -> Sequence[int]:
    """The places of the `top` greatest values, greatest first; of equals the first."""
    if top < len(values):
        least = np.partition(values, -top)[-top]
        places = np.flatnonzero(values >= least)
    else:
        places = np.arange(len(values))
    ordered: list[int] = places[np.argsort(-values[places], kind="stable")][:top].tolist()
    return ordered


def _text_array(text: str) -> Floats | np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.frombuffer(text.encode(), np.uint8)
