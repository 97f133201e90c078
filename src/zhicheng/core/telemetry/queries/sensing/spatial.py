"""Conditions on shapes: boxes in the database, exact shapes in memory."""

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from django.db import connection

from zhicheng.core.telemetry.errors import FilterUnreadable, QueryTooWide
from zhicheng.core.telemetry.policy.sensorthings.filters import Binary, Call, Literal, Node, Path
from zhicheng.core.telemetry.policy.sensorthings.schema import Entity
from zhicheng.core.telemetry.policy.sensorthings.shapes import shape_of

MOST = 200_000
_RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "st_equals": shapely.equals,
    "st_disjoint": shapely.disjoint,
    "st_touches": shapely.touches,
    "st_within": shapely.within,
    "st_overlaps": shapely.overlaps,
    "st_crosses": shapely.crosses,
    "st_intersects": shapely.intersects,
    "st_contains": shapely.contains,
    "geo.intersects": shapely.intersects,
}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}
_NEVER_FAR = frozenset({"lt", "le", "eq"})


def matching_ids(entity: Entity, node: Node) -> Sequence[int] | None:
    """The ids of entities for which a condition on their shape holds; None where they have no shape.

    Raises:
        FilterUnreadable: the condition is written another way than column and shape.
        QueryTooWide: more shapes than can be looked at.
    """
    if not any(each.kind == "shape" for each in entity.properties.values()):
        return None
    if isinstance(node, Binary):
        return _by_measure(entity, node)
    if not isinstance(node, Call):
        raise FilterUnreadable(at=1, problem="图形函数不能这样用")
    column, shape, turned = _sides(entity, node)
    box = None if node.name == "st_disjoint" else shape.bounds
    ids, shapes = _candidates(entity, column, box)
    if node.name == "st_relate":
        return _related(node, ids, shapes, shape, turned=turned)
    relation = _RELATIONS[node.name]
    found = relation(shape, shapes) if turned else relation(shapes, shape)
    return [int(each) for each in ids[found]]


def _related(node: Call, ids: Any, shapes: Any, shape: Any, *, turned: bool) -> list[int]:
    pattern = node.arguments[2]
    if not isinstance(pattern, Literal) or pattern.kind != "text":
        raise FilterUnreadable(at=1, problem="st_relate 的第三项应是九个字符的模式")
    try:
        found = shapely.relate_pattern(*((shape, shapes) if turned else (shapes, shape)), pattern.value)
    except (shapely.errors.GEOSException, ValueError):
        raise FilterUnreadable(at=1, problem="st_relate 的模式不对") from None
    return [int(each) for each in ids[found]]


def _by_measure(entity: Entity, node: Binary) -> list[int]:
    """`geo.distance(location, geography'POINT …') lt 0.1` and `geo.length(location) gt 1`, in degrees."""
    if not isinstance(node.left, Call) or not isinstance(node.right, Literal) or node.operator not in _COMPARE:
        raise FilterUnreadable(at=1, problem="图形函数应写在比较的左边，数字写在右边")
    limit = float(node.right.value)
    if node.left.name == "geo.length":
        ids, shapes = _candidates(entity, _column(entity, node.left.arguments[0]), None)
        return [int(each) for each in ids[_COMPARE[node.operator](shapely.length(shapes), limit)]]
    column, shape, _ = _sides(entity, node.left)
    west, south, east, north = shape.bounds
    near = (west - limit, south - limit, east + limit, north + limit) if node.operator in _NEVER_FAR else None
    ids, shapes = _candidates(entity, column, near)
    return [int(each) for each in ids[_COMPARE[node.operator](shapely.distance(shapes, shape), limit)]]


def _sides(entity: Entity, node: Call) -> tuple[str, Any, bool]:
    """The column, the shape, and whether the shape was written first."""
    first, second = node.arguments[:2]
    turned = isinstance(first, Literal)
    column, shape = (second, first) if turned else (first, second)
    if not isinstance(shape, Literal) or shape.kind != "shape":
        raise FilterUnreadable(at=1, problem="应写成 geography'…' 的图形")
    return _column(entity, column), shape.value, turned


def _column(entity: Entity, node: Node) -> str:
    if not isinstance(node, Path) or entity.property_of(node.parts[0]).kind != "shape":
        raise FilterUnreadable(at=1, problem="图形函数要用在 location 或 feature 上")
    return entity.property_of(node.parts[0]).column


def _candidates(entity: Entity, column: str, box: Any) -> tuple[Any, Any]:
    """Ids and shapes whose box meets a box."""
    where = "west IS NOT NULL"
    params: tuple[float, ...] = ()
    if box is not None and all(math.isfinite(each) for each in box):
        where += " AND box(point(west, south), point(east, north)) && box(point(%s, %s), point(%s, %s))"
        params = tuple(box)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, west, south, CASE WHEN west = east AND south = north THEN NULL ELSE {column}::text END "
            f"FROM {entity.table} WHERE {where} LIMIT {MOST + 1}",
            params,
        )
        rows = cursor.fetchall()
    if len(rows) > MOST:
        raise QueryTooWide(problem=f"图形范围里超过 {MOST} 个位置")
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    shapes = np.empty(len(rows), dtype=np.object_)
    for index, row in enumerate(rows):
        shapes[index] = shapely.Point(row[1], row[2]) if row[3] is None else shape_of(json.loads(row[3]))
    return ids, shapes
