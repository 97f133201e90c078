"""Cutting and thinning of single lines and rings in tile coordinates. Compiled; buffers are the caller's.

Rings are given without their closing vertex. Every function returns how many vertices it has left in `out`.
"""

from typing import Any

import numpy as np

from zhicheng.kit.compiled import compiled


@compiled
def clip_ring(xy: Any, count: int, low: float, high: float, spare: Any) -> int:
    """Cut a ring to the square between low and high, in place, by Sutherland and Hodgman (1974).

    `xy` and `spare` float64 with room for six times the vertices and 32 more.
    """
    for side in range(4):
        axis, bound, sign = side % 2, low if side < 2 else high, 1.0 if side < 2 else -1.0
        kept = 0
        for number in range(count):
            before = number - 1 if number else count - 1
            inside = (xy[number, axis] - bound) * sign >= 0
            was_inside = (xy[before, axis] - bound) * sign >= 0
            if inside != was_inside:
                share = (bound - xy[before, axis]) / (xy[number, axis] - xy[before, axis])
                other = 1 - axis
                spare[kept, axis] = bound
                spare[kept, other] = xy[before, other] + share * (xy[number, other] - xy[before, other])
                kept += 1
            if inside:
                spare[kept, 0] = xy[number, 0]
                spare[kept, 1] = xy[number, 1]
                kept += 1
        count = kept
        for number in range(count):
            xy[number, 0] = spare[number, 0]
            xy[number, 1] = spare[number, 1]
    return count


@compiled
def clip_segment(ends: Any, low: float, high: float) -> bool:
    """Cut a segment (float64 (2, 2)) to the square, in place; False where nothing is left.

    Source: Y. Liang, B. Barsky, 1984.
    """
    first, last = 0.0, 1.0
    for axis in range(2):
        start, length = ends[0, axis], ends[1, axis] - ends[0, axis]
        if length == 0.0:
            if start < low or start > high:
                return False
            continue
        enter, leave = (low - start) / length, (high - start) / length
        if enter > leave:
            enter, leave = leave, enter
        first, last = max(first, enter), min(last, leave)
        if first > last:
            return False
    for axis in range(2):
        start, length = ends[0, axis], ends[1, axis] - ends[0, axis]
        ends[0, axis] = start + first * length
        ends[1, axis] = start + last * length
    return True


@compiled
def rounded(xy: Any, count: int, out: Any) -> int:
    """Vertices rounded to whole units, int32 in `out`, without repeated neighbours."""
    kept = 0
    for number in range(count):
        x, y = np.int32(np.floor(xy[number, 0] + 0.5)), np.int32(np.floor(xy[number, 1] + 0.5))
        if kept == 0 or out[kept - 1, 0] != x or out[kept - 1, 1] != y:
            out[kept, 0] = x
            out[kept, 1] = y
            kept += 1
    return kept


@compiled
def thinned(points: Any, count: int, tolerance: float, keep: Any, stack: Any) -> int:
    """Leave out vertices nearer than a tolerance to what remains, in place, by Douglas and Peucker (1973).

    `keep` uint8 and `stack` int32 (·, 2) with room for the vertices. The first and the last always stay.
    """
    if count < 3 or tolerance <= 0.0:
        return count
    keep[:count] = 0
    keep[0] = keep[count - 1] = 1
    stack[0, 0], stack[0, 1] = 0, count - 1
    height = 1
    while height:
        height -= 1
        first, last = stack[height, 0], stack[height, 1]
        far, at = _farthest(points, first, last)
        if at >= 0 and far > tolerance * tolerance:
            keep[at] = 1
            stack[height, 0], stack[height, 1] = first, at
            stack[height + 1, 0], stack[height + 1, 1] = at, last
            height += 2
    kept = 0
    for number in range(count):
        if keep[number]:
            points[kept, 0] = points[number, 0]
            points[kept, 1] = points[number, 1]
            kept += 1
    return kept


@compiled
def _farthest(points: Any, first: int, last: int) -> tuple[float, int]:
    """The vertex farthest from the segment between two others, with its squared distance; -1 where there is none."""
    best, at = 0.0, -1
    x0, y0 = float(points[first, 0]), float(points[first, 1])
    dx, dy = points[last, 0] - x0, points[last, 1] - y0
    length2 = dx * dx + dy * dy
    for number in range(first + 1, last):
        px, py = points[number, 0] - x0, points[number, 1] - y0
        if length2 > 0.0:
            share = min(1.0, max(0.0, (px * dx + py * dy) / length2))
            px, py = px - share * dx, py - share * dy
        distance2 = px * px + py * py
        if distance2 > best:
            best, at = distance2, number
    return best, at
