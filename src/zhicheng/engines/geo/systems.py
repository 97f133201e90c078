"""Coordinate systems by the names that files and people give them, and the way from each to WGS84.

Knows EPSG codes and whatever PROJ reads (WKT, PROJJSON), GCJ-02 and BD-09. CGCS2000 counts as WGS84 (see
`coordinates`), whatever belt it is projected in. What stands on another ellipsoid (Beijing 1954, Xi'an 1980) lies a
hundred metres off, by parameters that are not public: it is refused, not taken for WGS84.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from zhicheng.engines.geo.coordinates import bd09_to_wgs84, gcj02_to_wgs84

FloatArray = NDArray[np.float64]
Convert = Callable[[FloatArray], FloatArray]
_SAME = {"", "4326", "4490", "wgs84", "cgcs2000", "crs84", "ogc:crs84"}
_SEMI_MAJOR_M = 6378137.0  # of WGS84, of CGCS2000, and of all that are within a metre or two of them
_CHINESE = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}
_ALSO = {"火星坐标": "gcj02", "百度坐标": "bd09", "gaode": "gcj02", "amap": "gcj02", "baidu": "bd09", "bd09ll": "bd09"}


class UnknownSystem(ValueError):
    """Nobody knows a coordinate system of that name, or how to come from it to WGS84."""


@lru_cache(maxsize=64)
def to_wgs84(name: str) -> Convert:
    """The way from a system to WGS84 degrees, for coordinates of shape (n, 2): longitude or easting first.

    Raises:
        UnknownSystem: nobody knows that name, or it does not stand on the ellipsoid of WGS84.

    >>> to_wgs84("EPSG:3857")(np.array([[12690421.5, 2575715.2]])).round(4).tolist()
    [[114.0, 22.5336]]
    """
    plain = re.sub(r"^(epsg|urn:ogc:def:crs:epsg):+", "", name.strip().lower())
    plain = re.sub(r"[-_ ]", "", plain) if len(plain) < 20 else plain
    plain = _ALSO.get(plain, plain)
    if plain in _SAME:
        return _same
    if plain in _CHINESE:
        return _shifting(plain)
    return _projecting(f"EPSG:{plain}" if plain.isdecimal() else name)


def _same(coordinates: FloatArray) -> FloatArray:
    return coordinates


def _shifting(name: str) -> Convert:
    def convert(coordinates: FloatArray) -> FloatArray:
        return np.stack(_CHINESE[name](coordinates[:, 0], coordinates[:, 1]), axis=1)

    return convert


def _projecting(name: str) -> Convert:
    try:
        system = CRS.from_user_input(name)
        degrees = system.geodetic_crs
        if degrees is None or degrees.ellipsoid is None or degrees.ellipsoid.semi_major_metre != _SEMI_MAJOR_M:
            raise UnknownSystem(name)
        transformer = Transformer.from_crs(system, degrees, always_xy=True)
    except (CRSError, ProjError) as error:
        raise UnknownSystem(name) from error
    if system.is_geographic:
        return _same

    def convert(coordinates: FloatArray) -> FloatArray:
        east, north = transformer.transform(coordinates[:, 0], coordinates[:, 1])
        return np.stack([np.asarray(east, np.float64), np.asarray(north, np.float64)], axis=1)

    return convert
