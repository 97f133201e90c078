"""Deterministic partition of an area into connected cells that tile it exactly.

Synthetic divisions are made with it where no public outline exists. Coordinates are longitude, latitude in degrees;
distances inside are made isotropic by the cosine of the latitude. Same input and seed, same output.
"""

import math
from collections.abc import Sequence
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

FloatArray = NDArray[np.float64]
Area = Polygon | MultiPolygon

_GAP_DEGREES2 = 1e-5  # about 0.1 km²


def partition_evenly(area: Area, count: int, *, seed: int, grid_size: float = 1e-6) -> list[Area]:
    """Cut an area into `count` cells of similar size.

    Raises:
        ValueError: `count` is below 1, or so large that a cell came out empty.

    >>> cells = partition_evenly(shapely.box(114.0, 22.5, 114.1, 22.6), 4, seed=1)
    >>> len(cells), round(sum(cell.area for cell in cells), 6)
    (4, 0.01)
    """
    if count < 1:
        raise ValueError(f"cannot cut an area into {count} cells")
    return partition_by_seeds(area, spread_seeds(area, count, seed=seed), grid_size=grid_size)


def spread_seeds(area: Area, count: int, *, seed: int, rounds: int = 30) -> FloatArray:
    """Centres of `count` compact parts of similar size, by Lloyd's method on random points of the area.

    Returns shape (count, 2), float64, degrees.
    Source: S. Lloyd, Least squares quantization in PCM, 1982; first centres by k-means++ (Arthur, Vassilvitskii 2007).
    """
    rng = np.random.default_rng(seed)
    points = _random_points(area, max(400, 80 * count), rng)
    scale = _scale(area)
    scaled = points * scale
    centres = _first_centres(scaled, count, rng)
    for _ in range(rounds):
        nearest = _squared_distances(scaled, centres).argmin(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, scaled)
        sizes = np.bincount(nearest, minlength=count)[:, None]
        centres = np.where(sizes > 0, sums / np.maximum(sizes, 1), centres)
    ordered: FloatArray = centres[np.lexsort((centres[:, 0].round(9), -centres[:, 1].round(9)))] / scale
    return ordered


def partition_by_seeds(
    area: Area,
    seeds: FloatArray,
    *,
    weights_km2: Sequence[float] = (),
    cell_of_seed: Sequence[int] = (),
    grid_size: float = 1e-6,
) -> list[Area]:
    """Cut an area into one cell for each seed, in the order of the seeds: a power diagram clipped to the area.

    `seeds` has shape (n, 2), float64, degrees. A larger weight pushes the borders of its cell outwards; without
    weights it is the Voronoi diagram. With `cell_of_seed` (numbers from 0, one a seed) several seeds make one cell.
    A piece cut off from its cell by a bay or a bend goes to the neighbour with the longest common border; an island
    stays with its nearest seed. All coordinates are multiples of `grid_size`, and neighbours share their vertices,
    so that cells tile the area (rounded to the same grid) exactly.

    Raises:
        ValueError: a cell got no part of the area.
    """
    area = shapely.set_precision(area, grid_size)
    scale = _scale(area)
    # one degree of latitude is 111.2 km; weights are squared lengths in scaled degrees
    weights = np.asarray(list(weights_km2) or np.zeros(len(seeds)), dtype=np.float64) / 111.2**2
    scaled = seeds * scale
    lines = [area.boundary, *_borders(scaled, weights, area, scale)]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=grid_size)]))
    inside = shapely.point_on_surface(faces)
    shapely.prepare(area)
    faces, inside = faces[shapely.contains(area, inside)], inside[shapely.contains(area, inside)]
    xy = shapely.get_coordinates(inside) * scale
    cell_at = np.asarray(list(cell_of_seed) or range(len(seeds)))
    labels = cell_at[(_squared_distances(xy, scaled) - weights).argmin(axis=1)]
    cells = [_union(faces[labels == number]) for number in range(cell_at.max() + 1)]
    if empty := [number for number, cell in enumerate(cells) if cell.is_empty]:
        raise ValueError(f"cells {empty} got no part of the area")
    return _connected(cells)


def weld(cells: Sequence[Area], *, grid_size: float) -> list[Area]:
    """Make cells that tile an area share every vertex: where three meet, the third's border gets the corner too.

    An enclosed gap below about 0.1 km² goes to the neighbour with the longest common border, an overlap to the
    earlier cell. The order of the cells is kept.

    Raises:
        ValueError: a cell vanished in the rounding.
    """
    tree = shapely.STRtree(cells)
    noded = shapely.union_all([shapely.boundary(cell) for cell in cells], grid_size=grid_size)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    face_at, cell_at = tree.query(shapely.point_on_surface(faces), predicate="intersects")
    labels = np.full(len(faces), -1)
    labels[face_at[::-1]] = cell_at[::-1]
    for face in np.flatnonzero((labels < 0) & (shapely.area(faces) < _GAP_DEGREES2)):
        labels[face] = _longest_neighbour(faces[face], faces, labels)
    welded = [_union(faces[labels == number]) for number in range(len(cells))]
    if empty := [number for number, cell in enumerate(welded) if cell.is_empty]:
        raise ValueError(f"cells {empty} vanished in the rounding")
    return welded


def _scale(area: BaseGeometry) -> FloatArray:
    _, south, _, north = area.bounds
    return np.array([math.cos(math.radians((south + north) / 2)), 1.0])


def _random_points(area: Area, count: int, rng: np.random.Generator) -> FloatArray:
    west, south, east, north = area.bounds
    shapely.prepare(area)
    kept: FloatArray = np.empty((0, 2))
    while len(kept) < count:
        drawn = rng.random((count * 2, 2)) * (east - west, north - south) + (west, south)
        kept = np.concatenate([kept, drawn[shapely.contains_xy(area, drawn[:, 0], drawn[:, 1])]])
    return kept[:count]


def _first_centres(points: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    centres = [points[rng.integers(len(points))]]
    nearest = _squared_distances(points, np.array(centres))[:, 0]
    while len(centres) < count:
        centres.append(points[rng.choice(len(points), p=nearest / nearest.sum())])
        nearest = np.minimum(nearest, _squared_distances(points, np.array(centres[-1:]))[:, 0])
    return np.array(centres)


def _squared_distances(points: FloatArray, centres: FloatArray) -> FloatArray:
    difference = points[:, None, :] - centres[None, :, :]
    squares: FloatArray = np.einsum("ijk,ijk->ij", difference, difference)
    return squares


def _borders(seeds: FloatArray, weights: FloatArray, area: Area, scale: FloatArray) -> list[LineString]:
    """The pieces of every bisector that separate two cells, unscaled, each once."""
    west, south, east, north = area.buffer(0.01).bounds
    reach = 2 * max(east - west, north - south)
    found = []
    for first in range(len(seeds)):
        for second in range(first + 1, len(seeds)):
            kept = _bisector(first, second, seeds, weights, reach)
            if kept is not None:
                found.append(LineString(kept / scale))
    return found


def _bisector(first: int, second: int, seeds: FloatArray, weights: FloatArray, reach: float) -> FloatArray | None:
    apart = seeds[second] - seeds[first]
    length2 = float(apart @ apart)
    share = 0.5 + (weights[first] - weights[second]) / (2 * length2)
    origin, along = seeds[first] + share * apart, np.array([-apart[1], apart[0]]) / math.sqrt(length2)
    # on the line origin + t·along, seed k is nearer than `first` where slope·t > level
    others = np.delete(np.arange(len(seeds)), [first, second])
    towards = seeds[others] - seeds[first]
    slope = 2 * towards @ along
    level = (
        (seeds[others] ** 2).sum(axis=1)
        - (seeds[first] ** 2).sum()
        - 2 * towards @ origin
        - (weights[others] - weights[first])
    )
    if np.any((np.abs(slope) < 1e-15) & (level < 0)):
        return None
    rising, falling = slope > 1e-15, slope < -1e-15
    upper = min(reach, float(np.min(level[rising] / slope[rising], initial=reach)))
    lower = max(-reach, float(np.max(level[falling] / slope[falling], initial=-reach)))
    return np.array([origin + lower * along, origin + upper * along]) if upper - lower > 1e-12 else None


def _union(faces: Sequence[Polygon] | NDArray[np.object_]) -> Area:
    return cast(Area, shapely.union_all(faces).normalize())  # faces are polygons, so their union is an area


def _connected(cells: list[Area]) -> list[Area]:
    """Give pieces that are cut off from their cell to the neighbour with the longest common border."""
    parts = [sorted(shapely.get_parts(cell), key=lambda part: -part.area) for cell in cells]
    mains, loose = [found[0] for found in parts], [(n, part) for n, found in enumerate(parts) for part in found[1:]]
    labels = np.arange(len(mains))
    moved = True
    while loose and moved:
        moved = False
        for _owner, part in sorted(loose, key=lambda item: -item[1].area):
            label = _longest_neighbour(part, np.array(mains), labels)
            if label >= 0:
                mains[label] = _union([mains[label], part])
                loose = [item for item in loose if item[1] is not part]
                moved = True
    for owner, part in loose:
        mains[owner] = _union([*shapely.get_parts(mains[owner]), part])
    return mains


def _longest_neighbour(part: Polygon, others: NDArray[np.object_], labels: NDArray[np.int64]) -> int:
    shared = shapely.length(shapely.intersection(part.boundary, shapely.boundary(others)))
    shared = np.where(labels >= 0, shared, 0.0)
    best = int(shared.argmax())
    return int(labels[best]) if shared[best] > 0 else -1
