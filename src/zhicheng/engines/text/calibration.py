"""Probabilities that mean what they say: the scores of several models are mixed and scaled to be likeliest true.

With one model that is temperature scaling. Source, also of the expected calibration error: Guo et al., On Calibration
of Modern Neural Networks, ICML 2017.
"""

import math
from collections.abc import Sequence
from importlib import import_module
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Scores = TypeVar("Scores", npt.NDArray[np.float32], npt.NDArray[np.float64])
Certainty = tuple[float, float]
PLAIN: Certainty = (1.0, 0.0)
_TINY = 1e-12
_LARGEST = 8.0  # of the logarithm of a share


def softmax(scores: Scores) -> Scores:
    """Scores (…, labels) to probabilities along the last axis.

    >>> softmax(np.array([0.0, 0.0])).tolist()
    [0.5, 0.5]
    """
    scaled: Scores = scores - scores.max(axis=-1, keepdims=True)
    np.exp(scaled, out=scaled)
    scaled /= scaled.sum(axis=-1, keepdims=True)
    return scaled


def fit_shares(scores: Sequence[Floats], truth: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The shares under whose mixture, put through `softmax`, held-out truth is likeliest: one for each model.

    `scores`: each float32 (texts, labels), of models that have not seen the texts; `truth`: the right label's column.
    Shares are positive; what does not help gets almost nothing.

    Raises:
        ValueError: there are no texts.
    """
    if not len(truth):
        raise ValueError("no texts to calibrate on")
    parts = [part.astype(np.float64) for part in scores]
    rows = np.arange(len(truth))

    def surprise(logs: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        shares = np.exp(logs)
        chances = softmax(sum(share * part for share, part in zip(shares, parts, strict=True)))
        loss = -float(np.mean(np.log(chances[rows, truth] + _TINY)))
        chances[rows, truth] -= 1
        slope = np.array([float((chances * part).sum()) for part in parts]) / len(truth)
        return loss, slope * shares

    start = np.array([-np.log(len(parts) * (part.std() + _TINY)) for part in parts]).clip(-_LARGEST, _LARGEST)
    minimize = import_module("scipy.optimize").minimize  # slow to load, and only training needs it
    found = minimize(surprise, start, jac=True, method="L-BFGS-B", bounds=[(-_LARGEST, _LARGEST)] * len(parts))
    shares: npt.NDArray[np.float64] = np.exp(found.x)
    return shares


def fit_certainty(confidence: Floats, right: npt.NDArray[np.bool_]) -> Certainty:
    """How the probability of the first candidate must be bent to be the share of right ones (Platt scaling).

    `confidence`: (texts,), of models that have not seen the texts; `right`: whether the first candidate was true.
    """
    odds = _log_odds(confidence.astype(np.float64))

    def surprise(line: npt.NDArray[np.float64]) -> float:
        bent = line[0] * odds + line[1]
        return float(np.mean(np.logaddexp(0, np.where(right, -bent, bent))))

    minimize = import_module("scipy.optimize").minimize  # slow to load, and only training needs it
    found = minimize(surprise, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0.05, 5.0), (-_LARGEST, _LARGEST)])
    return float(found.x[0]), float(found.x[1])


def bend(confidence: float, certainty: Certainty) -> float:
    """The probability of a first candidate after `fit_certainty`; greater stays greater.

    >>> round(bend(0.9, (1.0, 0.0)), 6)
    0.9
    """
    slope, offset = certainty
    bounded = min(max(confidence, _TINY), 1 - _TINY)
    return 1 / (1 + math.exp(-(slope * math.log(bounded / (1 - bounded)) + offset)))


def calibration_error(confidence: npt.NDArray[np.float32], right: npt.NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy, over bins of equal size.

    `confidence`: (texts,), the probability of the first candidate; `right`: whether it was true. 0.0 without texts.

    >>> calibration_error(np.full(4, 0.5, np.float32), np.array([True, False, True, False]), bins=1)
    0.0
    """
    if not len(confidence):
        return 0.0
    groups = np.array_split(np.argsort(confidence, kind="stable"), bins)
    gaps = [len(group) * abs(confidence[group].mean() - right[group].mean()) for group in groups if len(group)]
    return float(sum(gaps) / len(confidence))


def _log_odds(chances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    bounded = chances.clip(_TINY, 1 - _TINY)
    odds: npt.NDArray[np.float64] = np.log(bounded / (1 - bounded))
    return odds
