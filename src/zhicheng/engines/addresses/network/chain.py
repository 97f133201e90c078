"""A chain of marks as a whole (a linear-chain conditional random field): how likely, how to learn it, the best one.

Shapes: T steps, B sequences that begin together, K marks. What lies behind the end of a sequence does not count.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Exact = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Chain:
    """What a mark says about the next: `steps` (K + 1, K), the last row for the first mark; `last` (K) for the end."""

    steps: Floats
    last: Floats


@dataclass(frozen=True)
class Slope:
    """How the loss changes with the scores of each mark (T, B, K), and with the chain."""

    loss: float
    scores: Floats
    chain: Chain


def chain_slope(chain: Chain, scores: Floats, lengths: Ints, gold: Ints) -> Slope:
    """The mean loss (negative logarithm of the likelihood) of the marks `gold` (T, B), and its slope."""
    count = scores.shape[1]
    inside = np.arange(len(scores))[:, None] < lengths[None, :]
    marks, steps, last, likelihood = _expected(chain, scores.astype(np.float64), inside, lengths)
    told = _score_of(chain, scores, inside, gold)
    first = np.where(inside, gold, 0)
    rows = np.nonzero(inside)
    marks[rows[0], rows[1], first[rows]] -= 1.0
    before, after = gold[:-1][inside[1:]], gold[1:][inside[1:]]
    np.add.at(steps, (before, after), -1.0)
    np.add.at(steps, (np.full(count, len(last)), gold[0]), -1.0)
    np.add.at(last, gold[lengths - 1, np.arange(count)], -1.0)
    slope = Chain((steps / count).astype(np.float32), (last / count).astype(np.float32))
    return Slope(float((likelihood - told).mean()), (marks / count).astype(np.float32), slope)


def _score_of(chain: Chain, scores: Floats, inside: NDArray[np.bool_], gold: Ints) -> Exact:
    count = scores.shape[1]
    own = np.take_along_axis(scores, gold[:, :, None], axis=2)[:, :, 0]
    total = (own * inside).sum(axis=0, dtype=np.float64) + chain.steps[-1, gold[0]]
    total += (chain.steps[gold[:-1], gold[1:]] * inside[1:]).sum(axis=0)
    ends: Exact = total + chain.last[gold[inside.sum(axis=0) - 1, np.arange(count)]]
    return ends


def _expected(
    chain: Chain, scores: Exact, inside: NDArray[np.bool_], lengths: Ints
) -> tuple[Exact, Exact, Exact, Exact]:
    """How often each mark and each step is expected, and the logarithm of the sum over all chains."""
    length, count, kinds = scores.shape
    top = scores.max(axis=2, keepdims=True)
    here = np.exp(scores - top)
    step, last = np.exp(chain.steps[:kinds].astype(np.float64)), np.exp(chain.last.astype(np.float64))
    ahead, scale = _forward(here, step, np.exp(chain.steps[kinds].astype(np.float64)), inside)
    ending = (ahead[-1] * last).sum(axis=1)
    behind = np.zeros((length, count, kinds))
    steps = np.zeros((kinds + 1, kinds))
    for at in range(length - 1, -1, -1):
        if at + 1 < length:
            coming = here[at + 1] * behind[at + 1] / scale[at + 1][:, None]
            behind[at] = coming @ step.T
            steps[:kinds] += ahead[at].T @ coming
        behind[at][lengths - 1 == at] = last
        behind[at][lengths - 1 == at] /= ending[lengths - 1 == at][:, None]
    marks = ahead * behind * inside[:, :, None]
    steps[:kinds] *= step
    steps[kinds] = marks[0].sum(axis=0)
    likelihood = np.log(scale).sum(axis=0) + (top[:, :, 0] * inside).sum(axis=0) + np.log(ending)
    return marks, steps, marks[lengths - 1, np.arange(count)].sum(axis=0), likelihood


def _forward(here: Exact, step: Exact, first: Exact, inside: NDArray[np.bool_]) -> tuple[Exact, Exact]:
    """Shares of the marks up to each place, and what they were divided by; behind the end the last ones stay."""
    ahead, scale = np.empty_like(here), np.ones(here.shape[:2])
    for at in range(len(here)):
        share = first * here[0] if at == 0 else (ahead[at - 1] @ step) * here[at]
        total = share.sum(axis=1)
        if at == 0:
            ahead[at], scale[at] = share / total[:, None], total
        else:
            on = inside[at]
            ahead[at] = np.where(on[:, None], share / total[:, None], ahead[at - 1])
            scale[at] = np.where(on, total, 1.0)
    return ahead, scale


def shares_of(chain: Chain, scores: Floats) -> Exact:
    """How likely each mark is at each place of one sequence; shape of `scores` (T, K)."""
    inside = np.ones((len(scores), 1), np.bool_)
    marks, *_ = _expected(chain, scores[:, None, :].astype(np.float64), inside, np.array([len(scores)]))
    return marks[:, 0]


def best_chain(chain: Chain, scores: Floats | Exact) -> list[int]:
    """The likeliest marks for the scores (T, K) of one sequence."""
    kinds = scores.shape[1]
    worth = scores[0] + chain.steps[kinds]
    ways = []
    for own in scores[1:]:
        through = worth[:, None] + chain.steps[:kinds]
        way = through.argmax(axis=0)
        worth = through[way, np.arange(kinds)] + own
        ways.append(way)
    mark = int((worth + chain.last).argmax())
    path = [mark]
    for way in reversed(ways):
        mark = int(way[mark])
        path.append(mark)
    return path[::-1]
