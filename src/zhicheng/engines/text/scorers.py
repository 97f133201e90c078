"""Ways to score labels, each a plain linear model: weights (terms, labels) and bias (labels,).

Source of the log-count ratio: Wang and Manning, Baselines and Bigrams: Simple, Good Sentiment and Topic
Classification, ACL 2012.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from zhicheng.engines.text.vocabulary import Floats

_SMOOTHING = 0.02
_RARE = 1e-3
_PRIOR = np.float32(5.0)


@dataclass(frozen=True)
class Scorer:
    """One way to score labels (level 0), their first part (1: `a` of `a.b.c`), their first two (2: `a.b`), and so on.

    `machine`: a support vector machine a label; `ratio`: the same on features scaled by their log-count ratio;
    `centroid`: the cosine with the sum of the label's texts; `bayes`: the log of how much likelier each term is with
    the label than anywhere, drawn towards 0 where little is known. `share` counts where too few examples are there to
    learn it. `penalty` is the C of the machines.
    """

    kind: Literal["machine", "ratio", "centroid", "bayes"]
    level: int = 0
    share: float = 1.0
    penalty: float = 1.0


@dataclass(frozen=True)
class Task:
    """Vectors (texts, terms), float32 CSR, and the place of each text's label among `labels`."""

    matrix: sparse.csr_array
    own: npt.NDArray[np.int64]
    labels: int
    seed: int


def fit_scorer(scorer: Scorer, task: Task) -> tuple[Floats, Floats]:
    """Weights and bias of one scorer; a label without a text scores as low as any can."""
    if not task.matrix.shape[1]:
        return np.zeros((0, task.labels), np.float32), np.zeros(task.labels, np.float32)
    if scorer.kind in {"machine", "ratio"}:
        return _machines(scorer, task)
    sums = _sums(task)
    scored = _directions(sums) if scorer.kind == "centroid" else _surprises(sums)
    return np.ascontiguousarray(scored.T), np.zeros(task.labels, np.float32)


def _sums(task: Task) -> Floats:
    """The sum of the vectors of each label: (labels, terms)."""
    sums = np.zeros((task.labels, task.matrix.shape[1]), np.float32)
    row_of = np.repeat(task.own, np.diff(task.matrix.indptr))
    np.add.at(sums, (row_of, task.matrix.indices), task.matrix.data)
    return sums


def _directions(sums: Floats) -> Floats:
    lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
    found: Floats = (sums / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return found


def _surprises(sums: Floats) -> Floats:
    total = sums.sum(axis=0, dtype=np.float64) + _RARE
    anywhere = (total / total.sum()).astype(np.float32)
    with_label = (sums + _PRIOR * anywhere) / (sums.sum(axis=1, keepdims=True) + _PRIOR)
    found: Floats = np.log(with_label / anywhere)
    return found


def _machines(scorer: Scorer, task: Task) -> tuple[Floats, Floats]:
    weights = np.zeros((task.matrix.shape[1], task.labels), np.float32)
    bias = np.full(task.labels, -1.0, np.float32)
    for label in range(task.labels):
        is_own = task.own == label
        if not is_own.any() or is_own.all():
            bias[label] = 1.0 if is_own.any() else -1.0
            continue
        scale = _ratio(task.matrix, is_own) if scorer.kind == "ratio" else None
        machine = _machine(scorer.penalty, task.seed).fit(_scaled(task.matrix, scale), is_own)
        weights[:, label] = machine.coef_[0] if scale is None else machine.coef_[0] * scale
        bias[label] = machine.intercept_[0]
    return weights, bias


def _machine(penalty: float, seed: int) -> Any:
    """A new machine. scikit-learn is slow to load, and only training needs it."""
    return import_module("sklearn.svm").LinearSVC(C=penalty, random_state=seed)


def _scaled(matrix: sparse.csr_array, scale: Floats | None) -> sparse.csr_array:
    if scale is None:
        return matrix
    return sparse.csr_array((matrix.data * scale[matrix.indices], matrix.indices, matrix.indptr), matrix.shape)


def _ratio(matrix: sparse.csr_array, is_own: npt.NDArray[np.bool_]) -> Floats:
    """How much likelier each term is with the label than without it; the mean over all terms is 1."""
    with_label = np.asarray(matrix[is_own].sum(axis=0)).ravel() + _SMOOTHING
    without = np.asarray(matrix[~is_own].sum(axis=0)).ravel() + _SMOOTHING
    ratio = np.abs(np.log(with_label / with_label.sum()) - np.log(without / without.sum()))
    mean = ratio.mean()
    if not mean:
        return np.ones(len(ratio), np.float32)
    found: Floats = (ratio / mean).astype(np.float32)
    return found
