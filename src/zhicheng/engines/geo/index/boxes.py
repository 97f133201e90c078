"""Boxes as whole numbers, and the order in which they lie along a Hilbert curve."""

import numpy as np
from numpy.typing import NDArray

from zhicheng.kit.compiled import compiled

Cells = NDArray[np.int32]
Floats = NDArray[np.float64]
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

CELLS_PER_DEGREE = 10_000_000.0
_FARTHEST = 2.0**31 - 2  # 214 degrees: further away than anything on earth
_ORDER = 16  # bits of each axis of the curve: 65,536 cells over the data's own extent


def to_cells(boxes: Floats) -> Cells:
    """Boxes of degrees, shape (n, 4), as whole numbers rounded outwards: what touched before still touches.

    >>> to_cells(np.array([[114.0, 22.5, 114.00000001, 22.6]])).tolist()
    [[1140000000, 225000000, 1140000001, 226000000]]
    """
    scaled = np.asarray(boxes, np.float64).reshape(-1, 4) * CELLS_PER_DEGREE
    scaled = np.clip(np.nan_to_num(scaled, nan=_FARTHEST), -_FARTHEST, _FARTHEST)
    near = np.round(scaled)
    scaled = np.where(np.abs(scaled - near) < 1e-5, near, scaled)  # 114.1 is 1140999999.9999999 of them
    cells = np.empty(scaled.shape, np.int32)
    cells[:, :2] = np.floor(scaled[:, :2])
    cells[:, 2:] = np.ceil(scaled[:, 2:])
    return cells


def hilbert_codes(cells: Cells) -> NDArray[np.uint32]:
    """The place of each box's centre on a Hilbert curve over all of them; equal input, equal output.

    Source: the conversion of J. Skilling, Programming the Hilbert curve, 2004, for two dimensions.
    """
    if not len(cells):
        return np.empty(0, np.uint32)
    x = (cells[:, 0].astype(np.int64) + cells[:, 2]) // 2
    y = (cells[:, 1].astype(np.int64) + cells[:, 3]) // 2
    most = (1 << _ORDER) - 1
    span = max(int(x.max() - x.min()), int(y.max() - y.min()), 1)
    return _codes((x - x.min()) * most // span, (y - y.min()) * most // span)


@compiled
def _codes(x: NDArray[np.int64], y: NDArray[np.int64]) -> NDArray[np.uint32]:
    codes = np.empty(len(x), np.uint32)
    for row in range(len(x)):
        across, up, code = x[row], y[row], 0
        side = 1 << 15
        while side > 0:
            right = 1 if across & side else 0
            upper = 1 if up & side else 0
            code += side * side * ((3 * right) ^ upper)
            if upper == 0 and right == 1:
                across, up = 65535 - across, 65535 - up
            if upper == 0:
                across, up = up, across
            side >>= 1
        codes[row] = code
    return codes
