"""Learn a classifier from examples and keyword hints.

Linear support vector machines, one label against the rest; where codes are dotted (`a.b.c`) a leaf also gets the
scores of its ancestors, which is still one linear model. Calibrated on cross-validated scores. Same input, same model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.svm import LinearSVC

from zhicheng.engines.text import vocabulary as vocabularies
from zhicheng.engines.text.calibration import calibration_error, fit_temperature, softmax
from zhicheng.engines.text.classifier import ClassifierModel, Figures
from zhicheng.engines.text.features import Reading, Text, View, keyword_of, read
from zhicheng.engines.text.vocabulary import Floats, Vocabulary

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
    """How to learn. `penalty` is the C of the machines; `ancestors` the share of an ancestor's score in a leaf's.

    `folds` of cross-validation; below 2 nothing is calibrated and the figures stay zero. `algorithm` is counted up
    when this program learns differently from the same settings.
    """

    views: tuple[View, ...] = SUBJECT_VIEWS
    max_characters: int = 4000
    penalty: float = 1.0
    ancestors: float = 0.0
    folds: int = 5
    algorithm: int = 1


SUBJECT = Configuration()
FEW_EXAMPLES = Configuration(views=FEW_EXAMPLES_VIEWS, max_characters=1500, ancestors=0.5)


@dataclass(frozen=True)
class _Material:
    """Training texts, read once: the examples first, then those made from hints."""

    readings: list[Reading]
    labels: list[str]
    examples: int
    keywords: frozenset[str]


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
        labels = tuple(sorted(set(material.labels)))
        temperature, figures = self._validate(material, labels, seed, progress)
        progress("learning from all texts")
        rows = np.arange(len(material.readings))
        vocabulary, weights, bias = self._fit(material, rows, labels, seed)
        return ClassifierModel(labels, vocabulary, _half(weights), _half(bias), temperature, figures)

    def _material(self, examples: Sequence[Example], hints: Sequence[Hint]) -> _Material:
        limit = self.configuration.max_characters
        readings = [read(example.text, limit) for example in examples]
        labels = [example.label for example in examples]
        for hint in hints:
            pieces = [piece for piece in (hint.name, *hint.keywords) if piece]
            readings.append(read("。".join(pieces), limit))
            labels.append(hint.label)
        keywords = frozenset(keyword_of(keyword) for hint in hints for keyword in hint.keywords) - {""}
        return _Material(readings, labels, len(examples), keywords)

    def _validate(
        self, material: _Material, labels: tuple[str, ...], seed: int, progress: Callable[[str], None]
    ) -> tuple[float, Figures]:
        """Scores of each example from models that have not seen it, then temperature and figures from those."""
        count, folds = material.examples, self.configuration.folds
        if folds < 2 or count < folds or len(labels) < 2:
            return 1.0, Figures(texts=count, labels=len(labels))
        fold_of = _folds(material.labels[:count], folds, seed)
        scores = np.zeros((count, len(labels)), np.float32)
        for fold in range(folds):
            progress(f"cross-validation {fold + 1} of {folds}")
            held = np.flatnonzero(fold_of == fold)
            kept = np.setdiff1d(np.arange(len(material.readings)), held)
            vocabulary, weights, bias = self._fit(material, kept, labels, seed)
            scores[held] = vocabulary.matrix([material.readings[row] for row in held]) @ weights + bias
        truth = np.searchsorted(np.array(labels), np.array(material.labels[:count]))
        temperature = fit_temperature(scores, truth)
        return temperature, measure(softmax(scores, temperature), truth)

    def _fit(
        self, material: _Material, rows: npt.NDArray[np.int64], labels: tuple[str, ...], seed: int
    ) -> tuple[Vocabulary, Floats, Floats]:
        """Vocabulary, weights (terms, labels) and bias (labels,) from some of the texts."""
        readings = [material.readings[row] for row in rows]
        settings = self.configuration
        vocabulary = vocabularies.build(readings, settings.views, material.keywords, settings.max_characters)
        matrix = vocabulary.matrix(readings)
        own = [material.labels[row] for row in rows]
        weights, bias = _machines(matrix, own, labels, settings.penalty, seed)
        if settings.ancestors:
            for depth in range(1, max(label.count(".") for label in labels) + 1):
                above = tuple(sorted({_ancestor(label, depth) for label in labels}))
                share, offset = _machines(
                    matrix, [_ancestor(label, depth) for label in own], above, settings.penalty, seed
                )
                places = [above.index(_ancestor(label, depth)) for label in labels]
                weights += settings.ancestors * share[:, places]
                bias += settings.ancestors * offset[places]
        return vocabulary, weights, bias


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


def _machines(
    matrix: sparse.csr_array, own: list[str], labels: tuple[str, ...], penalty: float, seed: int
) -> tuple[Floats, Floats]:
    """One machine a label that occurs; a label without a text scores as low as any can."""
    weights = np.zeros((matrix.shape[1], len(labels)), np.float32)
    bias = np.full(len(labels), -1.0, np.float32)
    present = sorted(set(own))
    if len(present) == 1:
        bias[labels.index(present[0])] = 1.0
        return weights, bias
    machine = LinearSVC(C=penalty, random_state=seed).fit(matrix, own)
    found, offset = machine.coef_.T, machine.intercept_
    if len(present) == 2:
        found, offset = np.hstack([-found, found]), np.concatenate([-offset, offset])
    places = [labels.index(label) for label in present]
    weights[:, places] = found
    bias[places] = offset
    return weights, bias


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
