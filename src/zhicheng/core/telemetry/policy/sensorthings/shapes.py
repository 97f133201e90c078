"""GeoJSON as shapes and boxes."""

import math
from typing import Any

import shapely
from shapely.geometry import shape

from zhicheng.core.telemetry.errors import DocumentRefused

Box = tuple[float | None, float | None, float | None, float | None]
NO_BOX: Box = (None, None, None, None)
GEOJSON = frozenset({"application/geo+json", "application/vnd.geo+json"})


def shape_of(value: Any) -> Any:
    """The shape of a GeoJSON geometry or feature; None where it is none.

    >>> shape_of({"type": "Point", "coordinates": [114.05, 22.55]}).x
    114.05
    """
    if not isinstance(value, dict):
        return None
    geometry = value.get("geometry") if value.get("type") == "Feature" else value
    try:
        found = shape(geometry)  # type: ignore[arg-type]  # it says itself what it cannot read
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, shapely.errors.ShapelyError):
        return None
    return None if found.is_empty or not all(math.isfinite(each) for each in found.bounds) else found


def box_of(value: Any, encoding: str) -> Box:
    """West, south, east, north of a location; empty where it is not written as GeoJSON.

    Raises:
        DocumentRefused: it should be GeoJSON and is not, or lies outside the earth.
    """
    if encoding not in GEOJSON:
        return NO_BOX
    found = shape_of(value)
    if found is None:
        raise DocumentRefused(problem="位置应是 GeoJSON 图形")
    west, south, east, north = found.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise DocumentRefused(problem="位置的经纬度超出范围（先经度，后纬度）")
    return west, south, east, north
