"""Shapes as flat arrays, fit for compiled loops: some rows of an index, or WKB.

WKB is little-endian, of two dimensions, of the six simple kinds; anything else becomes a feature without parts.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from zhicheng.kit.compiled import compiled

POINT, LINE, POLYGON = 1, 2, 3


@dataclass(frozen=True)
class FlatShapes:
    """Features made of parts (points, lines, rings) made of vertices.

    `kinds` uint8 (n,): POINT, LINE or POLYGON, 0 for no shape. `parts` int64 (n + 1,) and `vertices` int64 (m + 1,) are
    offsets. `outer` uint8 (m,): 1 where a ring begins a polygon. `xy` float64 (k, 2): longitude, latitude in degrees.
    """

    kinds: NDArray[np.uint8]
    parts: NDArray[np.int64]
    vertices: NDArray[np.int64]
    outer: NDArray[np.uint8]
    xy: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.kinds)


class Ragged(Protocol):
    """Shapes of an index (`engines.geo.index.RaggedShapes`): of one kind (0 points, 1 lines, 2 polygons)."""

    kind: int
    coordinates: NDArray[np.float64]
    rings: NDArray[np.int32]
    rows: NDArray[np.int32]
    parts: NDArray[np.int32]
    shells: NDArray[np.int32]


def flat_from_ragged(shapes: Ragged, rows: NDArray[np.int32]) -> FlatShapes:
    """The shapes of some rows of an index."""
    arrays = (shapes.coordinates, shapes.rings, shapes.rows, shapes.parts, shapes.shells)
    parts, vertices = _count_rows(arrays, rows)
    found = _room(len(rows), int(parts), int(vertices))
    found[0][:] = shapes.kind + 1
    _gather(arrays, rows, found)
    return FlatShapes(*found)


def flat_from_wkb(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> FlatShapes:
    """Shapes from WKB bytes that follow one another; `offsets` int64 (n + 1,). A missing one is empty."""
    nothing = _room(len(offsets) - 1, 0, 0)
    parts, vertices = _read(data, offsets, nothing, storing=False)
    found = _room(len(offsets) - 1, int(parts), int(vertices))
    _read(data, offsets, found, storing=True)
    return FlatShapes(*found)


def _room(features: int, parts: int, vertices: int) -> tuple[Any, ...]:
    return (
        np.zeros(features, np.uint8),
        np.zeros(features + 1, np.int64),
        np.zeros(parts + 1, np.int64),
        np.ones(parts, np.uint8),
        np.empty((vertices, 2), np.float64),
    )


@compiled
def _number(data: Any, at: int) -> Any:
    number = np.int64(data[at]) | np.int64(data[at + 1]) << 8
    return number | np.int64(data[at + 2]) << 16 | np.int64(data[at + 3]) << 24


@compiled
def _simple(kind: Any) -> Any:
    """Points, lines and polygons alone are 1 to 3, several together 4 to 6."""
    return kind - 3 if kind > 3 else kind


@compiled
def _read(data: Any, offsets: Any, out: Any, storing: bool) -> tuple[int, int]:
    """Read every shape, or only count parts and vertices."""
    kinds, at_parts, _, _, _ = out
    part, vertex = 0, 0
    for number in range(len(offsets) - 1):
        at, end = offsets[number], offsets[number + 1]
        kind = _number(data, at + 1) if end - at >= 9 and data[at] == 1 else 0
        if kind >= 1 and kind <= 6:
            kinds[number] = _simple(kind)
            part, vertex = _read_one(data, at, (part, vertex), out, storing)
        if storing:
            at_parts[number + 1] = part
    return part, vertex


@compiled
def _read_one(data: Any, at: int, place: Any, out: Any, storing: bool) -> tuple[int, int]:
    part, vertex = place
    kind = _number(data, at + 1)
    members = 1
    at += 5
    if kind > 3:
        members = _number(data, at)
        at += 4
    for _ in range(members):
        at += 5 * (kind > 3)
        rings = 1
        if _simple(kind) == 3:
            rings = _number(data, at)
            at += 4
        for ring in range(rings):
            count = 1
            if _simple(kind) != 1:
                count = _number(data, at)
                at += 4
            if storing:
                _store(data, at, count, (part, vertex, ring), out)
            at += 16 * count
            vertex += count
            part += 1
    return part, vertex


@compiled
def _store(data: Any, at: int, count: int, place: Any, out: Any) -> None:
    _, _, at_vertices, outer, xy = out
    part, vertex, ring = place
    xy[vertex : vertex + count] = data[at : at + 16 * count].view(np.float64).reshape((count, 2))
    outer[part] = 1 if ring == 0 else 0
    at_vertices[part + 1] = vertex + count


@compiled
def _count_rows(arrays: Any, rows: Any) -> tuple[int, int]:
    _, ring_starts, row_starts, _, _ = arrays
    parts, vertices = 0, 0
    for row in rows:
        first, last = row_starts[row], row_starts[row + 1]
        parts += last - first
        vertices += ring_starts[last] - ring_starts[first]
    return parts, vertices


@compiled
def _gather(arrays: Any, rows: Any, out: Any) -> None:
    coordinates, ring_starts, row_starts, shell_starts, shells = arrays
    _, at_parts, at_vertices, outer, xy = out
    part, vertex = 0, 0
    for number in range(len(rows)):
        row = rows[number]
        shell = shells[row]
        for ring in range(row_starts[row], row_starts[row + 1]):
            begins = shell < shells[row + 1] and shell_starts[shell] == ring
            outer[part] = 1 if begins else 0
            shell += 1 if begins else 0
            for at in range(ring_starts[ring], ring_starts[ring + 1]):
                xy[vertex, 0] = coordinates[at, 0]
                xy[vertex, 1] = coordinates[at, 1]
                vertex += 1
            part += 1
            at_vertices[part] = vertex
        at_parts[number + 1] = part
