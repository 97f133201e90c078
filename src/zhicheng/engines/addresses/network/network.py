"""The network: things told become numbers, two layers read them in both directions, a chain of marks comes out.

Shapes: T steps, B addresses that begin together, as many lists of things as `inputs.SEEN_LEAST` has, K marks.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhicheng.engines.addresses.network.chain import Chain, chain_slope
from zhicheng.engines.addresses.network.inputs import SEEN_LEAST
from zhicheng.engines.addresses.network.recurrent import Cell, Trace, new_cell, run, run_back

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Weights = dict[str, Floats]

WIDTHS = (64, 32, 32, 8, 16, 8, 8, 4)
"""Numbers that each thing told becomes."""

_SAID = 128
_CELL = tuple(field.name for field in fields(Cell))
_DIRECTIONS = ("ahead", "back")


@dataclass(frozen=True)
class Batch:
    """Some addresses: `things` (T, B, lists), `lengths` (B)."""

    things: Ints
    lengths: Ints

    @property
    def mask(self) -> Floats:
        """(T, B, 1): 1 inside an address."""
        inside = np.arange(len(self.things))[:, None] < self.lengths[None, :]
        return inside[:, :, None].astype(np.float32)

    @property
    def turned(self) -> tuple[Ints, Ints]:
        """An index that turns each address around, and back."""
        step = np.arange(len(self.things))[:, None]
        return np.where(step < self.lengths, self.lengths - 1 - step, step), np.arange(len(self.lengths))[None, :]


@dataclass(frozen=True)
class Drop:
    """How much is withheld while learning, drawn anew for each batch: of what is told, and of what was read."""

    told: float
    read: float
    rng: np.random.Generator

    def mask(self, shape: tuple[int, ...], share: float) -> Floats:
        """0 where something is withheld, the rest so much larger."""
        kept: Floats = (self.rng.random(shape, dtype=np.float32) >= share).astype(np.float32) / np.float32(1.0 - share)
        return kept


@dataclass(frozen=True)
class _Pass:
    """What a pass leaves behind for the way back."""

    scores: Floats
    read: Floats
    traces: tuple[Trace, Trace]
    told_mask: Floats | None
    read_mask: Floats | None


def new_weights(sizes: list[int], marks: int, rng: np.random.Generator) -> Weights:
    """Weights before anything is learned."""
    weights: Weights = {
        f"things{at}": (0.3 * rng.standard_normal((size, width))).astype(np.float32)
        for at, (size, width) in enumerate(zip(sizes, WIDTHS, strict=True))
    }
    for direction in _DIRECTIONS:
        cell = new_cell(sum(WIDTHS), _SAID, rng)
        weights |= {f"{direction}.{name}": getattr(cell, name) for name in _CELL}
    weights["out"] = (rng.standard_normal((2 * _SAID, marks)) / np.sqrt(2 * _SAID)).astype(np.float32)
    weights["out_bias"] = np.zeros(marks, np.float32)
    return weights | {"steps": np.zeros((marks + 1, marks), np.float32), "last": np.zeros(marks, np.float32)}


def chain_of(weights: Weights) -> Chain:
    """What the network knows of marks that follow each other."""
    return Chain(weights["steps"], weights["last"])


def scores_of(weights: Weights, batch: Batch) -> Floats:
    """(T, B, K): how well each mark fits each token."""
    return _pass(weights, batch, None).scores


def slope_of(weights: Weights, batch: Batch, gold: Ints, drop: Drop) -> tuple[float, Weights]:
    """The loss on the marks `gold` (T, B), and its slope at each weight."""
    passed = _pass(weights, batch, drop)
    found = chain_slope(chain_of(weights), passed.scores, batch.lengths, gold)
    slopes: Weights = {"steps": found.chain.steps, "last": found.chain.last}
    flat = found.scores.reshape(-1, found.scores.shape[2])
    slopes["out"] = passed.read.reshape(len(flat), -1).T @ flat
    slopes["out_bias"] = flat.sum(axis=0)
    at_read = (flat @ weights["out"].T).reshape(passed.read.shape)
    if passed.read_mask is not None:
        at_read *= passed.read_mask
    at_told = _back_through(weights, batch, passed, at_read, slopes)
    if passed.told_mask is not None:
        at_told *= passed.told_mask
    slopes |= _at_things(weights, batch, at_told * batch.mask)
    return found.loss, slopes


def _pass(weights: Weights, batch: Batch, drop: Drop | None) -> _Pass:
    told = np.concatenate([weights[f"things{at}"][batch.things[:, :, at]] for at in range(len(SEEN_LEAST))], axis=2)
    told_mask = drop.mask(told.shape, drop.told) if drop else None
    if told_mask is not None:
        told *= told_mask
    mask, turned = batch.mask, batch.turned
    ahead = run(_cell(weights, "ahead"), told, mask)
    back = run(_cell(weights, "back"), told[turned], mask)
    read = np.concatenate([ahead.said[1:], back.said[1:][turned]], axis=2)
    read_mask = drop.mask(read.shape, drop.read) if drop else None
    if read_mask is not None:
        read *= read_mask
    scores = read.reshape(-1, read.shape[2]) @ weights["out"] + weights["out_bias"]
    return _Pass(scores.reshape(*read.shape[:2], -1), read, (ahead, back), told_mask, read_mask)


def _back_through(weights: Weights, batch: Batch, passed: _Pass, at_read: Floats, slopes: Weights) -> Floats:
    """The slope at what was told; those at the weights of both layers are added to `slopes`."""
    turned = batch.turned
    ahead, ahead_cell = run_back(_cell(weights, "ahead"), passed.traces[0], at_read[:, :, :_SAID])
    back, back_cell = run_back(_cell(weights, "back"), passed.traces[1], at_read[:, :, _SAID:][turned])
    for direction, cell in zip(_DIRECTIONS, (ahead_cell, back_cell), strict=True):
        slopes |= {f"{direction}.{name}": getattr(cell, name) for name in _CELL}
    at_told: Floats = ahead + back[turned]
    return at_told


def _at_things(weights: Weights, batch: Batch, at_told: Floats) -> Weights:
    slopes: Weights = {}
    begin = 0
    for at, width in enumerate(WIDTHS):
        slope = np.zeros_like(weights[f"things{at}"])
        flat = at_told[:, :, begin : begin + width].reshape(-1, width)
        numbers = batch.things[:, :, at].ravel()
        order = np.argsort(numbers, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(numbers[order]) != 0])
        slope[numbers[order][starts]] = np.add.reduceat(flat[order], starts, axis=0)
        slopes[f"things{at}"] = slope
        begin += width
    return slopes


def _cell(weights: Weights, direction: str) -> Cell:
    values: dict[str, Any] = {name: weights[f"{direction}.{name}"] for name in _CELL}
    return Cell(**values)
