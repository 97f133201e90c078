"""Whether positions were shifted before they came: a test over many at once, against something that is known.

Each position gets a penalty as it is, and another after a supposed shift was undone (a distance in metres, or 1 for
"in the wrong place"). Without a shift, undoing one makes things worse or neither better nor worse; with one, nearly
all that changes gets better. The test is the sign test over those that change.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST = 50
"""Positions below which nothing is said."""

_FEWEST_CHANGED, _SHARE, _DEVIATIONS = 12, 0.75, 4.0
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Shift:
    """How many positions came closer to where they should be, how many went away, and whether that is no chance.

    `left` is the mean penalty that remains.
    """

    better: int
    worse: int
    left: float
    is_certain: bool


def compare_shift(as_given: FloatArray, undone: FloatArray, *, least: float) -> Shift:
    """Compare penalties before and after undoing a shift; a difference below `least` counts as none.

    >>> given, undone = np.array([300.0] * 90 + [5.0] * 10), np.array([5.0] * 90 + [300.0] * 10)
    >>> compare_shift(given, undone, least=10)
    Shift(better=90, worse=10, left=34.5, is_certain=True)
    >>> compare_shift(given[:20], undone[:20], least=10).is_certain  # too few to say
    False
    """
    gain = as_given - undone
    better, worse = int((gain > least).sum()), int((gain < -least).sum())
    changed = better + worse
    certain = (
        len(as_given) >= FEWEST
        and changed >= _FEWEST_CHANGED
        and better / changed >= _SHARE
        and (better - worse) / math.sqrt(changed) >= _DEVIATIONS
    )
    return Shift(better, worse, float(undone.mean()), certain)
