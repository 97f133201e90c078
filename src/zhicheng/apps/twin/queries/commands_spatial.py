"""Nearness and shapes: which of the rows that match otherwise lie there. Distances in metres on a local plane.

Rows of polygons count by the middle of their box when they are compared with many points; by their edge when they are
compared with one place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

import numpy as np
import shapely
from numpy.typing import NDArray

from zhicheng.apps.twin.errors.commands import CommandUnusable
from zhicheng.apps.twin.values.commands import Scene
from zhicheng.core.places.public import LayerReader
from zhicheng.engines.commands.values import Near, Place

Points = NDArray[np.float64]
Rows = NDArray[np.int32]
_METRES = 111_195.0
_MOST = 2**31 - 1


@dataclass(frozen=True)
class Spot:
    """Where a named place is: one point, or the lines of a road."""

    longitude: float = 0.0
    latitude: float = 0.0
    lines: tuple[shapely.Geometry, ...] = ()


def rows_near(reader: LayerReader, spot: Spot, metres: int) -> Rows:
    """The rows of a layer within a distance of a place, ascending."""
    if spot.lines:
        found = [reader.within(widened(line, metres)) for line in spot.lines]
        return np.unique(np.concatenate(found)).astype(np.int32)
    rows, _ = reader.near(spot.longitude, spot.latitude, float(metres), _MOST)
    return np.sort(rows)


def widened(shape: shapely.Geometry, metres: int) -> shapely.Geometry:
    """A shape with a margin, in degrees that are metres where it lies."""
    latitude = float(np.mean(shapely.bounds(shape)[[1, 3]]))
    squeeze = float(np.cos(np.radians(latitude)))
    flat = shapely.transform(shape, lambda xy: xy * np.array([squeeze, 1.0]))
    wide = shapely.buffer(flat, metres / _METRES)
    return shapely.transform(wide, lambda xy: xy / np.array([squeeze, 1.0]))


def close_to(points: Points, targets: Points, metres: int) -> NDArray[np.bool_]:
    """Which points have a target within a distance. Both (n, 2) longitude, latitude."""
    if not len(targets) or not len(points):
        return np.zeros(len(points), np.bool_)
    tree = import_module("scipy.spatial").cKDTree(plane(targets))  # 7 MB in every process that never asks
    distances, _ = tree.query(plane(points), distance_upper_bound=float(metres), workers=2)
    return np.asarray(np.isfinite(distances), np.bool_)


def distances_from(points: Points, spot: Spot) -> Points:
    """Metres from each point to a place."""
    if spot.lines:
        line = shapely.transform(shapely.union_all(list(spot.lines)), plane)
        return np.asarray(shapely.distance(shapely.points(plane(points)), line), np.float64)
    offset = plane(points) - plane(np.array([[spot.longitude, spot.latitude]]))
    return np.asarray(np.hypot(offset[:, 0], offset[:, 1]), np.float64)


def plane(points: Points) -> Points:
    """Degrees as metres around the city's latitude."""
    squeeze = np.cos(np.radians(22.6))
    return np.asarray(points * np.array([_METRES * squeeze, _METRES]), np.float64)


def shape_of(place: Place, scene: Scene) -> shapely.Geometry:
    """The shape that somebody has drawn, or the box in view.

    Raises:
        CommandUnusable: nothing is drawn, or what came is no area.
    """
    if place.kind == "view":
        if scene.view is None:
            raise CommandUnusable(why="没有地图视野，请在地图上提问。")
        return shapely.box(*scene.view)
    if not scene.drawn:
        raise CommandUnusable(why="还没有在地图上画范围。")
    try:
        parts = shapely.get_parts(shapely.from_wkt(scene.drawn))
    except shapely.errors.GEOSException:
        raise CommandUnusable(why="画的范围不是一个面，请重新画。") from None
    if not len(parts) or not all(shapely.area(part) > 0 and shapely.is_valid(part) for part in parts):
        raise CommandUnusable(why="画的范围不是一个面，或者自己和自己相交，请重新画。")
    return shapely.union_all(parts)  # several shapes are one, also where they overlap


def inside(points: Points, shape: shapely.Geometry) -> NDArray[np.bool_]:
    """Which points lie in a shape."""
    shapely.prepare(shape)
    return np.asarray(shapely.contains_xy(shape, points[:, 0], points[:, 1]), np.bool_)


def near_words(nears: Sequence[Near]) -> list[Near]:
    """Those that leave rows out; a rank by distance alone leaves out none."""
    return [near for near in nears if near.metres]
