"""Spatial operators of a filter: boxes first, shapes only where boxes meet. Degrees in WGS84, distances in metres."""

import math
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from zhicheng.engines.cql2.checking import NEARNESS, SPATIAL, metres_of
from zhicheng.engines.cql2.tree import Node, Operation, Property, Shape

Box = tuple[float, float, float, float]
_COMPARE = {
    "s_intersects": shapely.intersects,
    "s_within": shapely.within,
    "s_contains": shapely.contains,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_touches": shapely.touches,
    "s_overlaps": shapely.overlaps,
    "s_crosses": shapely.crosses,
}
_SWAPPED = {"s_within": "s_contains", "s_contains": "s_within"}
_AXIS_M, _ECCENTRICITY_SQUARED = 6378137.0, 0.00669438002290


class ShapedRows(Protocol):
    """Rows with shapes."""

    def __len__(self) -> int:
        """How many."""

    def meeting(self, box: Box) -> NDArray[np.bool_]:
        """For each row, whether its box meets a box."""

    def shapes(self, at: NDArray[np.intp]) -> NDArray[Any]:
        """The shapes at positions among these rows."""


def spatial_mask(node: Operation, rows: ShapedRows) -> NDArray[np.bool_]:
    """Which rows stand in a relation to the shape of an operator. Shape (len(rows),), bool; no shape is no match."""
    shape = _literal(node)
    at = np.flatnonzero(rows.meeting(_box(node)))
    found = rows.shapes(at)
    if node.op in NEARNESS:
        hits = _near(found, shape, metres_of(node))
    else:
        shapely.prepare(shape)
        op = node.op if isinstance(node.args[0], Property) else _SWAPPED.get(node.op, node.op)
        hits = _COMPARE[op](found, shape)
    if node.op == "s_disjoint":
        mask = np.ones(len(rows), dtype=np.bool_)
        mask[at] = hits
        return mask
    mask = np.zeros(len(rows), dtype=np.bool_)
    mask[at] = hits
    return mask


def box_of(node: Node) -> Box | None:
    """A box that every match meets, as far as the filter says so; None where it does not.

    >>> box_of(Operation("s_intersects", (Property("geometry"), Shape(shapely.box(1, 2, 3, 4)))))
    (1.0, 2.0, 3.0, 4.0)
    """
    if not isinstance(node, Operation):
        return None
    if node.op in NEARNESS or (node.op in SPATIAL and node.op != "s_disjoint"):
        return _box(node)
    boxes = [box for box in map(box_of, node.args) if box is not None] if node.op in {"and", "or"} else []
    if node.op == "and" and boxes:
        return _common(boxes)
    if node.op == "or" and len(boxes) == len(node.args):
        wests, souths, easts, norths = zip(*boxes, strict=True)
        return min(wests), min(souths), max(easts), max(norths)
    return None


def _common(boxes: list[Box]) -> Box:
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return max(wests), max(souths), min(easts), min(norths)


def _literal(node: Operation) -> BaseGeometry:
    for arg in node.args[:2]:
        if isinstance(arg, Shape):
            return arg.shape
    raise TypeError("the filter was not checked")


def _box(node: Operation) -> Box:
    west, south, east, north = _literal(node).bounds
    if node.op not in NEARNESS:
        return west, south, east, north
    metres = metres_of(node) * 1.01
    high = metres / 110_574.0
    wide = metres / (111_320.0 * max(0.01, math.cos(math.radians(min(89.0, max(abs(south), abs(north)) + high)))))
    return west - wide, south - high, east + wide, north + high


def _near(shapes: NDArray[Any], to: BaseGeometry, metres: float) -> NDArray[np.bool_]:
    """Within a distance, on a plane around the shape: right to 0.1 % within 50 km."""
    latitude = math.radians((to.bounds[1] + to.bounds[3]) / 2)
    curve = 1 - _ECCENTRICITY_SQUARED * math.sin(latitude) ** 2
    east_m = math.radians(_AXIS_M * math.cos(latitude) / math.sqrt(curve))
    north_m = math.radians(_AXIS_M * (1 - _ECCENTRICITY_SQUARED) / curve**1.5)
    scale = np.array([east_m, north_m])
    plane = shapely.transform(shapes, lambda xy: xy * scale)
    centre = shapely.transform(to, lambda xy: xy * scale)
    shapely.prepare(centre)
    hits: NDArray[np.bool_] = shapely.dwithin(plane, centre, metres)
    return hits
