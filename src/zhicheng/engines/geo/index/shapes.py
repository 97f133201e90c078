"""Shapes as flat arrays, and exact questions about them: which hold a point, how far they are from one."""

import math
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from zhicheng.engines.geo.index.boxes import Cells, Floats, hilbert_codes, to_cells
from zhicheng.engines.geo.index.tree import BoxTree, Rows, build_nodes, find_in_box, search_box
from zhicheng.kit.compiled import compiled

POINT, LINE, POLYGON = 0, 1, 2
_AXIS_M, _ECCENTRICITY_SQUARED = 6378137.0, 0.00669438  # WGS84
_MOST_AT_ONCE = 4096
_MOST_DEGREES = 180.0


class RaggedShapes(NamedTuple):
    """`coordinates` (c, 2) of `rings` (starts, r + 1), of which each row has several (`rows`, n + 1).

    A ring is a point, a line, or a ring of a polygon; `parts` says with which ring each polygon of a row begins, so
    that shapes can be made again (p + 1), `shells` how many polygons come before each row (n + 1).
    """

    kind: int
    coordinates: Floats
    rings: Rows
    rows: Rows
    parts: Rows
    shells: Rows


def pack_shapes(shapes: NDArray[np.object_], kind: int) -> RaggedShapes:
    """Shapes of one kind, single or multiple, as arrays; they have two dimensions and are not empty."""
    if not len(shapes):
        none = np.zeros(1, np.int32)
        return RaggedShapes(kind, np.empty((0, 2)), none, none, none, none)
    singles, owner = shapely.get_parts(shapes, return_index=True)
    _, coordinates, offsets = shapely.to_ragged_array(singles)
    shells = np.searchsorted(owner, np.arange(len(shapes) + 1)).astype(np.int32)
    if kind == POINT:
        rings = np.arange(len(singles) + 1, dtype=np.int32)
        parts = rings
    elif kind == LINE:
        rings = np.asarray(offsets[0], np.int32)
        parts = np.arange(len(singles) + 1, dtype=np.int32)
    else:
        rings, parts = np.asarray(offsets[0], np.int32), np.asarray(offsets[1], np.int32)
    return RaggedShapes(kind, np.ascontiguousarray(coordinates), rings, parts[shells], parts, shells)


def unpack_shapes(shapes: RaggedShapes, chosen: Rows) -> NDArray[np.object_]:
    """The shapes of some rows; one of a single part comes back single."""
    counts = shapes.shells[chosen + 1] - shapes.shells[chosen]
    parts = _spread(shapes.shells[chosen], counts)
    singles = _polygons(shapes, parts) if shapes.kind == POLYGON else _simple(shapes, parts)
    if len(parts) == len(chosen):
        return singles
    owner = np.repeat(np.arange(len(chosen)), counts)
    join = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[shapes.kind]
    made = np.asarray(join(singles, indices=owner))
    alone = np.flatnonzero(counts == 1)
    made[alone] = singles[np.searchsorted(owner, alone)]
    return made


def _simple(shapes: RaggedShapes, parts: NDArray[np.int64]) -> NDArray[np.object_]:
    starts, counts = shapes.rings[parts], shapes.rings[parts + 1] - shapes.rings[parts]
    coordinates = shapes.coordinates[_spread(starts, counts)]
    if shapes.kind == POINT:
        return np.asarray(shapely.points(coordinates))
    return np.asarray(shapely.linestrings(coordinates, indices=np.repeat(np.arange(len(parts)), counts)))


def _polygons(shapes: RaggedShapes, parts: NDArray[np.int64]) -> NDArray[np.object_]:
    ring_counts = shapes.parts[parts + 1] - shapes.parts[parts]
    rings = _spread(shapes.parts[parts], ring_counts)
    counts = shapes.rings[rings + 1] - shapes.rings[rings]
    coordinates = shapes.coordinates[_spread(shapes.rings[rings], counts)]
    offsets = (np.concatenate([[0], np.cumsum(counts)]), np.concatenate([[0], np.cumsum(ring_counts)]))
    return np.asarray(shapely.from_ragged_array(shapely.GeometryType.POLYGON, coordinates, offsets))


def _spread(starts: Rows, counts: Rows) -> NDArray[np.int64]:
    """All numbers of the runs that begin at `starts` and have `counts` numbers."""
    ends = np.cumsum(counts, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    runs: NDArray[np.int64] = np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - counts), counts)
    return runs


@compiled
def holds(shapes: RaggedShapes, row: int, x: float, y: float) -> bool:
    """Whether a polygon holds a point. A point on a border that two share belongs to one of them.

    Source: the crossing number with half-open edges (W. R. Franklin, PNPOLY).
    """
    coordinates, rings = shapes.coordinates, shapes.rings
    inside = False
    for ring in range(shapes.rows[row], shapes.rows[row + 1]):
        for corner in range(rings[ring] + 1, rings[ring + 1]):
            low, high = coordinates[corner - 1, 1], coordinates[corner, 1]
            if (low > y) == (high > y):
                continue
            west, east = coordinates[corner - 1, 0], coordinates[corner, 0]
            inside ^= x < (east - west) * (y - low) / (high - low) + west
    return inside


@compiled
def find_at(tree: BoxTree, shapes: RaggedShapes, point: Floats, room: Rows, out: Rows) -> int:
    """Fill `out` with the polygons that hold a point; how many. `room` is memory for what must be looked at."""
    box = np.empty(4, np.int32)
    box[0] = box[2] = int(np.floor(point[0] * 1e7))
    box[1] = box[3] = int(np.floor(point[1] * 1e7))
    found, after = 0, -1
    while found < len(out):
        count = find_in_box(tree, box, after, room)
        for number in range(count):
            if found < len(out) and holds(shapes, room[number], point[0], point[1]):
                out[found] = room[number]
                found += 1
        if count < len(room):
            break
        after = room[count - 1]
    return found


@compiled
def find_first_at(tree: BoxTree, shapes: RaggedShapes, points: Floats, out: Rows) -> None:
    """For each point (q, 2) the first polygon that holds it, else -1."""
    room, one = np.empty(64, np.int32), np.empty(1, np.int32)
    for query in range(len(points)):
        out[query] = one[0] if find_at(tree, shapes, points[query], room, one) else -1


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """East and north, on the ellipsoid: to some millimetres in a kilometre, as far as a city reaches.

    >>> [round(metres) for metres in metres_per_degree(22.5)]
    [102896, 110737]
    """
    sine = math.sin(math.radians(latitude))
    root = math.sqrt(1 - _ECCENTRICITY_SQUARED * sine * sine)
    east = _AXIS_M / root * math.cos(math.radians(latitude))
    north = _AXIS_M * (1 - _ECCENTRICITY_SQUARED) / root**3
    return math.radians(east), math.radians(north)


def distances(shapes: RaggedShapes, rows: Rows, longitude: float, latitude: float) -> Floats:
    """Metres from a point to each row's shape: 0 inside a polygon."""
    out = np.empty(len(rows))
    east, north = metres_per_degree(latitude)
    _distances(shapes, rows, np.array([longitude, latitude, east, north]), out)
    return out


@compiled
def _distances(shapes: RaggedShapes, rows: Rows, origin: Floats, out: Floats) -> None:
    coordinates, rings = shapes.coordinates, shapes.rings
    x, y, east, north = origin[0], origin[1], origin[2], origin[3]
    for number in range(len(rows)):
        row = rows[number]
        best = np.inf
        for ring in range(shapes.rows[row], shapes.rows[row + 1]):
            first = rings[ring]
            ax, ay = (coordinates[first, 0] - x) * east, (coordinates[first, 1] - y) * north
            best = min(best, ax * ax + ay * ay)
            for corner in range(first + 1, rings[ring + 1]):
                bx, by = (coordinates[corner, 0] - x) * east, (coordinates[corner, 1] - y) * north
                dx, dy = bx - ax, by - ay
                length = dx * dx + dy * dy
                share = 0.0 if length == 0.0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / length))
                px, py = ax + share * dx, ay + share * dy
                best = min(best, px * px + py * py)
                ax, ay = bx, by
        out[number] = 0.0 if shapes.kind == 2 and holds(shapes, row, x, y) else np.sqrt(best)


def cells_around(longitude: float, latitude: float, radius_m: float) -> Cells:
    """The box around a circle, in whole numbers."""
    east, north = metres_per_degree(latitude)
    half = np.array([radius_m / east, radius_m / north])
    centre = np.array([longitude, latitude])
    edges = np.concatenate([np.floor((centre - half) * 1e7), np.ceil((centre + half) * 1e7)])
    cells: Cells = np.clip(edges, -(2**31), 2**31 - 1).astype(np.int32)
    return cells


def nearest(
    tree: BoxTree, shapes: RaggedShapes, point: tuple[float, float], radius_m: float, limit: int
) -> tuple[Rows, Floats]:
    """The rows nearest to a point within a radius, nearest first, with their metres."""
    longitude, latitude = point
    if not (abs(longitude) <= _MOST_DEGREES and abs(latitude) <= _MOST_DEGREES):
        return np.empty(0, np.int32), np.empty(0)
    reach = min(radius_m, 100.0)
    while True:
        rows = _all_in_box(tree, cells_around(longitude, latitude, reach))
        metres = distances(shapes, rows, longitude, latitude)
        close = np.flatnonzero(metres <= reach)
        if len(close) >= limit or reach >= radius_m:
            order = close[np.lexsort((rows[close], metres[close]))][:limit]
            return rows[order], metres[order]
        reach = min(radius_m, reach * 4)


def _all_in_box(tree: BoxTree, box: Cells) -> Rows:
    out = np.empty(_MOST_AT_ONCE, np.int32)
    found = [out[:0]]
    after, count = -1, len(out)
    while count == len(out):
        count = find_in_box(tree, box, after, out)
        found.append(out[:count].copy())
        after = int(out[count - 1]) if count else after
    return np.concatenate(found)


def located(tree: BoxTree, shapes: RaggedShapes, longitude: float, latitude: float, most: int = 1024) -> Rows:
    """The polygons that hold a point, ascending."""
    if not (abs(longitude) <= _MOST_DEGREES and abs(latitude) <= _MOST_DEGREES):
        return np.empty(0, np.int32)
    out = np.empty(most, np.int32)
    room = np.empty(64, np.int32)
    return out[: find_at(tree, shapes, np.array([longitude, latitude]), room, out)].copy()


def locate_first(tree: BoxTree, shapes: RaggedShapes, points: Floats) -> Rows:
    """For each of many points (q, 2) the first polygon that holds it, else -1."""
    points = np.ascontiguousarray(points, np.float64)
    order = np.argsort(hilbert_codes(to_cells(np.concatenate([points, points], axis=1))))
    found = np.empty(len(points), np.int32)
    find_first_at(
        tree, shapes, points[order], found
    )  # neighbours in turn: what one needs lies in the cache for the next
    out = np.empty(len(points), np.int32)
    out[order] = found
    return out


def compile_kernels() -> None:
    """Call each compiled loop once, on one shape: from then on they are on the disk for every process."""
    square = np.array([shapely.box(0, 0, 1, 1)])
    tree = build_nodes(to_cells(shapely.bounds(square)))
    shapes = pack_shapes(square, POLYGON)
    search_box(tree, tree.boxes[0], 1)
    located(tree, shapes, 0.5, 0.5, most=1)
    locate_first(tree, shapes, np.array([[0.5, 0.5]]))
    nearest(tree, shapes, (0.5, 0.5), 1.0, 1)
