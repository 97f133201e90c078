"""Columns on their way from NumPy to Arrow, with what is unknown in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhicheng.core.lake.public import arrow_schema
from zhicheng.core.lake.values import ColumnType, EntityTable

Days = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
_YEAR_DAYS = 365.2425


@dataclass(frozen=True)
class Cells:
    """One column. `values` are booleans, integers, days since 1970, positions in `codes`, or texts ready made.

    Where `known` is false the cell is NULL; so is a negative position.
    """

    values: Any
    known: Bools | None = None
    codes: tuple[str, ...] = ()


def days_of_years(today: int, years: npt.NDArray[np.float64]) -> Days:
    """The days that lie so many years before today."""
    return (today - years * _YEAR_DAYS).astype(np.int32)


def to_batch(
    table: EntityTable, cells: Mapping[str, Cells], unknown: Mapping[str, float], chance: np.random.Generator
) -> pa.RecordBatch:
    """The declared columns in order. A further share of each column is made unknown, whatever stands there.

    Raises:
        KeyError: a declared column is not simulated.
    """
    missing = [column.code for column in table.columns if column.code not in cells]
    if missing:
        raise KeyError(f"table {table.code} declares columns that the simulator does not make: {missing}")
    fields, arrays = [], []
    for column, declared in zip(table.columns, arrow_schema(table), strict=True):
        array = _to_arrow(cells[column.code], column.type, unknown.get(column.code, 0.0), chance)
        fields.append(pa.field(column.code, array.type if pa.types.is_dictionary(array.type) else declared.type))
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _to_arrow(cells: Cells, kind: ColumnType, unknown: float, chance: np.random.Generator) -> pa.Array:
    if isinstance(cells.values, pa.Array):
        return cells.values
    mask = np.zeros(len(cells.values), bool) if cells.known is None else ~cells.known
    if cells.codes:
        mask |= cells.values < 0
    if unknown:
        mask |= chance.random(len(mask), dtype=np.float32) < unknown
    given = mask if mask.any() else None
    if cells.codes:
        narrow = np.maximum(cells.values, 0).astype(np.int16)
        return pa.DictionaryArray.from_arrays(pa.array(narrow, mask=given), pa.array(cells.codes, pa.string()))
    if kind is ColumnType.DATE:
        return pa.array(cells.values.astype(np.int32), mask=given).cast(pa.date32())
    if kind is ColumnType.DECIMAL:
        return pa.array(cells.values.astype(np.float64).round(4), mask=given).cast(pa.decimal128(18, 4))
    return pa.array(cells.values, mask=given)
