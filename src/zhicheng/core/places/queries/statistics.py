"""Counts and sums of a layer's objects by area, or inside a shape."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from zhicheng.core.lake.public import connect
from zhicheng.core.lake.values import ColumnType
from zhicheng.core.places.errors import ColumnUnknown
from zhicheng.core.places.gate.reader import LayerReader
from zhicheng.core.places.policy.conditions import to_mask, to_sql
from zhicheng.core.places.queries.layers import get_layer
from zhicheng.core.places.queries.opening import open_layer
from zhicheng.core.places.values import AreaCount, Condition, Layer

_NUMBERS = {ColumnType.INTEGER, ColumnType.REAL, ColumnType.DECIMAL}


def count_by_area(
    layer: str, level: str, *, where: Sequence[Condition] = (), sums: Sequence[str] = (), version: int | None = None
) -> list[AreaCount]:
    """How many objects each area has, most first. `level` is the column that names the area, such as `district`.

    Raises:
        LayerUnknown: the installed pack declares no such layer.
        ColumnUnknown: it has no such column, or a sum is asked of one that is no number.
        TableUnknown: it holds nothing.
    """
    declared = get_layer(layer)
    _check(declared, [level, *(condition.column for condition in where)], sums)
    clause, parameters = to_sql(where)
    totals = "".join(f', sum("{code}")::DOUBLE' for code in sums)
    table = declared.table.code
    with connect({table: version}) as lake:
        sql = f'SELECT "{level}", count(*){totals} FROM "{table}" WHERE {clause} GROUP BY 1 ORDER BY 2 DESC, 1'
        rows = lake.execute(sql, parameters).fetchall()
    return [AreaCount(row[0] or "", row[1], _named(sums, row[2:])) for row in rows]


def count_in_shape(
    layer: str, shape: shapely.Geometry, *, where: Sequence[Condition] = (), sums: Sequence[str] = ()
) -> AreaCount:
    """How many objects touch a shape.

    Raises:
        LayerUnknown: the installed pack declares no such layer.
        LayerEmpty: it holds nothing.
        LayerHasNoShapes: it has none.
        ColumnUnknown: it has no such column, or a sum is asked of one that is no number.
    """
    reader = open_layer(layer)
    _check(reader.layer, [condition.column for condition in where], sums)
    rows = reader.within(shape)
    wanted = list(dict.fromkeys([*sums, *(condition.column for condition in where)]))
    if not wanted:
        return AreaCount("", len(rows))
    table = reader.table(rows, wanted)
    table = table.filter(to_mask(table, where))
    return AreaCount("", table.num_rows, _named(sums, [pc.sum(table.column(code)).as_py() for code in sums]))


def matching_rows(
    layer: str, where: Sequence[Condition], *, within: shapely.Geometry | None = None, limit: int = 1000
) -> NDArray[np.int32]:
    """The first rows that meet all conditions, of those that touch a shape where one is given.

    Raises as `count_in_shape`.
    """
    return rows_meeting(open_layer(layer), where, within=within, limit=limit)


def rows_meeting(
    reader: LayerReader, where: Sequence[Condition], *, within: shapely.Geometry | None = None, limit: int
) -> NDArray[np.int32]:
    """As `matching_rows`, of the version that somebody reads already."""
    _check(reader.layer, [condition.column for condition in where], ())
    rows = None if within is None else reader.within(within)
    columns = list(dict.fromkeys(condition.column for condition in where))
    if rows is not None:
        table = reader.table(rows, columns or [reader.layer.key])
        return rows[_true(table, where)][:limit]
    table = pa.table({code: reader.column(code) for code in columns or [reader.layer.key]})
    return np.flatnonzero(_true(table, where)).astype(np.int32)[:limit]


def _true(table: pa.Table, where: Sequence[Condition]) -> NDArray[np.bool_]:
    return np.asarray(to_mask(table, where).to_numpy(), bool)


def _check(layer: Layer, columns: Sequence[str], sums: Sequence[str]) -> None:
    for code in (*columns, *sums):
        if not layer.has_column(code) or layer.column(code).personal:
            raise ColumnUnknown(layer=layer.code, column=code)
    for code in sums:
        if layer.column(code).type not in _NUMBERS:
            raise ColumnUnknown(layer=layer.code, column=code)


def _named(sums: Sequence[str], totals: Sequence[float | None]) -> dict[str, float]:
    return {code: float(total or 0) for code, total in zip(sums, totals, strict=True)}
