"""A layer that reads a sequence with a memory (long short-term memory), and what it learns from its mistakes.

Shapes: T steps, B sequences that begin together, D numbers in, H out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Cell:
    """Weights: `inward` (D, 4H), `again` (H, 4H), `bias` (4H). The four: in, keep, out, and what is new."""

    inward: Floats
    again: Floats
    bias: Floats


@dataclass(frozen=True)
class Trace:
    """What a run leaves behind for `run_back`."""

    given: Floats
    mask: Floats
    said: Floats
    kept: Floats
    gates: Floats
    shown: Floats


def new_cell(given: int, width: int, rng: np.random.Generator) -> Cell:
    """Weights before anything is learned: nothing grows or fades, and what is known is kept."""
    inward = rng.standard_normal((given, 4 * width)) / np.sqrt(given)
    again = np.concatenate([np.linalg.qr(rng.standard_normal((width, width)))[0] for _ in range(4)], axis=1)
    bias = np.zeros(4 * width, np.float32)
    bias[width : 2 * width] = 1.0
    return Cell(inward.astype(np.float32), again.astype(np.float32), bias)


def run(cell: Cell, given: Floats, mask: Floats) -> Trace:
    """Read `given` (T, B, D); `mask` (T, B, 1) is 0 behind the end of a sequence. What was said is `said[1:]`."""
    length, count, _ = given.shape
    width = len(cell.again)
    gates = (given.reshape(length * count, -1) @ cell.inward + cell.bias).reshape(length, count, -1)
    said = np.zeros((length + 1, count, width), np.float32)
    kept = np.zeros_like(said)
    shown = np.empty((length, count, width), np.float32)
    for at in range(length):
        gate = gates[at]
        gate += said[at] @ cell.again
        doors, new = gate[:, : 3 * width], gate[:, 3 * width :]
        doors *= 0.5
        np.tanh(gate, out=gate)
        doors += 1.0
        doors *= 0.5
        memory = doors[:, width : 2 * width] * kept[at] + doors[:, :width] * new
        np.tanh(memory, out=shown[at])
        kept[at + 1] = memory * mask[at]
        said[at + 1] = doors[:, 2 * width :] * shown[at] * mask[at]
    return Trace(given, mask, said, kept, gates, shown)


def run_back(cell: Cell, trace: Trace, slope: Floats) -> tuple[Floats, Cell]:
    """From the slope at what was said (T, B, H): the slope at what was given, and at the weights."""
    length, count, width = slope.shape
    back = np.ascontiguousarray(cell.again.T)
    at_gates = np.empty_like(trace.gates)
    said, kept = np.zeros((count, width), np.float32), np.zeros((count, width), np.float32)
    for at in range(length - 1, -1, -1):
        gate, shown = trace.gates[at], trace.shown[at]
        enter, keep, out = gate[:, :width], gate[:, width : 2 * width], gate[:, 2 * width : 3 * width]
        new, found = gate[:, 3 * width :], at_gates[at]
        said = (said + slope[at]) * trace.mask[at]
        kept = kept * trace.mask[at] + said * out * (1.0 - shown * shown)
        found[:, :width] = kept * new * enter * (1.0 - enter)
        found[:, width : 2 * width] = kept * trace.kept[at] * keep * (1.0 - keep)
        found[:, 2 * width : 3 * width] = said * shown * out * (1.0 - out)
        found[:, 3 * width :] = kept * enter * (1.0 - new * new)
        said = found @ back
        kept = kept * keep
    flat = at_gates.reshape(length * count, -1)
    weights = Cell(
        trace.given.reshape(length * count, -1).T @ flat,
        trace.said[:-1].reshape(length * count, -1).T @ flat,
        flat.sum(axis=0),
    )
    return (flat @ cell.inward.T).reshape(trace.given.shape), weights
