"""Shapes to the geometry commands of one tile: projected, cut, rounded, thinned, wound as the format wants.

Source: Mapbox Vector Tile specification 2.1, section 4.3.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhicheng.engines.geo.tiles.clipping import clip_ring, clip_segment, rounded, thinned
from zhicheng.engines.geo.tiles.flat import FlatShapes
from zhicheng.engines.geo.tiles.matrix import TileId
from zhicheng.kit.compiled import compiled

EXTENT, BUFFER = 4096, 64
_MOVE, _LINE, _CLOSE = 1, 2, 15
_APART, _CROSSING, _INSIDE = 0, 1, 2


@dataclass(frozen=True)
class Drawn:
    """Commands of each feature as packed bytes (uint8), offsets int64 (n + 1,), and its size (float64 (n,)).

    `sizes` is the area of polygons and the length of lines in tile units, 1 for points, 0 for what cannot be seen.
    """

    commands: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    sizes: NDArray[np.float64]


def draw(shapes: FlatShapes, tile: TileId, *, tolerance: float) -> Drawn:
    """Draw shapes on a tile; vertices nearer than `tolerance` units to the line that remains are left out."""
    counts = np.diff(shapes.vertices)
    longest = int(counts.max(initial=1))
    room = 12 * (6 * len(shapes.xy) + 8 * len(counts)) if longest > 64 else 12 * (3 * len(shapes.xy) + 8 * len(counts))
    commands, offsets = np.empty(room, np.uint8), np.zeros(len(shapes) + 1, np.int64)
    sizes = np.zeros(len(shapes), np.float64)
    buffers = _buffers(6 * longest + 32)
    place = np.array([float(1 << tile.zoom), float(tile.column), float(tile.row), tolerance])
    arrays = (shapes.kinds, shapes.parts, shapes.vertices, shapes.outer, shapes.xy)
    used = _draw(arrays, place, buffers, (commands, offsets, sizes))
    return Drawn(commands[:used], offsets, sizes)


def _buffers(room: int) -> Any:
    return (
        np.empty((room, 2), np.float64),
        np.empty((room, 2), np.float64),
        np.empty((room, 2), np.int32),
        np.empty(room, np.uint8),
        np.empty((room, 2), np.int32),
    )


@compiled
def _draw(arrays: Any, place: Any, buffers: Any, out: Any) -> Any:
    kinds, parts, _, _, _ = arrays
    commands, offsets, sizes = out
    at = 0
    for number in range(len(kinds)):
        cursor = np.zeros(2, np.int32)
        has_outer = False
        for part in range(parts[number], parts[number + 1]):
            is_hole = kinds[number] == 3 and arrays[3][part] == 0
            if is_hole and not has_outer:
                continue
            at, size = _draw_part(arrays, part, place, buffers, (commands, at, cursor, kinds[number]))
            if not is_hole:
                has_outer = size > 0
                sizes[number] += size
        offsets[number + 1] = at
    return at


@compiled
def _draw_part(arrays: Any, part: int, place: Any, buffers: Any, out: Any) -> Any:
    commands, at, cursor, kind = out
    if kind == 1:
        return _draw_point(arrays, part, place, cursor, (commands, at))
    if kind == 2:
        return _draw_line(arrays, part, place, buffers, (commands, at, cursor))
    return _draw_ring(arrays, part, place, buffers, (commands, at, cursor))


@compiled
def _project(arrays: Any, part: int, place: Any, xy: Any) -> Any:
    """Vertices of a part in units of the tile."""
    vertices, source = arrays[2], arrays[4]
    first, count = vertices[part], vertices[part + 1] - vertices[part]
    for number in range(count):
        longitude, latitude = source[first + number, 0], source[first + number, 1]
        s = np.sin(np.radians(min(85.06, max(-85.06, latitude))))
        y = 0.5 - np.log((1 + s) / (1 - s)) / (4 * np.pi)
        xy[number, 0] = ((longitude + 180.0) / 360.0 * place[0] - place[1]) * EXTENT
        xy[number, 1] = (y * place[0] - place[2]) * EXTENT
    return count


@compiled
def _draw_point(arrays: Any, part: int, place: Any, cursor: Any, out: Any) -> tuple[int, float]:
    xy = np.empty((1, 2), np.float64)
    _project(arrays, part, place, xy)
    commands, at = out
    x, y = xy[0, 0], xy[0, 1]
    if not (-BUFFER <= x <= EXTENT + BUFFER and -BUFFER <= y <= EXTENT + BUFFER):
        return at, 0.0
    point = np.empty((1, 2), np.int32)
    rounded(xy, 1, point)
    at = _varint(commands, at, _MOVE | 1 << 3)
    return _step(commands, at, cursor, point[0]), 1.0


@compiled
def _draw_line(arrays: Any, part: int, place: Any, buffers: Any, out: Any) -> Any:
    """One line, which the border may cut into several."""
    xy, spare, _, _, _ = buffers
    commands, at, cursor = out
    begin = at
    count = _project(arrays, part, place, xy)
    ends = np.empty((2, 2), np.float64)
    kept, length = 0, 0.0
    for number in range(count - 1):
        ends[:] = xy[number : number + 2]
        if not clip_segment(ends, -BUFFER, EXTENT + BUFFER):
            continue
        if kept and (spare[kept - 1, 0] != ends[0, 0] or spare[kept - 1, 1] != ends[0, 1]):
            at = _emit_line(spare, kept, place, buffers, (commands, at, cursor))
            kept = 0
        if kept == 0:
            spare[0] = ends[0]
            kept = 1
        spare[kept] = ends[1]
        kept += 1
        length += np.hypot(ends[1, 0] - ends[0, 0], ends[1, 1] - ends[0, 1])
    at = _emit_line(spare, kept, place, buffers, (commands, at, cursor))
    return at, length if at > begin else 0.0


@compiled
def _emit_line(xy: Any, kept: int, place: Any, buffers: Any, out: Any) -> Any:
    _, _, points, keep, stack = buffers
    commands, at, cursor = out
    count = thinned(points, rounded(xy, kept, points), place[3], keep, stack)
    if count < 2:
        return at
    at = _varint(commands, at, _MOVE | 1 << 3)
    at = _step(commands, at, cursor, points[0])
    at = _varint(commands, at, _LINE | (count - 1) << 3)
    for number in range(1, count):
        at = _step(commands, at, cursor, points[number])
    return at


@compiled
def _draw_ring(arrays: Any, part: int, place: Any, buffers: Any, out: Any) -> Any:
    xy, spare, points, keep, stack = buffers
    commands, at, cursor = out
    count = _project(arrays, part, place, xy) - 1  # the closing vertex is the first
    if count < 3:
        return at, 0.0
    meeting = _meeting(xy, count)
    if meeting == _APART:
        return at, 0.0
    if meeting == _CROSSING:
        count = clip_ring(xy, count, -BUFFER, EXTENT + BUFFER, spare)
    count = rounded(xy, count, points)
    if count > 4:
        count = thinned(points, count, place[3], keep, stack)
    if count > 1 and points[0, 0] == points[count - 1, 0] and points[0, 1] == points[count - 1, 1]:
        count -= 1
    area = _twice_area(points, count)
    if area == 0.0:
        return at, 0.0
    turned = (area > 0.0) != (arrays[3][part] == 1)
    return _emit_ring(points, count, turned, (commands, at, cursor)), abs(area) / 2


@compiled
def _meeting(xy: Any, count: int) -> int:
    """How a ring lies to the tile and its margin."""
    west, north, east, south = xy[0, 0], xy[0, 1], xy[0, 0], xy[0, 1]
    for number in range(count):
        west, east = min(west, xy[number, 0]), max(east, xy[number, 0])
        north, south = min(north, xy[number, 1]), max(south, xy[number, 1])
    low, high = -float(BUFFER), float(EXTENT + BUFFER)
    if east < low or west > high or south < low or north > high:
        return _APART
    return _CROSSING if west < low or east > high or north < low or south > high else _INSIDE


@compiled
def _twice_area(points: Any, count: int) -> float:
    area = 0.0
    for number in range(count):
        after = number + 1 if number + 1 < count else 0
        area += float(points[number, 0]) * points[after, 1] - float(points[after, 0]) * points[number, 1]
    return area


@compiled
def _emit_ring(points: Any, count: int, turned: bool, out: Any) -> int:
    commands, at, cursor = out
    at = _varint(commands, at, _MOVE | 1 << 3)
    at = _step(commands, at, cursor, points[0])
    at = _varint(commands, at, _LINE | (count - 1) << 3)
    for number in range(1, count):
        at = _step(commands, at, cursor, points[count - number if turned else number])
    commands[at] = _CLOSE
    return at + 1


@compiled
def _step(commands: Any, at: int, cursor: Any, point: Any) -> int:
    for axis in range(2):
        delta = np.int64(point[axis]) - np.int64(cursor[axis])
        cursor[axis] = point[axis]
        at = _varint(commands, at, (delta << 1) ^ (delta >> 63))
    return at


@compiled
def _varint(commands: Any, at: int, value: Any) -> int:
    while value > 127:
        commands[at] = value & 127 | 128
        value >>= 7
        at += 1
    commands[at] = value
    return at + 1
