"""Casting a batch of a source to the types of a declared table, finding every cell that does not fit.

Nothing is guessed and nothing is rounded: `1.5` is no integer, `2026-1-5` no date, 30 February no day. An empty
cell is NULL. Rows with findings are left to the caller, who lists them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhicheng.core.lake.policy.geometries import parse_shapes
from zhicheng.core.lake.policy.instants import finite, parse_instants, parse_reals, to_instants
from zhicheng.core.lake.policy.schema import DECIMAL, arrow_schema, arrow_type
from zhicheng.core.lake.values import Column, ColumnType, EntityTable, Reason

Rows = npt.NDArray[np.int64]
_YES, _NO = ("true", "1", "yes", "y", "t", "是"), ("false", "0", "no", "n", "f", "否")
_PATTERNS = {
    ColumnType.INTEGER: r"^[+-]?[0-9]{1,18}(\.0+)?$",
    ColumnType.DECIMAL: r"^[+-]?[0-9]{1,14}(\.[0-9]{1,4})?$",
    ColumnType.DATE: r"^[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00:00(\.0+)?)?$",
}
_READERS = {ColumnType.REAL: parse_reals, ColumnType.TIMESTAMP: parse_instants}


@dataclass(frozen=True)
class Finding:
    """What is wrong with one column at some rows (positions in the batch), with the values found there."""

    column: Column
    reason: Reason
    rows: Rows
    values: pa.Array


@dataclass(frozen=True)
class Cast:
    """A batch in the declared types; cells with findings are NULL."""

    batch: pa.RecordBatch
    findings: tuple[Finding, ...]


def cast_batch(batch: pa.RecordBatch, table: EntityTable) -> Cast:
    """Cast by name; a declared column that the batch lacks is all NULL, an undeclared one is left out."""
    given: Mapping[str, pa.Array] = dict(zip(batch.schema.names, batch.columns, strict=True))
    findings: list[Finding] = []
    arrays = []
    for column in table.columns:
        cells = given.get(column.code)
        cast = pa.nulls(len(batch), arrow_type(column)) if cells is None else _cast(column, cells, findings)
        findings += _missing(column, cast, findings)
        arrays.append(cast)
    return Cast(pa.RecordBatch.from_arrays(arrays, schema=arrow_schema(table)), tuple(findings))


def _cast(column: Column, cells: pa.Array, findings: list[Finding]) -> pa.Array:
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    wanted = arrow_type(column)
    cast, wrong = _typed(column.type, cells, wanted)
    if wrong is not None:
        findings.extend(_finding(column, Reason.WRONG_TYPE, wrong, cells))
    if column.least is not None or column.most is not None:
        outside = _outside(column, cast)
        findings.extend(_finding(column, Reason.OUT_OF_RANGE, outside, cast))
        cast = pc.if_else(outside, pa.scalar(None, wanted), cast)
    if column.codes:
        unknown = pc.and_(pc.is_valid(cast), pc.invert(pc.is_in(cast, value_set=_codes(column, wanted))))
        findings.extend(_finding(column, Reason.UNKNOWN_CODE, unknown, cast))
        cast = pc.if_else(unknown, pa.scalar(None, wanted), cast)
    return cast


def _typed(kind: ColumnType, cells: pa.Array, wanted: pa.DataType) -> tuple[pa.Array, pa.Array | None]:
    """The cells in the wanted type, and where that failed; None where it cannot."""
    if kind is ColumnType.GEOMETRY:
        cells = _filled(cells)
        cast = parse_shapes(cells)
    elif kind is ColumnType.REAL and _is_number(cells.type):
        cast = finite(cells)
    elif kind is ColumnType.TIMESTAMP and pa.types.is_timestamp(cells.type):
        cast = to_instants(cells)
    elif cells.type == wanted or (kind is ColumnType.INTEGER and _fits_int64(cells.type)):
        return cells.cast(wanted), None
    else:
        text, unreadable = _as_text(cells)
        cast = _parse(kind, text)
        return cast, pc.or_(pc.and_(pc.is_valid(text), pc.is_null(cast)), unreadable)
    return cast, pc.and_(pc.is_valid(cells), pc.is_null(cast))


def _filled(cells: pa.Array) -> pa.Array:
    """Cells that may hold a geometry; an empty one is NULL."""
    if not (pa.types.is_binary(cells.type) or pa.types.is_large_binary(cells.type)):
        cells = cells.cast(pa.large_string() if pa.types.is_large_string(cells.type) else pa.string())
    return pc.if_else(pc.equal(pc.binary_length(cells), 0), pa.scalar(None, cells.type), cells)


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_floating(kind) or pa.types.is_int32(kind) or pa.types.is_int16(kind) or pa.types.is_int8(kind)
    )


def _outside(column: Column, cast: pa.Array) -> pa.Array:
    nowhere = pa.repeat(False, len(cast))
    below = nowhere if column.least is None else pc.less(cast, _bound(column.least, cast.type))
    above = nowhere if column.most is None else pc.greater(cast, _bound(column.most, cast.type))
    return pc.or_(below, above).fill_null(False)


def _bound(limit: int, kind: pa.DataType) -> pa.Scalar:
    if pa.types.is_floating(kind):
        return pa.scalar(float(limit), kind)
    return pa.scalar(Decimal(limit) if pa.types.is_decimal(kind) else limit, kind)


def _fits_int64(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) and not pa.types.is_uint64(kind)


def _codes(column: Column, kind: pa.DataType) -> pa.Array:
    return pa.array(list(column.codes)).cast(kind)


def _as_text(cells: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The cells as trimmed text, empty ones NULL; and where bytes are no UTF-8."""
    readable: pa.Array | None = None
    if pa.types.is_binary(cells.type) or pa.types.is_large_binary(cells.type):
        try:
            cells = cells.cast(pa.string())
        except pa.ArrowInvalid:
            decoded = [_decoded(cell) for cell in cells.to_pylist()]
            readable = pc.or_(pc.is_null(cells), pc.is_valid(pa.array(decoded, pa.string())))
            cells = pa.array(decoded, pa.string())
    text = pc.utf8_trim_whitespace(cells.cast(pa.string()))
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    unreadable = pa.repeat(False, len(text)) if readable is None else pc.invert(readable)
    return text, unreadable


def _decoded(cell: bytes | None) -> str | None:
    try:
        return None if cell is None else cell.decode()
    except UnicodeDecodeError:
        return None


def _parse(kind: ColumnType, text: pa.Array) -> pa.Array:
    if kind is ColumnType.TEXT:
        return text
    if kind is ColumnType.BOOLEAN:
        lower = pc.utf8_lower(text)
        yes = pc.is_in(lower, value_set=pa.array(_YES))
        known = pc.or_(yes, pc.is_in(lower, value_set=pa.array(_NO)))
        return pc.if_else(known, yes, pa.scalar(None, pa.bool_()))
    if kind in _READERS:
        return _READERS[kind](text)
    shaped = pc.match_substring_regex(text, _PATTERNS[kind])
    text = pc.if_else(shaped, text, pa.scalar(None, pa.string()))
    if kind is ColumnType.INTEGER:
        return pc.replace_substring_regex(pc.utf8_ltrim(text, "+"), r"\.0+$", "").cast(pa.int64())
    if kind is ColumnType.DECIMAL:
        return text.cast(DECIMAL)
    return _parse_dates(pc.utf8_slice_codeunits(text, 0, 10))


def _parse_dates(text: pa.Array) -> pa.Array:
    days = pc.strptime(text, format="%Y-%m-%d", unit="s", error_is_null=True).cast(pa.date32())
    real = pc.equal(pc.strftime(days, format="%Y-%m-%d"), text)  # 30 February would become a day of March
    return pc.if_else(real, days, pa.scalar(None, pa.date32()))


def _missing(column: Column, cast: pa.Array, findings: list[Finding]) -> Iterator[Finding]:
    if column.nullable or not cast.null_count:
        return
    empty = pc.is_null(cast).to_numpy(zero_copy_only=False)
    for finding in findings:
        if finding.column is column:
            empty[finding.rows] = False  # named already, with a better reason
    rows = np.flatnonzero(empty)
    if len(rows):
        yield Finding(column, Reason.MISSING, rows, pa.nulls(len(rows), pa.string()))


def _finding(column: Column, reason: Reason, where: pa.Array, cells: pa.Array) -> Iterator[Finding]:
    rows = np.flatnonzero(where.fill_null(False).to_numpy(zero_copy_only=False))
    if len(rows):
        yield Finding(column, reason, rows, cells.take(pa.array(rows)))
