"""Probabilities that mean what they say: temperature scaling and its measure.

Source: Guo et al., On Calibration of Modern Neural Networks, ICML 2017 (temperature, expected calibration error).
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

_LOWEST, _HIGHEST = np.log(1e-3), np.log(1e2)


def softmax(scores: npt.NDArray[np.float32], temperature: float) -> npt.NDArray[np.float32]:
    """Scores (…, labels) to probabilities along the last axis; a lower temperature is surer.

    >>> softmax(np.array([0.0, 0.0], np.float32), 1.0).tolist()
    [0.5, 0.5]
    """
    scaled = scores / np.float32(temperature)
    scaled -= scaled.max(axis=-1, keepdims=True)
    np.exp(scaled, out=scaled)
    scaled /= scaled.sum(axis=-1, keepdims=True)
    return scaled


def fit_temperature(scores: npt.NDArray[np.float32], truth: npt.NDArray[np.int64]) -> float:
    """The temperature under which held-out truth is likeliest.

    `scores`: float32 (texts, labels), of models that have not seen the texts; `truth`: the right label's column.
    Without texts the temperature is 1.
    """
    if not len(truth):
        return 1.0

    def surprise(log_temperature: float) -> float:
        scaled = scores.astype(np.float64) / np.exp(log_temperature)
        top = scaled.max(axis=1, keepdims=True)
        total = np.log(np.exp(scaled - top).sum(axis=1)) + top[:, 0]
        return float(np.mean(total - scaled[np.arange(len(truth)), truth]))

    found = minimize_scalar(surprise, bounds=(_LOWEST, _HIGHEST), method="bounded", options={"xatol": 1e-4})
    return float(np.exp(found.x))


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
