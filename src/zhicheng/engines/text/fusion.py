"""From several signals to one score a document: what it means, what it says, whether it is about another place.

The weights are few and were chosen by cross-validation (docs/adr/0047): short documents (an everyday question and its
answer) are found by meaning, long ones by how much of the question stands close together in them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


# What each signal of a short document counts: title, nearest wording, nearest three, nearest sentence of the answer,
# cover, known, whether its title is a question, then the three of `aspects.alike`.
_SHORT = np.array([0.54, 0.40, 0.62, 0.53, 0.68, 0.54, 0.15, 0.037, 0.037, -0.015])
_SHARPNESS = 14.0  # of confidences: how much a difference in score counts
_LONG_COVER = 2.3
_MISPLACED_SHORT, _MISPLACED_LONG = 0.15, 0.35


@dataclass(frozen=True)
class Signals:
    """One row a candidate document.

    `title`, `wording`, `wordings`, `answer`: cosine of the question with the title, the nearest wording (title
    included), its nearest three on average, and the nearest sentence of the answer; `cover`: how much of the
    question stands close together in the text, `known`: how much of it stands anywhere in text, title and wordings,
    0 to 1; `asks`: the title is a question; `sides`, (documents, 3): as `aspects.alike` gives them; `misplaced`:
    the question names a place that the text does not, and the document is about another; `elsewhere`: it begins
    with another city, of which (nearly) no document speaks; `short`: the document is short.
    """

    title: Floats
    wording: Floats
    wordings: Floats
    answer: Floats
    cover: Floats
    known: Floats
    asks: Flags
    sides: Floats
    elsewhere: Flags
    misplaced: Flags
    short: Flags


def columns(signals: Signals) -> Floats:
    """The signals that short documents are ranked by, (documents, 10)."""
    found = (
        signals.title,
        signals.wording,
        signals.wordings,
        signals.answer,
        signals.cover,
        signals.known,
        signals.asks,
    )
    return np.hstack([np.stack(found, axis=1).astype(np.float64), signals.sides])


def scores(signals: Signals) -> Floats:
    """The score of each candidate; greater is better."""
    short = columns(signals) @ _SHORT - _MISPLACED_SHORT * signals.misplaced
    long = _LONG_COVER * signals.cover - _MISPLACED_LONG * signals.misplaced
    found: Floats = np.where(signals.short, short, long)
    return found


@dataclass(frozen=True)
class Unknown:
    """How much of a question no document knows, 0 to 1: `words`, of its words; `pairs`, of its pairs of characters."""

    words: float
    pairs: float


def confidences(signals: Signals, mixed: Floats, unknown: Unknown) -> Floats:
    """For each candidate the probability that it is the one that answers the question.

    `mixed`: its score. Among short documents it is shared out by the scores, as far as the question is about their
    subject; for a long one it counts how high the score is, and by how much it beats the best other one.

    Fitted on everyday wordings held out of an index of 1,578 questions and on residents' questions about them; the long
    documents' part on 556 questions about 599 policies (docs/adr/0047).
    """
    margin = mixed - _best_other(mixed)
    long = _probability(3.33 * mixed + 6.28 * margin - 1.35 * unknown.words - 2.2)
    found: Floats = np.where(signals.short, _shares(mixed) * on_topic(signals, mixed, unknown), long)
    return found


def on_topic(signals: Signals, mixed: Floats, unknown: Unknown) -> Floats:
    """For each candidate the probability that the question is about its subject at all, whichever document answers it.

    Fitted on residents' questions and on questions about nothing in the index; for long documents it is an estimate.
    """
    strange = 7.84 * unknown.pairs + 8.0 * signals.elsewhere
    short = 4.07 * mixed + 7.02 * signals.wording - strange - 6.73
    long = 4.0 * mixed - 2.36 * unknown.words - strange - 0.5
    return _probability(np.where(signals.short, short, long))


def _shares(mixed: Floats) -> Floats:
    """Softmax."""
    if not len(mixed):
        return mixed
    weights = np.exp(_SHARPNESS * (mixed - mixed.max()))
    found: Floats = weights / weights.sum()
    return found


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
