"""Making the shapes of a file fit for a layer: in WGS84, of the right kind, whole, in or near the city."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from zhicheng.core.lake.values import Reason
from zhicheng.core.places.values import Layer
from zhicheng.engines.geo.index import Box
from zhicheng.engines.geo.systems import to_wgs84

Shapes = NDArray[Any]
NEAR_DEGREES = 0.2
"""How far outside the city a shape may lie: some twenty kilometres. What is further away is a mistake."""

_DIGITS = 8  # a millimetre
_KINDS = {
    "point": {shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT},
    "line": {shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING},
    "polygon": {shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON},
}
_MOST_CHANGE = 0.01  # of the area, that a repair may make


@dataclass(frozen=True)
class Wrong:
    """What is wrong with some rows, with a text for each that shows it."""

    reason: Reason
    rows: NDArray[np.int64]
    shown: pa.Array


@dataclass(frozen=True)
class Shaper:
    """How the shapes of one file become those of a layer. `bounds` are the city's, None where nobody knows them."""

    layer: Layer
    crs: str = ""
    swapped: bool = False
    bounds: Box | None = None

    def place(self, shapes: Shapes) -> Shapes:
        """The shapes in WGS84, longitude first, in whole millimetres."""
        convert = to_wgs84(self.crs)

        def move(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
            moved = convert(coordinates[:, ::-1] if self.swapped else coordinates)
            return np.where(np.isfinite(moved), moved, 999.0).round(_DIGITS)

        placed: Shapes = shapely.transform(shapes, move)
        return placed

    def shape(self, column: pa.Array) -> tuple[pa.Array, list[Wrong]]:
        """A column of WKB made fit, and what is wrong with the rows that cannot be; those are empty then."""
        shapes = shapely.from_wkb(column.to_numpy(zero_copy_only=False))
        known = np.flatnonzero(~shapely.is_missing(shapes))
        placed = self.place(shapes[known])
        wrong = list(self._checked(placed, known))
        shapes[known] = placed
        for finding in wrong:
            shapes[finding.rows] = None
        return pa.array(shapely.to_wkb(shapes, byte_order=1, flavor="iso"), pa.binary()), wrong

    def _checked(self, shapes: Shapes, rows: NDArray[np.int64]) -> Iterator[Wrong]:
        """What is wrong, each row once; crossed polygons are repaired in place where that changes little."""
        left = np.ones(len(shapes), bool)
        kinds = np.isin(shapely.get_type_id(shapes), [int(kind) for kind in _KINDS[self.layer.geometry]])
        for reason, bad in (
            (Reason.EMPTY_GEOMETRY, shapely.is_empty(shapes)),
            (Reason.WRONG_GEOMETRY, ~kinds),
        ):
            yield from self._wrong(reason, bad & left, shapes, rows)
            left &= ~bad
        broken = left & ~shapely.is_valid(shapes)
        fixed = _repaired(shapes[broken], self.layer.geometry)
        shapes[broken] = fixed
        beyond = np.zeros(len(shapes), bool)
        beyond[np.flatnonzero(broken)[shapely.is_missing(fixed)]] = True
        yield from self._wrong(Reason.CROSSED_GEOMETRY, beyond, shapes, rows)
        yield from self._misplaced(shapes, left & ~beyond, rows)

    def _misplaced(self, shapes: Shapes, left: NDArray[np.bool_], rows: NDArray[np.int64]) -> Iterator[Wrong]:
        if self.near is None:
            return
        centres = centres_of(shapes)
        outside = left & ~_inside(centres, self.near)
        swapped = outside & _inside(centres[:, ::-1], self.near)
        yield from self._wrong(Reason.SWAPPED_POINT, swapped, shapes, rows)
        yield from self._wrong(Reason.OUTSIDE, outside & ~swapped, shapes, rows)

    @staticmethod
    def _wrong(reason: Reason, bad: NDArray[np.bool_], shapes: Shapes, rows: NDArray[np.int64]) -> Iterator[Wrong]:
        chosen = np.flatnonzero(bad)
        if len(chosen):
            shown = [_shown(shape) for shape in shapes[chosen].tolist()]
            yield Wrong(reason, rows[chosen], pa.array(shown, pa.string()))

    @cached_property
    def near(self) -> Box | None:
        """The city and what is around it."""
        if self.bounds is None:
            return None
        west, south, east, north = self.bounds
        return west - NEAR_DEGREES, south - NEAR_DEGREES, east + NEAR_DEGREES, north + NEAR_DEGREES


def is_swapped(centres: NDArray[np.float64], near: Box) -> bool:
    """Whether a file as a whole has latitude first: its positions are in the city only when they are exchanged."""
    if not len(centres):
        return False
    inside, exchanged = _inside(centres, near), _inside(centres[:, ::-1], near)
    return bool(inside.mean() < 0.1 and exchanged.mean() > 0.9)


def centres_of(shapes: Shapes) -> NDArray[np.float64]:
    """The middle of each shape's box; what is missing or empty is in the middle of nowhere."""
    bounds = shapely.bounds(shapes)
    return np.nan_to_num((bounds[:, :2] + bounds[:, 2:]) / 2, nan=999.0)


def _inside(centres: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    x, y = centres[:, 0], centres[:, 1]
    inside: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return inside


def _repaired(shapes: Shapes, kind: str) -> Shapes:
    """Polygons made valid where that keeps their area within a hundredth; others are missing."""
    fixed = np.full(len(shapes), None, object)
    for number, shape in enumerate(shapes.tolist() if kind == "polygon" else ()):
        whole = shapely.make_valid(shape)
        areas = [part for part in shapely.get_parts(whole).tolist() if isinstance(part, _AREAS)]
        found = shapely.union_all(areas) if areas else None
        if found is not None and abs(found.area - shape.area) <= _MOST_CHANGE * found.area:
            fixed[number] = found
    return fixed


_AREAS = (shapely.Polygon, shapely.MultiPolygon)


def _shown(shape: Any) -> str:
    if shape is None or shapely.is_empty(shape):
        return ""
    west, south, east, north = shapely.bounds(shape).tolist()
    return f"{shape.geom_type} {(west + east) / 2:.6f} {(south + north) / 2:.6f}"
