"""Choosing features of a layer: by box, by filter, page by page. No database, no HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from zhicheng.core.lake.values import ColumnType
from zhicheng.core.places.values import GEOMETRY, Layer
from zhicheng.engines.cql2.checking import Kind
from zhicheng.engines.cql2.masks import mask_of
from zhicheng.engines.cql2.spatial import box_of
from zhicheng.engines.cql2.tree import Node

Box = tuple[float, float, float, float]
RowNumbers = NDArray[np.int32]
_KINDS = {
    ColumnType.BOOLEAN: Kind.BOOLEAN,
    ColumnType.INTEGER: Kind.NUMBER,
    ColumnType.DECIMAL: Kind.NUMBER,
    ColumnType.REAL: Kind.NUMBER,
    ColumnType.TEXT: Kind.TEXT,
    ColumnType.DATE: Kind.TIME,
    ColumnType.TIMESTAMP: Kind.TIME,
}
_FIRST_BLOCK, _LAST_BLOCK = 4_096, 262_144
_CELLS = 1e7  # of the boxes, in a degree


class Reader(Protocol):
    """What is needed of `core.places.public.LayerReader`."""

    layer: Layer

    @property
    def count(self) -> int:
        """How many features."""

    @property
    def tree(self) -> Any:
        """`boxes` int32 (n, 4): west, south, east, north of each row in 1e-7 degrees, rounded outwards."""

    @property
    def ragged(self) -> Any:
        """All shapes as flat arrays."""

    def in_box(self, *box: float, limit: int, after: int = -1) -> Any:
        """Rows whose boxes meet west, south, east, north, ascending, behind `after`."""

    def table(self, rows: Any, columns: Any) -> pa.Table:
        """Columns of some rows."""

    def column(self, code: str) -> pa.ChunkedArray:
        """A whole column."""

    def shapes(self, rows: Any) -> Any:
        """Shapes of some rows."""


@dataclass(frozen=True)
class FeatureQuery:
    """What is wanted. `box` in degrees; `where` was checked against `filter_columns`."""

    box: Box | None = None
    where: Node | None = None


_known_columns: dict[str, tuple[Layer, dict[str, Kind]]] = {}


def filter_columns(layer: Layer) -> dict[str, Kind]:
    """The columns that a filter may name: no personal ones."""
    known = _known_columns.get(layer.code)
    if known is None or known[0] is not layer:
        columns = {column.code: _KINDS[column.type] for column in layer.shown if column.type in _KINDS}
        if layer.has_shapes:
            columns[GEOMETRY] = Kind.SHAPE
        known = _known_columns[layer.code] = (layer, columns)
    return known[1]


def select_rows(reader: Reader, query: FeatureQuery, *, limit: int, after: int = -1) -> RowNumbers:
    """The first matching rows behind `after`, ascending, at most `limit`."""
    found: list[RowNumbers] = []
    count = 0
    for rows in matching_blocks(reader, query, after=after, first=max(limit, 64)):
        found.append(rows)
        count += len(rows)
        if count >= limit:
            break
    return np.concatenate(found)[:limit] if found else np.empty(0, np.int32)


def count_rows(reader: Reader, query: FeatureQuery) -> int:
    """How many rows match in all."""
    if query.box is None and query.where is None:
        return reader.count
    return sum(len(rows) for rows in matching_blocks(reader, query))


def matching_blocks(
    reader: Reader, query: FeatureQuery, *, after: int = -1, first: int = _FIRST_BLOCK
) -> Iterator[RowNumbers]:
    """All matching rows behind `after`, ascending, in blocks; blocks grow, so that a first page comes soon."""
    where_box = box_of(query.where) if query.where is not None else None
    sieve = _common(query.box, where_box)
    if sieve is not None and (sieve[0] > sieve[2] or sieve[1] > sieve[3]):
        return
    size = first if query.where is None else _FIRST_BLOCK
    while True:
        rows = _candidates(reader, sieve, size, after)
        if len(rows):
            yield _refined(reader, query, rows)
        if len(rows) < size:
            return
        after, size = int(rows[-1]), min(size * 4, _LAST_BLOCK)


def _common(first: Box | None, second: Box | None) -> Box | None:
    if first is None or second is None:
        return first or second
    return max(first[0], second[0]), max(first[1], second[1]), min(first[2], second[2]), min(first[3], second[3])


def _candidates(reader: Reader, sieve: Box | None, size: int, after: int) -> RowNumbers:
    if sieve is None:
        return np.arange(after + 1, min(after + 1 + size, reader.count), dtype=np.int32)
    rows: RowNumbers = reader.in_box(*sieve, limit=size, after=after)
    return rows


def _refined(reader: Reader, query: FeatureQuery, rows: RowNumbers) -> RowNumbers:
    """Rows whose shapes, not only their boxes, meet the box, and that match the filter."""
    if query.box is not None and reader.layer.geometry != "point" and len(rows):
        rows = _meeting(reader, rows, query.box)
    if query.where is not None and len(rows):
        rows = rows[mask_of(query.where, BlockRows(reader, rows))]
    return rows


def _meeting(reader: Reader, rows: RowNumbers, box: Box) -> RowNumbers:
    """Rows whose shapes meet a box. A shape whose own box lies inside does; only the others are looked at."""
    boxes = reader.tree.boxes[rows]
    west, south, east, north = (edge * _CELLS for edge in box)
    inside = (boxes[:, 0] >= west) & (boxes[:, 1] >= south) & (boxes[:, 2] <= east) & (boxes[:, 3] <= north)
    edge = np.flatnonzero(~inside)
    if not len(edge):
        return rows
    window = shapely.box(*box)
    shapely.prepare(window)
    inside[edge] = shapely.intersects(window, reader.shapes(rows[edge]))
    met: RowNumbers = rows[inside]
    return met


class BlockRows:
    """Some rows of a layer, as a filter wants them."""

    def __init__(self, reader: Reader, rows: RowNumbers) -> None:
        self._reader, self._rows = reader, rows
        self._is_run = len(rows) > 0 and int(rows[-1]) - int(rows[0]) + 1 == len(rows)

    def __len__(self) -> int:
        return len(self._rows)

    def column(self, code: str) -> pa.ChunkedArray:
        """A column of these rows."""
        if code == GEOMETRY:
            return pa.chunked_array([pa.array(np.ones(len(self._rows), dtype=np.bool_))])  # every object has a shape
        if self._is_run:
            return self._reader.column(code).slice(int(self._rows[0]), len(self._rows))
        return self._reader.table(self._rows, [code]).column(code)

    def meeting(self, box: Box) -> NDArray[np.bool_]:
        """Whether the box of each row meets a box."""
        first, last = int(self._rows[0]), int(self._rows[-1])
        found = self._reader.in_box(*box, limit=last - first + 1, after=first - 1)
        return np.isin(self._rows, found, assume_unique=True)

    def shapes(self, at: NDArray[np.intp]) -> Any:
        """Shapes at positions among these rows."""
        return self._reader.shapes(self._rows[at])
