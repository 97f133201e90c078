"""From several signals to one score a document: what it means, what it says, whether it is about another place.

The weights are few and were chosen by cross-validation (docs/adr/0047): short documents (an everyday question and its
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
    misplaced: float
    careful_title: float = 0.0
    careful_answer: float = 0.0


_USUAL = 0.85  # cosine of two texts that have nothing to do with each other, by the careful model
SHORT = Weights(title=0.75, wording=0.55, answer=0.5, cover=1.2, misplaced=0.15)
CAREFUL = Weights(title=0.6, wording=0.5, answer=0.4, cover=1.2, misplaced=0.15, careful_title=5.0, careful_answer=5.0)
LONG = Weights(title=0.0, wording=0.0, answer=0.0, cover=2.3, misplaced=0.35)


@dataclass(frozen=True)
class Signals:
    """One row a candidate document.

    `title`, `wording`, `answer`: cosine of the question with the title, the nearest wording (title included) and the
    nearest sentence of the answer; `cover`: how much of the question the text covers, 0 to 1; `elsewhere`: the question
    names a place that the text does not; `misplaced`: and the document is about another place; `short`: it is short;
    `careful`: cosine by a better model with the title and the first sentence, where that was asked (0 for a document
    that it has not seen).
    """

    title: Floats
    wording: Floats
    answer: Floats
    cover: Floats
    elsewhere: Flags
    misplaced: Flags
    short: Flags
    careful: tuple[Floats, Floats] | None = None


def scores(signals: Signals) -> Floats:
    """The score of each candidate; greater is better."""
    short = SHORT if signals.careful is None else CAREFUL
    found: Floats = np.where(signals.short, _mixed(signals, short), _mixed(signals, LONG))
    return found


@dataclass(frozen=True)
class Unknown:
    """How much of a question no document knows, 0 to 1: `words`, of its words; `pairs`, of its pairs of characters."""

    words: float
    pairs: float


def confidences(signals: Signals, mixed: Floats, unknown: Unknown) -> Floats:
    """For each candidate the probability that it is the one that answers the question.

    `mixed`: its score. It counts how high the score is, and by how much it beats the best other one.

    Fitted on everyday wordings held out of an index of 1,578 questions, and on questions about none of them; the long
    documents' part on 556 questions about 599 policies (docs/adr/0047).
    """
    margin = mixed - _best_other(mixed)
    short = 0.88 * mixed + 8.08 * margin - 1.35 * unknown.words - 2.24
    long = 3.33 * mixed + 6.28 * margin - 1.35 * unknown.words - 2.2
    return _probability(np.where(signals.short, short, long))


def on_topic(signals: Signals, mixed: Floats, unknown: Unknown) -> Floats:
    """For each candidate the probability that the question is about its subject at all, whichever document answers it.

    Fitted as `confidences`, except for long documents: there it is an estimate.
    """
    strange = 2.32 * unknown.words + 3.96 * unknown.pairs
    short = 1.35 * mixed + 1.75 * signals.wording - 1.56 * signals.cover + 11.17 * signals.answer - 2.27
    long = 4.0 * mixed - 0.5
    return _probability(np.where(signals.short, short, long) - 4.6 * signals.elsewhere - strange)


def _best_other(mixed: Floats) -> Floats:
    """For each candidate the best score among the others; 0 where there is none."""
    if len(mixed) < 2:
        return np.zeros(len(mixed))
    second, first = np.partition(mixed, -2)[-2:]
    other: Floats = np.where(np.arange(len(mixed)) == int(mixed.argmax()), second, first)
    return other


def _probability(odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return found


def _mixed(signals: Signals, weights: Weights) -> Floats:
    mixed: Floats = (
        weights.title * signals.title
        + weights.wording * signals.wording
        + weights.answer * signals.answer
        + weights.cover * signals.cover
        - weights.misplaced * signals.misplaced
    )
    if signals.careful is not None:
        title, answer = (np.where(part > 0, part - _USUAL, 0.0) for part in signals.careful)
        mixed = mixed + weights.careful_title * title + weights.careful_answer * answer
    return mixed
