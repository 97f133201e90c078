"""Learn a classifier from examples and keyword hints.

Linear support vector machines, one label against the rest; where codes are dotted (`a.b.c`) a leaf also gets the
scores of its ancestors, which is still one linear model. Calibrated on cross-validated scores. Same input, same model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from zhicheng.engines.text.calibration import calibration_error, fit_temperature, softmax
from zhicheng.engines.text.classifier import ClassifierModel, Figures
from zhicheng.engines.text.counts import ViewCounts, count_terms, weigh
from zhicheng.engines.text.features import KeywordIndex, Text, View, keyword_of, read
from zhicheng.engines.text.machines import machines, ratio_machines
from zhicheng.engines.text.vocabulary import Floats

SUBJECT_VIEWS = (
    View("word", highest=2, min_texts=2),
    View("char", highest=3, min_texts=2),
    View("word", part="head", weight=0.5),
    View("char", part="head", highest=3, weight=0.5, min_texts=2),
)
FEW_EXAMPLES_VIEWS = (
    View("word", highest=2, min_texts=1),
    View("char", highest=3, min_texts=2),
    View("hint", weight=1.0),
)


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
    """How to learn.

    `penalty` is the C of the machines, `ratio` the share of log-count-ratio machines among them, `ancestors` the
    share of an ancestor's score in a leaf's. `folds` of cross-validation; below 2 nothing is calibrated and the
    figures stay zero. `algorithm` is counted up when this program learns differently from the same settings.
    """

    views: tuple[View, ...] = SUBJECT_VIEWS
    max_characters: int = 4000
    penalty: float = 1.0
    ratio: float = 0.0
    ancestors: float = 0.0
    folds: int = 5
    algorithm: int = 1


SUBJECT = Configuration(ratio=0.5)
FEW_EXAMPLES = Configuration(views=FEW_EXAMPLES_VIEWS, max_characters=1500, ancestors=0.5)


@dataclass(frozen=True)
class _Material:
    """Training texts, counted once: the examples first, then those made from hints."""

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

        >>> model = TextClassifier().train([Example("路灯坏了", "light"), Example("水管漏水", "water")])
        >>> model.predict("路灯又坏了", top=1)[0][0]
        'light'
        """
        if not examples and not hints:
            raise ValueError("nothing to learn from: no example, no hint")
        material = self._material(examples, hints)
        labels = tuple(sorted(set(material.labels.tolist())))
        temperature, figures = self._validate(material, labels, seed, progress)
        progress("learning from all texts")
        vocabulary, matrix = weigh(material.views, np.arange(len(material.labels)), self.configuration.max_characters)
        weights, bias = self._fit(matrix, material.labels, labels, seed)
        return ClassifierModel(labels, vocabulary, _half(weights), _half(bias), temperature, figures)

    def _material(self, examples: Sequence[Example], hints: Sequence[Hint]) -> _Material:
        limit = self.configuration.max_characters
        readings = [read(example.text, limit) for example in examples]
        readings += [read("。".join(filter(None, (hint.name, *hint.keywords))), limit) for hint in hints]
        labels = [example.label for example in examples] + [hint.label for hint in hints]
        keywords = KeywordIndex({keyword_of(word) for hint in hints for word in hint.keywords} - {""})
        views = tuple(count_terms(readings, view, keywords) for view in self.configuration.views)
        return _Material(views, np.array(labels), len(examples))

    def _validate(
        self, material: _Material, labels: tuple[str, ...], seed: int, progress: Callable[[str], None]
    ) -> tuple[float, Figures]:
        """Scores of each example from models that have not seen it, then temperature and figures from those."""
        count, folds = material.examples, self.configuration.folds
        if folds < 2 or count < folds or len(labels) < 2:
            return 1.0, Figures(texts=count, labels=len(labels))
        fold_of = _folds(material.labels[:count].tolist(), folds, seed)
        scores = np.zeros((count, len(labels)), np.float32)
        for fold in range(folds):
            progress(f"cross-validation {fold + 1} of {folds}")
            held = np.flatnonzero(fold_of == fold)
            kept = np.setdiff1d(np.arange(len(material.labels)), held)
            _, matrix = weigh(material.views, kept, self.configuration.max_characters)
            weights, bias = self._fit(matrix[kept], material.labels[kept], labels, seed)
            scores[held] = matrix[held] @ weights + bias
        truth = np.searchsorted(np.array(labels), material.labels[:count])
        temperature = fit_temperature(scores, truth)
        return temperature, measure(softmax(scores, temperature), truth)

    def _fit(
        self, matrix: sparse.csr_array, own: npt.NDArray[np.str_], labels: tuple[str, ...], seed: int
    ) -> tuple[Floats, Floats]:
        """Weights (terms, labels) and bias (labels,) from vectors and their labels."""
        settings = self.configuration
        weights, bias = self._machines(matrix, own, labels, seed)
        if settings.ancestors:
            for depth in range(1, max(label.count(".") for label in labels) + 1):
                above = tuple(sorted({_ancestor(label, depth) for label in labels}))
                theirs = np.array([_ancestor(label, depth) for label in own])
                share, offset = self._machines(matrix, theirs, above, seed)
                places = [above.index(_ancestor(label, depth)) for label in labels]
                weights += settings.ancestors * share[:, places]
                bias += settings.ancestors * offset[places]
        return weights, bias

    def _machines(
        self, matrix: sparse.csr_array, own: npt.NDArray[np.str_], labels: tuple[str, ...], seed: int
    ) -> tuple[Floats, Floats]:
        """The mean of the plain machines and of those on features scaled by their log-count ratio."""
        weights, bias = machines(matrix, own, labels, self.configuration.penalty, seed)
        share = self.configuration.ratio
        if share:
            scaled, offset = ratio_machines(matrix, own, labels, self.configuration.penalty, seed)
            weights, bias = (1 - share) * weights + share * scaled, (1 - share) * bias + share * offset
        return weights, bias


def measure(probabilities: Floats, truth: npt.NDArray[np.int64]) -> Figures:
    """Figures of probabilities (texts, labels) against the right columns."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    right = order[:, 0] == truth
    return Figures(
        texts=len(truth),
        labels=probabilities.shape[1],
        accuracy=float(right.mean()),
        top3=float((order[:, :3] == truth[:, None]).any(axis=1).mean()),
        macro_f1=macro_f1(truth.tolist(), order[:, 0].tolist()),
        calibration_error=calibration_error(probabilities.max(axis=1), right),
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


def _ancestor(label: str, depth: int) -> str:
    return ".".join(label.split(".")[:depth])


def _half(values: Floats) -> Floats:
    return values.astype(np.float16).astype(np.float32)
