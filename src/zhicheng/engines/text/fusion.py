"""From several signals to one score a document: what it means, what it says, whether it is about another place.

The weights are few and were chosen by cross-validation (docs/adr): short documents (an everyday question and its
answer) are found by meaning, long ones by how much of the question stands close together in them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Weights:
    """What each signal counts."""

    title: float
    wording: float
    answer: float
    cover: float
    wording_cover: float
    misplaced: float


SHORT = Weights(title=0.5, wording=0.5, answer=0.4, cover=1.0, wording_cover=0.3, misplaced=0.15)
LONG = Weights(title=0.0, wording=0.0, answer=0.0, cover=2.0, wording_cover=0.0, misplaced=0.3)


@dataclass(frozen=True)
class Signals:
    """One row a candidate document.

    `title`, `wording`, `answer`: cosine of the question with the title, the nearest wording (title included) and the
    nearest sentence of the answer; `cover`, `wording_cover`: how much of the question the text and the nearest wording
    cover, 0 to 1; `misplaced`: the question names a place, the document names another one and not that;
    `short`: the document is short.
    """

    title: Floats
    wording: Floats
    answer: Floats
    cover: Floats
    wording_cover: Floats
    misplaced: Flags
    short: Flags


def scores(signals: Signals) -> Floats:
    """The score of each candidate; greater is better."""
    return np.where(signals.short, _mixed(signals, SHORT), _mixed(signals, LONG))


def _mixed(signals: Signals, weights: Weights) -> Floats:
    mixed: Floats = (
        weights.title * signals.title
        + weights.wording * signals.wording
        + weights.answer * signals.answer
        + weights.cover * signals.cover
        + weights.wording_cover * signals.wording_cover
        - weights.misplaced * signals.misplaced
    )
    return mixed
