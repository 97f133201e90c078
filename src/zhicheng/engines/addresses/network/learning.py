"""Learns a network from marked addresses: small batches of addresses of like length, steps that grow smaller (Adam)."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhicheng.engines.addresses.network.network import Batch, Drop, Weights, new_weights, slope_of

Ints = NDArray[np.int64]

_RATE, _LEAST_RATE = 0.003, 0.05
_WARM_STEPS = 100
_FIRST, _SECOND = 0.9, 0.99  # how long the mean of slopes, and of their squares, remembers
_STEEPEST = 5.0
_MOST_ROWS = 2000  # tables longer than this are changed only where something was told
_LOOSE = 3.0  # addresses of a batch differ in length by about as many tokens
_FORGET = 0.03  # of the things told, as if they had not been seen
_MEAN_SHARE = 0.01  # of each step in the mean of the weights over the second half


@dataclass(frozen=True)
class Course:
    """How long and how strictly a network learns."""

    seed: int = 1
    rounds: int = 16
    batch: int = 48
    drop_told: float = 0.4
    drop_read: float = 0.4


def learn_weights(
    things: Sequence[Ints],
    marks: Sequence[Ints],
    sizes: list[int],
    course: Course,
) -> Weights:
    """The mean of the weights over the second half of the course.

    `things`: of each address (tokens, lists); `marks`: (tokens). Addresses without tokens are left out.
    """
    known = [at for at, mark in enumerate(marks) if len(mark)]
    lengths = np.array([len(marks[at]) for at in known])
    rng = np.random.default_rng(course.seed)
    weights = new_weights(sizes, max(int(marks[at].max()) for at in known) + 1, rng)
    climber = _Climber(weights)
    drop = Drop(course.drop_told, course.drop_read, rng)
    steps = course.rounds * math.ceil(len(known) / course.batch)
    mean: Weights = {}
    half = 0
    for number in range(course.rounds):
        for chosen in _batches(lengths, course.batch, rng):
            some = [known[at] for at in chosen]
            batch = Batch(_together([things[at] for at in some]), lengths[chosen])
            batch = Batch(batch.things * (rng.random(batch.things.shape) >= _FORGET), batch.lengths)
            _, slopes = slope_of(weights, batch, _together([marks[at] for at in some]), drop)
            climber.step(slopes, _RATE * _pace(climber.steps + 1, steps))
            share = np.float32(max(_MEAN_SHARE, 1.0 / max(1, climber.steps - half)))
            for name, value in mean.items():
                value += (weights[name] - value) * share
        if number + 1 > course.rounds // 2 and not mean:
            mean, half = {name: value.copy() for name, value in weights.items()}, climber.steps
    return mean or weights


def _pace(step: int, steps: int) -> float:
    return min(1.0, step / _WARM_STEPS) * max(_LEAST_RATE, 1.0 - step / steps)


def _batches(lengths: Ints, size: int, rng: np.random.Generator) -> Iterator[Ints]:
    order = np.argsort(lengths + rng.random(len(lengths)) * _LOOSE)
    batches = [order[at : at + size] for at in range(0, len(order), size)]
    rng.shuffle(batches)
    yield from batches


def _together(rows: Sequence[Ints]) -> Ints:
    """Rows of different lengths side by side, 0 behind the end of each."""
    found = np.zeros((max(map(len, rows)), len(rows), *rows[0].shape[1:]), np.int64)
    for at, row in enumerate(rows):
        found[: len(row), at] = row
    return found


class _Climber:
    """Adam: steps by the mean of the slopes, measured against how much they vary. Changes the weights in place."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._mean = {name: np.zeros_like(value) for name, value in weights.items()}
        self._square = {name: np.zeros_like(value) for name, value in weights.items()}
        self.steps = 0

    def step(self, slopes: Weights, rate: float) -> None:
        """One step down the slopes."""
        self.steps += 1
        steep = math.sqrt(sum(float(np.vdot(slope, slope)) for slope in slopes.values()))
        scale = np.float32(min(1.0, _STEEPEST / (steep + 1e-9)))
        for name, slope in slopes.items():
            rows: slice | NDArray[np.intp] = slice(None)
            if len(slope) > _MOST_ROWS:
                rows = np.flatnonzero(slope.any(axis=1))
            self._change(name, rows, slope[rows] * scale, rate)

    def _change(self, name: str, rows: slice | NDArray[np.intp], slope: NDArray[np.float32], rate: float) -> None:
        mean = _FIRST * self._mean[name][rows] + (1.0 - _FIRST) * slope
        square = _SECOND * self._square[name][rows] + (1.0 - _SECOND) * slope * slope
        self._mean[name][rows], self._square[name][rows] = mean, square
        mean, square = mean / (1.0 - _FIRST**self.steps), square / (1.0 - _SECOND**self.steps)
        self._weights[name][rows] -= (rate * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)
