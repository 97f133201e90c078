"""Coordinate systems that coordinates may be asked for and given in. Inside everything is WGS84 longitude, latitude."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from zhicheng.apps.twin.errors.services import QueryInvalid
from zhicheng.engines.geo.coordinates import gcj02_to_wgs84, wgs84_to_gcj02

Pair = tuple[Any, Any]
_AXIS_M = 6378137.0
_MOST_LATITUDE = 85.0511287798066


@dataclass(frozen=True)
class System:
    """`into` makes longitude and latitude of WGS84, `out_of` undoes it; both take x (east) and y (north)."""

    uri: str
    label: str
    north_first: bool
    into: Callable[[Any, Any], Pair]
    out_of: Callable[[Any, Any], Pair]


def _same(x: Any, y: Any) -> Pair:
    return x, y


def _from_mercator(x: Any, y: Any) -> Pair:
    return np.degrees(x / _AXIS_M), np.degrees(2 * np.arctan(np.exp(y / _AXIS_M)) - math.pi / 2)


def _to_mercator(longitude: Any, latitude: Any) -> Pair:
    held = np.clip(latitude, -_MOST_LATITUDE, _MOST_LATITUDE)
    return np.radians(longitude) * _AXIS_M, np.log(np.tan(math.pi / 4 + np.radians(held) / 2)) * _AXIS_M


_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CRS84 = System("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "WGS84 经纬度", False, _same, _same)
SYSTEMS = (
    CRS84,
    System(_EPSG + "4326", "WGS84 纬经度", True, _same, _same),
    System(_EPSG + "4490", "CGCS2000 纬经度", True, _same, _same),
    System(_EPSG + "3857", "网络墨卡托", False, _from_mercator, _to_mercator),
    System("urn:zhicheng:crs:gcj02", "GCJ-02 经纬度（扩展）", False, gcj02_to_wgs84, wgs84_to_gcj02),
)
_BY_NAME = {
    **{system.uri: system for system in SYSTEMS},
    **{system.uri.replace("http://", "https://"): system for system in SYSTEMS},
    **{f"[EPSG:{code}]": next(s for s in SYSTEMS if s.uri.endswith(f"/{code}")) for code in ("4326", "4490", "3857")},
    **{f"EPSG:{code}": next(s for s in SYSTEMS if s.uri.endswith(f"/{code}")) for code in ("4326", "4490", "3857")},
    "CRS84": CRS84,
    "OGC:CRS84": CRS84,
    "[OGC:CRS84]": CRS84,
    "gcj02": SYSTEMS[-1],
}


def system_named(name: str, parameter: str) -> System:
    """The system of a URI or short name.

    Raises:
        QueryInvalid: it is not among those served.
    """
    found = _BY_NAME.get(name.strip("<>"))
    if found is None:
        known = "、".join(system.uri for system in SYSTEMS)
        raise QueryInvalid(
            parameter, f"不支持这个坐标系，可用：{known}。", f"unknown coordinate reference system {name[:80]!r}"
        )
    return found


def to_wgs84(shape: Any, system: System) -> Any:
    """Shapes of a system in longitude and latitude."""
    if system is CRS84:
        return shape
    return shapely.transform(shape, lambda xy: _stacked(system.into(*_ordered(xy, system))))


def from_wgs84(shape: Any, system: System) -> Any:
    """Shapes in longitude and latitude as a system has them, in its order of axes."""
    if system is CRS84:
        return shape
    return shapely.transform(shape, lambda xy: _stacked(_ordered_pair(system.out_of(xy[:, 0], xy[:, 1]), system)))


def _ordered(xy: Any, system: System) -> Pair:
    return (xy[:, 1], xy[:, 0]) if system.north_first else (xy[:, 0], xy[:, 1])


def _ordered_pair(pair: Pair, system: System) -> Pair:
    return (pair[1], pair[0]) if system.north_first else pair


def _stacked(pair: Pair) -> Any:
    return np.stack(pair, axis=1)
