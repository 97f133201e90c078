"""Values as people write them into filters: shapes in WKT or GeoJSON, boxes, instants, days, stretches of time."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from zhicheng.engines.cql2.tree import MOST_VERTICES, FilterInvalid, Shape, Span
from zhicheng.kit.clock import CHINA

_DAY_LENGTH = 10


def shape_from_wkt(text: str) -> Shape:
    """A shape from WKT.

    Raises:
        FilterInvalid: it is none, or not a simple one.

    >>> shape_from_wkt("POINT(114 22.5)").shape.x
    114.0
    """
    try:
        return checked(shapely.from_wkt(text))
    except (GEOSException, ValueError, TypeError):
        raise FilterInvalid(
            f"图形“{text[:40]}”写得不对，应是 WKT，例如 POINT(114.06 22.54)。", "a geometry literal is not valid WKT"
        ) from None


def shape_from_geojson(value: Mapping[str, Any]) -> Shape:
    """A shape from a GeoJSON geometry.

    Raises:
        FilterInvalid: it is none, or not a simple one.
    """
    try:
        return checked(shapely.from_geojson(json.dumps(value)))
    except (GEOSException, ValueError, TypeError):
        raise FilterInvalid("图形写得不对，应是 GeoJSON 的 geometry。", "a geometry literal is not GeoJSON") from None


def shape_from_box(numbers: Sequence[Any]) -> Shape:
    """A box from west, south, east, north, or from six numbers with heights, which do not count.

    Raises:
        FilterInvalid: not four or six numbers, or south is north of north.
    """
    problem = FilterInvalid("范围应是西、南、东、北四个数字。", "a bounding box has four or six numbers")
    if len(numbers) not in {4, 6} or not all(_is_number(number) for number in numbers):
        raise problem
    west, south, east, north = (*numbers[:2], *numbers[3:5]) if len(numbers) == 6 else numbers
    if south > north:
        raise problem
    if west > east:  # across the antimeridian
        return Shape(shapely.union_all([shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]))
    return Shape(shapely.box(west, south, east, north))


def checked(shape: BaseGeometry | None) -> Shape:
    """A shape that may be compared with.

    Raises:
        FilterInvalid: empty, not finite, too many vertices, or crossing itself.
    """
    if shape is None or shape.is_empty:
        raise FilterInvalid("图形是空的。", "the geometry is empty")
    if shapely.get_num_coordinates(shape) > MOST_VERTICES:
        raise FilterInvalid(
            f"图形的顶点太多，最多 {MOST_VERTICES} 个。", f"a geometry may have {MOST_VERTICES} vertices at most"
        )
    if not all(math.isfinite(number) for number in shape.bounds):
        raise FilterInvalid("图形的坐标不是有限的数字。", "coordinates must be finite")
    if not shape.is_valid:
        raise FilterInvalid(
            "图形自己与自己相交，或没有闭合。", f"the geometry is invalid: {shapely.is_valid_reason(shape)}"
        )
    return Shape(shapely.force_2d(shape))


def span_of(text: str, *, only_day: bool = False) -> Span:
    """A day (in China's time) or an instant.

    Raises:
        FilterInvalid: it is neither.

    >>> span_of("2026-01-05").start.isoformat()
    '2026-01-04T16:00:00+00:00'
    """
    try:
        if len(text) == _DAY_LENGTH:
            start = datetime.combine(date.fromisoformat(text), time(), CHINA).astimezone(UTC)
            return Span(start, start + timedelta(days=1, microseconds=-1), is_day=True)
        instant = datetime.fromisoformat("" if only_day else text)
        at = instant.replace(tzinfo=instant.tzinfo or CHINA).astimezone(CHINA).astimezone(UTC)
    except (ValueError, OverflowError):
        raise FilterInvalid(
            f"时间“{text[:40]}”写得不对，应如 2026-01-05 或 2026-01-05T08:00:00+08:00。",
            "a date or timestamp is not RFC 3339",
        ) from None
    return Span(at, at)


def span_between(first: str, last: str) -> Span:
    """A stretch of time; `..` or nothing leaves an end open.

    Raises:
        FilterInvalid: an end cannot be read, or the end is before the start.
    """
    start = None if first in {"..", ""} else span_of(first).start
    end = None if last in {"..", ""} else span_of(last).end
    if start is not None and end is not None and end < start:
        raise FilterInvalid("时间段的结束早于开始。", "the interval ends before it starts")
    return Span(start, end)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
