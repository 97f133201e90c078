"""Learn a classifier from examples and keyword hints.

Several linear scorers are mixed, of the labels and, where codes are dotted (`a.b.c`), of their ancestors; the mixture
is again one linear model. Its shares are learned on cross-validated scores, which also calibrates it. Same input, same
model.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from zhicheng.engines.text.calibration import (
    PLAIN,
    Certainty,
    bend,
    calibration_error,
    fit_certainty,
    fit_shares,
    softmax,
)
from zhicheng.engines.text.classifier import ClassifierModel, Figures
from zhicheng.engines.text.counts import ViewCounts, count_terms, weigh
from zhicheng.engines.text.features import Text, View, read
from zhicheng.engines.text.scorers import Scorer, Task, fit_scorer
from zhicheng.engines.text.vocabulary import Floats


@dataclass(frozen=True)
class Example:
    """A text and its right label."""

    text: str | Text
    label: str


@dataclass(frozen=True)
class Hint:
    """What is known of a label without examples: its name and keywords."""

    label: str
    name: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class Configuration:
    """How to learn: how texts are looked at, and which scorers are mixed.

    `folds` of cross-validation; below 2 nothing is calibrated, scorers keep their own shares and the figures stay zero.
    `algorithm` is counted up when this program learns differently from the same settings.
    """

    views: tuple[View, ...]
    scorers: tuple[Scorer, ...]
    max_characters: int = 4000
    folds: int = 5
    algorithm: int = 1


# Few labels with hundreds of texts each, which have a title.
SUBJECT = Configuration(
    views=(
        View("word", highest=2, min_texts=3),
        View("char", highest=3, min_texts=3),
        View("word", part="head", weight=0.5, min_texts=2),
        View("char", part="head", highest=3, weight=0.5, min_texts=2),
    ),
    scorers=(Scorer("machine", share=2.0), Scorer("ratio", share=2.0, penalty=0.5)),
)
# Hundreds of labels in a tree, with a few short texts and some keywords each.
FEW_EXAMPLES = Configuration(
    views=(View("char", highest=2, min_texts=2),),
    scorers=(
        Scorer("centroid", share=12.0),
        Scorer("centroid", level=1, share=8.0),
        Scorer("centroid", level=2, share=5.0),
        Scorer("bayes", share=0.2),
    ),
    max_characters=1500,
)


@dataclass(frozen=True)
class _Material:
    """Training texts, counted once: the examples, then a text of each hint, its name and each keyword on their own."""

    views: tuple[ViewCounts, ...]
    labels: npt.NDArray[np.str_]
    examples: int


class TextClassifier:
    """Trains models of one configuration."""

    def __init__(self, configuration: Configuration = SUBJECT) -> None:
        self.configuration = configuration

    def train(
        self,
        examples: Sequence[Example],
        hints: Sequence[Hint] = (),
        *,
        seed: int = 0,
        progress: Callable[[str], None] = lambda _: None,
    ) -> ClassifierModel:
        """A model of every label that has an example or a hint.

        Raises:
            ValueError: there is neither an example nor a hint.

        >>> hints = [Hint("light", "路灯", ("不亮",)), Hint("water", "供水", ("水管",))]
        >>> TextClassifier(FEW_EXAMPLES).train([], hints).predict("路灯又不亮了", top=1)[0][0]
        'light'
        """
        if not examples and not hints:
            raise ValueError("nothing to learn from: no example, no hint")
        material = self._material(examples, hints)
        labels = tuple(sorted(set(material.labels.tolist())))
        shares, certainty, figures = self._validate(material, labels, seed, progress)
        progress("learning from all texts")
        vocabulary, matrix = weigh(material.views, np.arange(len(material.labels)), self.configuration.max_characters)
        weights, bias = _zeros(matrix.shape[1], len(labels))
        for share, (part, offset) in zip(shares, self._fit(matrix, material.labels, labels, seed), strict=True):
            weights += np.float32(share) * part
            bias += np.float32(share) * offset
        return ClassifierModel(labels, vocabulary, weights.astype(np.float16), _half(bias), certainty, figures)

    def _material(self, examples: Sequence[Example], hints: Sequence[Hint]) -> _Material:
        limit = self.configuration.max_characters
        texts = [(example.text, example.label) for example in examples]
        for hint in hints:
            pieces = [piece for piece in (hint.name, *hint.keywords) if piece]
            texts += [(piece, hint.label) for piece in ("。".join(pieces), *pieces)]
        readings = [read(text, limit) for text, _ in texts]
        views = tuple(count_terms(readings, view) for view in self.configuration.views)
        return _Material(views, np.array([label for _, label in texts]), len(examples))

    def _validate(
        self, material: _Material, labels: tuple[str, ...], seed: int, progress: Callable[[str], None]
    ) -> tuple[npt.NDArray[np.float64], Certainty, Figures]:
        """Scores of each example from models that have not seen it, then shares, certainty and figures from those."""
        count, folds, scorers = material.examples, self.configuration.folds, self.configuration.scorers
        if folds < 2 or count < folds or len(labels) < 2:
            return np.array([scorer.share for scorer in scorers]), PLAIN, Figures(texts=count, labels=len(labels))
        fold_of = _folds(material.labels[:count].tolist(), folds, seed)
        scores = [np.zeros((count, len(labels)), np.float32) for _ in scorers]
        for fold in range(folds):
            progress(f"cross-validation {fold + 1} of {folds}")
            held = np.flatnonzero(fold_of == fold)
            kept = np.setdiff1d(np.arange(len(material.labels)), held)
            _, matrix = weigh(material.views, kept, self.configuration.max_characters)
            for place, (part, offset) in enumerate(self._fit(matrix[kept], material.labels[kept], labels, seed)):
                scores[place][held] = matrix[held] @ part + offset
        truth = np.searchsorted(np.array(labels), material.labels[:count])
        shares = fit_shares(scores, truth)
        mixed = sum(np.float32(share) * part for share, part in zip(shares, scores, strict=True))
        chances = softmax(np.asarray(mixed, np.float32))
        certainty = fit_certainty(chances.max(axis=1), chances.argmax(axis=1) == truth)
        return shares, certainty, measure(chances, truth, certainty)

    def _fit(
        self, matrix: sparse.csr_array, own: npt.NDArray[np.str_], labels: tuple[str, ...], seed: int
    ) -> Iterator[tuple[Floats, Floats]]:
        """Weights (terms, labels) and bias (labels,) of each scorer; a leaf gets what its ancestor scores."""
        for scorer in self.configuration.scorers:
            above, place_of = np.unique([_ancestor(label, scorer.level) for label in labels], return_inverse=True)
            theirs = np.searchsorted(above, [_ancestor(label, scorer.level) for label in own])
            weights, bias = fit_scorer(scorer, Task(matrix, theirs, len(above), seed))
            yield weights[:, place_of], bias[place_of]


def measure(probabilities: Floats, truth: npt.NDArray[np.int64], certainty: Certainty) -> Figures:
    """Figures of probabilities (texts, labels) against the right columns."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    right = order[:, 0] == truth
    confidence = np.array([bend(float(chance), certainty) for chance in probabilities.max(axis=1)], np.float32)
    return Figures(
        texts=len(truth),
        labels=probabilities.shape[1],
        accuracy=float(right.mean()),
        top3=float((order[:, :3] == truth[:, None]).any(axis=1).mean()),
        macro_f1=macro_f1(truth.tolist(), order[:, 0].tolist()),
        calibration_error=calibration_error(confidence, right),
    )


def macro_f1(truth: Sequence[object], answers: Sequence[object]) -> float:
    """The mean over all labels that occur of 2·right / (given + wanted).

    >>> round(macro_f1(["a", "a", "b"], ["a", "b", "b"]), 3)
    0.667
    """
    pairs = list(zip(truth, answers, strict=True))
    scores = []
    for label in dict.fromkeys([*truth, *answers]):
        both = sum(wanted == given == label for wanted, given in pairs)
        either = sum(wanted == label for wanted, _ in pairs) + sum(given == label for _, given in pairs)
        scores.append(2 * both / either)
    return sum(scores) / len(scores) if scores else 0.0


def _folds(labels: list[str], folds: int, seed: int) -> npt.NDArray[np.int64]:
    """The fold of each text: shuffled, each label spread evenly over the folds."""
    order = np.random.default_rng(seed).permutation(len(labels))
    by_label = sorted(order.tolist(), key=lambda row: labels[row])
    fold_of = np.zeros(len(labels), np.int64)
    fold_of[by_label] = np.arange(len(labels)) % folds
    return fold_of


def _ancestor(label: str, level: int) -> str:
    return ".".join(label.split(".")[:level]) if level else label


def _zeros(terms: int, labels: int) -> tuple[Floats, Floats]:
    return np.zeros((terms, labels), np.float32), np.zeros(labels, np.float32)


def _half(values: Floats) -> Floats:
    return values.astype(np.float16).astype(np.float32)
