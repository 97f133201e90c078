"""Conversions between the coordinate systems that meet in a Chinese city.

WGS84 (GPS), GCJ-02 (AMap, Tencent, phones in China), BD-09 (Baidu), CGCS2000 (government surveys; geographic
EPSG:4490, and the 3-degree Gauss-Krüger belt around 114°E: EPSG:4547, or EPSG:4526 with the zone number 38 in front).
Every function takes either two floats or two float64 arrays of one shape, in the order longitude, latitude (degrees)
or easting, northing (metres), and returns the same kind. NaN stays NaN; empty arrays stay empty.

Error: GCJ-02 has no published definition. The formula used by everybody is a reconstruction that agrees with map
providers to about 1 to 2 m; our inverse is iterated until the forward formula reproduces the input within 1e-9°
(0.1 mm). BD-09 likewise. CGCS2000 and WGS84 share their ellipsoid to 0.1 mm and differ by the motion of the plate
since 2000 (under 1 m in Shenzhen); they are treated as equal here.

Source: the reconstruction published as `EvilTransform` (2013) and `eviltransform`; BD-09 as in `coordtransform`;
projections by PROJ. Golden values in the tests come from these projects.

>>> longitude, latitude = wgs84_to_gcj02(113.912316, 22.543847)
>>> round(longitude, 6), round(latitude, 6)
(113.917176, 22.540796)
"""

import math
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

FloatArray = NDArray[np.float64]
Degrees = TypeVar("Degrees", float, FloatArray)

_AXIS_M = 6378245.0  # Krasovsky 1940, as in the reconstruction
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_STEP = math.pi * 3000.0 / 180.0
_TOLERANCE = 1e-9
_MOST_ROUNDS = 30


def wgs84_to_gcj02(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Shift as the Chinese map providers do; outside the rectangle around China nothing changes."""
    return _shifted(_gcj02_offset, longitude, latitude)


def gcj02_to_wgs84(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Undo `wgs84_to_gcj02`, by iteration, to better than 1e-7°."""
    return _unshifted(_gcj02_offset, longitude, latitude)


def gcj02_to_bd09(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Shift a second time, as Baidu does."""
    return _shifted(_bd09_offset, longitude, latitude)


def bd09_to_gcj02(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Undo `gcj02_to_bd09`, by iteration, to better than 1e-7°."""
    return _unshifted(_bd09_offset, longitude, latitude)


def bd09_to_wgs84(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Both inverses in turn."""
    return gcj02_to_wgs84(*bd09_to_gcj02(longitude, latitude))


def wgs84_to_bd09(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Both shifts in turn."""
    return gcj02_to_bd09(*wgs84_to_gcj02(longitude, latitude))


def cgcs2000_to_wgs84(longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    """Geographic CGCS2000 (EPSG:4490) as WGS84: equal within 1 m, so the numbers stay."""
    return longitude, latitude


def geographic_to_gauss_kruger(
    longitude: Degrees, latitude: Degrees, *, zone_prefix: bool = False
) -> tuple[Degrees, Degrees]:
    """Easting, northing in metres around 114°E: EPSG:4547, or EPSG:4526 (38 in front) with `zone_prefix`.

    >>> geographic_to_gauss_kruger(114.0, 0.0)
    (500000.0, 0.0)
    """
    return _transformed("EPSG:4490", _belt(zone_prefix=zone_prefix), longitude, latitude)


def gauss_kruger_to_geographic(
    easting: Degrees, northing: Degrees, *, zone_prefix: bool = False
) -> tuple[Degrees, Degrees]:
    """Undo `geographic_to_gauss_kruger`."""
    return _transformed(_belt(zone_prefix=zone_prefix), "EPSG:4490", easting, northing)


def is_in_china(longitude: Degrees, latitude: Degrees) -> Any:
    """Whether a point lies in the rectangle inside which GCJ-02 shifts: a bool, or an array of bool."""
    return (longitude >= 72.004) & (longitude <= 137.8347) & (latitude >= 0.8293) & (latitude <= 55.8271)


_Offset = Callable[[Any, Any, Any], tuple[Any, Any]]


def _shifted(offset: _Offset, longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    east, north = offset(_functions(longitude), longitude, latitude)
    return longitude + east, latitude + north


def _unshifted(offset: _Offset, longitude: Degrees, latitude: Degrees) -> tuple[Degrees, Degrees]:
    functions = _functions(longitude)
    guess_longitude, guess_latitude = longitude, latitude
    for _ in range(_MOST_ROUNDS):
        east, north = offset(functions, guess_longitude, guess_latitude)
        error_longitude = longitude - east - guess_longitude
        error_latitude = latitude - north - guess_latitude
        guess_longitude, guess_latitude = guess_longitude + error_longitude, guess_latitude + error_latitude
        if not _any_above(error_longitude, error_latitude):
            break
    return guess_longitude, guess_latitude


def _any_above(*errors: Any) -> bool:
    return any(bool(np.any(np.abs(error) > _TOLERANCE)) for error in errors)


def _functions(sample: Any) -> Any:
    return np if isinstance(sample, np.ndarray) else math


def _gcj02_offset(m: Any, longitude: Any, latitude: Any) -> tuple[Any, Any]:
    x, y = longitude - 105.0, latitude - 35.0
    root = m.sqrt(abs(x))
    waves = 20.0 * m.sin(6.0 * x * m.pi) + 20.0 * m.sin(2.0 * x * m.pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + 20.0 * m.sin(y * m.pi) + 40.0 * m.sin(y / 3.0 * m.pi)) * 2.0 / 3.0
    north += (160.0 * m.sin(y / 12.0 * m.pi) + 320.0 * m.sin(y * m.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + 20.0 * m.sin(x * m.pi) + 40.0 * m.sin(x / 3.0 * m.pi)) * 2.0 / 3.0
    east += (150.0 * m.sin(x / 12.0 * m.pi) + 300.0 * m.sin(x / 30.0 * m.pi)) * 2.0 / 3.0
    phi = latitude / 180.0 * m.pi
    w = 1.0 - _ECCENTRICITY_SQUARED * m.sin(phi) ** 2
    north_degrees = north * 180.0 / (_AXIS_M * (1.0 - _ECCENTRICITY_SQUARED) / (w * m.sqrt(w)) * m.pi)
    # cos is zero only at a pole, which the rectangle excludes; the small floor keeps arrays free of warnings
    east_degrees = east * 180.0 / (_AXIS_M / m.sqrt(w) * (abs(m.cos(phi)) + 1e-300) * m.pi)
    inside = is_in_china(longitude, latitude)
    if m is math:
        return (east_degrees, north_degrees) if inside else (0.0, 0.0)
    return np.where(inside, east_degrees, 0.0), np.where(inside, north_degrees, 0.0)


def _bd09_offset(m: Any, longitude: Any, latitude: Any) -> tuple[Any, Any]:
    radius = m.sqrt(longitude * longitude + latitude * latitude) + 0.00002 * m.sin(latitude * _BD_STEP)
    angle = (np.arctan2 if m is np else math.atan2)(latitude, longitude) + 0.000003 * m.cos(longitude * _BD_STEP)
    return radius * m.cos(angle) + 0.0065 - longitude, radius * m.sin(angle) + 0.006 - latitude


def _belt(*, zone_prefix: bool) -> str:
    return "EPSG:4526" if zone_prefix else "EPSG:4547"


class _OfThread(threading.local):
    """A pyproj Transformer must not be shared by threads."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, str], Transformer] = {}


_of_thread = _OfThread()


def _transformed(source: str, target: str, first: Degrees, second: Degrees) -> tuple[Degrees, Degrees]:
    made = _of_thread.made
    transformer = made.get((source, target))
    if transformer is None:
        transformer = made[source, target] = Transformer.from_crs(source, target, always_xy=True)
    east, north = transformer.transform(first, second)
    return east, north
