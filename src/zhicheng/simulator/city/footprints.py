"""The buildings of a community as outlines: rectangles and angles inside their parcels, none touching another."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from zhicheng.simulator.city.cutting import Ints, Style, axes_of, cut_areas, share_out
from zhicheng.simulator.city.frame import Floats, Shapes, outlines
from zhicheng.simulator.city.ground import Ground
from zhicheng.simulator.city.uses import LAND_USES

# so many more are tried, on so much of the usual ground each: some cells are too thin for a building
_ATTEMPTS = ((1.05, 1.0), (1.2, 0.6), (1.5, 0.4))
_LEAST_M = 4.5
_SHRINKING = (1.0, 0.86, 0.72, 0.58, 0.45, 0.34)


@dataclass(frozen=True)
class _Habit:
    """How a use is built: buildings a hectare, gap between them, setback, and the range of length and depth."""

    a_hectare: float
    gap_m: float
    setback_m: float
    length_m: tuple[float, float]
    depth_m: tuple[float, float]
    angled: float
    ground_m2: float


_HABITS = {
    "residential": _Habit(9.0, 9.0, 4.0, (17.0, 46.0), (12.0, 19.0), 0.22, 260.0),
    "commercial": _Habit(7.0, 8.0, 4.0, (26.0, 90.0), (20.0, 55.0), 0.25, 300.0),
    "office": _Habit(4.5, 10.0, 5.0, (32.0, 64.0), (28.0, 52.0), 0.12, 500.0),
    "industrial": _Habit(6.0, 9.0, 5.0, (36.0, 110.0), (18.0, 44.0), 0.15, 450.0),
    "public": _Habit(5.0, 9.0, 5.0, (28.0, 80.0), (13.0, 30.0), 0.45, 350.0),
    "green": _Habit(0.0, 8.0, 6.0, (7.0, 18.0), (6.0, 11.0), 0.1, 2_000.0),
    "transport": _Habit(1.2, 9.0, 5.0, (26.0, 90.0), (18.0, 44.0), 0.1, 500.0),
    "mixed": _Habit(8.0, 8.0, 4.0, (26.0, 62.0), (16.0, 34.0), 0.25, 300.0),
    "urban_village": _Habit(42.0, 1.8, 1.0, (9.5, 15.0), (8.0, 12.5), 0.05, 85.0),
}
_BY_USE = [_HABITS[use] for use in LAND_USES]


@dataclass(frozen=True)
class Footprints:
    """Outlines in metres, the position of each one's parcel, and their areas, parcel by parcel."""

    shapes: Shapes
    parcels: Ints
    areas_m2: Floats


def place_buildings(ground: Ground, count: int, rng: np.random.Generator) -> Footprints:
    """As many buildings as asked, or a few less where the land does not hold them."""
    yards = _yards(ground)
    found = _attempt(ground, yards, round(count * _ATTEMPTS[0][0]) + 1, 1.0, rng)
    for spare, room in _ATTEMPTS[1:]:
        if len(found.shapes) >= count:
            break
        found = _attempt(ground, yards, round(count * spare) + 1, room, rng)
    kept = np.sort(_dispensable_last(found.parcels, found.areas_m2)[:count])
    return Footprints(found.shapes[kept], found.parcels[kept], found.areas_m2[kept])


def _attempt(ground: Ground, yards: Shapes, count: int, room: float, rng: np.random.Generator) -> Footprints:
    quotas = _quotas(ground, shapely.area(yards) / room, count)
    cells = cut_areas(yards, quotas, Style(_gap_of(ground, yards, quotas), slant=0.0), rng)
    shapes = _fitted(cells.pieces, ground.uses[cells.owners], rng)
    areas = shapely.area(shapes)
    kept = np.flatnonzero(areas > 0)
    return Footprints(shapes[kept], cells.owners[kept], areas[kept])


def _column(ground: Ground, name: str) -> Floats:
    return np.array([getattr(habit, name) for habit in _BY_USE], np.float64)[ground.uses]


def _yards(ground: Ground) -> Shapes:
    """The parcels without their setback, or nearly whole where they are too small for one."""
    yards = shapely.buffer(ground.parcels, -_column(ground, "setback_m"), join_style="mitre", quad_segs=1)
    small = (shapely.get_type_id(yards) != 3) | (shapely.area(yards) < 60.0)
    if small.any():
        yards[small] = shapely.buffer(ground.parcels[small], -0.5, join_style="mitre", quad_segs=1)
    parts: Shapes = np.where(shapely.get_type_id(yards) == 3, yards, ground.parcels)
    return parts


def _quotas(ground: Ground, areas: Floats, total: int) -> Ints:
    weights = areas * _column(ground, "a_hectare")
    most = np.maximum((areas / _column(ground, "ground_m2")).astype(np.int64), 1)
    most = np.where(weights > 0, most, 0)
    least = np.where(weights > 0, 1, 0)
    quotas = share_out(weights, total, least)
    for _ in range(6):
        spill = int(np.maximum(quotas - most, 0).sum())
        quotas = np.minimum(quotas, most)
        room = np.where(quotas < most, weights, 0.0)
        if not spill or not room.any():
            break
        quotas = quotas + share_out(room, spill)
    return quotas


def _gap_of(ground: Ground, yards: Shapes, quotas: Ints) -> Callable[[Ints, Ints], Floats]:
    cell = np.sqrt(shapely.area(yards) / np.maximum(quotas, 1))
    gaps: Floats = np.minimum(_column(ground, "gap_m"), 0.24 * cell)
    return lambda _, owners: gaps[owners]


def _fitted(cells: Shapes, uses: Ints, rng: np.random.Generator) -> Shapes:
    """A building for each cell, an empty outline where none fits."""
    _, along, length, width = axes_of(cells)
    centres = shapely.get_coordinates(shapely.centroid(cells))
    long_m, deep_m = _drawn(uses, "length_m", rng), _drawn(uses, "depth_m", rng)
    sides = np.stack([np.minimum(length * 0.95, long_m), np.minimum(width * 0.95, deep_m)], axis=1)
    angled = rng.random(len(cells)) < np.array([habit.angled for habit in _BY_USE])[uses]
    corner = rng.integers(0, 4, len(cells))
    found: Shapes = np.full(len(cells), shapely.Polygon(), dtype=object)
    shapely.prepare(cells)
    open_ = np.arange(len(cells))
    for scale in _SHRINKING:
        tried = sides[open_] * scale
        large = (tried >= _LEAST_M).all(axis=1)
        open_, tried = open_[large], tried[large]
        boxes = _boxes(centres[open_], along[open_], tried, None)
        inside = shapely.contains(cells[open_], boxes)
        fits = open_[inside]
        shapes = boxes[inside]
        bent = angled[fits] & (tried[inside].min(axis=1) > 2 * _LEAST_M)
        shapes[bent] = _boxes(centres[fits][bent], along[fits][bent], tried[inside][bent], corner[fits][bent])
        found[fits] = shapes
        open_ = open_[~inside]
    return found


def _drawn(uses: Ints, name: str, rng: np.random.Generator) -> Floats:
    least, most = np.array([getattr(habit, name) for habit in _BY_USE])[uses].T
    found: Floats = least + (most - least) * rng.random(len(uses)) ** 1.3
    return found


_BOX = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
_ANGLE = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.04], [0.0, 0.04], [0.0, 0.5], [-0.5, 0.5]])
_TURNS = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])


def _boxes(centres: Floats, along: Floats, sides: Floats, corners: Ints | None) -> Shapes:
    """Turned rectangles; with `corners` that corner is missing."""
    unit = np.broadcast_to(_BOX, (len(centres), 4, 2)) if corners is None else _ANGLE[None] * _TURNS[corners][:, None]
    scaled = unit * sides[:, None, :]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    points = centres[:, None] + scaled[..., :1] * along[:, None] + scaled[..., 1:] * across[:, None]
    return outlines(points)


def _dispensable_last(parcels: Ints, areas: Floats) -> Ints:
    """An order in which the only building of a parcel comes first and small ones of many last."""
    first = np.zeros(len(parcels), bool)
    first[np.unique(parcels, return_index=True)[1]] = True
    return np.lexsort((-areas, ~first))
