"""One version of a layer, mapped into memory: what is here, what is near, the objects themselves.

Rows are positions: of a layer with shapes along the Hilbert curve, of one without in the order of its table. They
belong to this version; keys outlive it.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from zhicheng.core.lake.public import position_of, rows_at_positions, scan_rows
from zhicheng.core.lake.values import TableVersion
from zhicheng.core.places.errors import ColumnUnknown, LayerHasNoShapes
from zhicheng.core.places.gate.arrays import load_array
from zhicheng.core.places.gate.building import ATTRIBUTES, KINDS
from zhicheng.core.places.gate.features import encode_features
from zhicheng.core.places.gate.folders import form_of
from zhicheng.core.places.gate.keyed import HashedRows
from zhicheng.core.places.gate.names import Names
from zhicheng.core.places.values import Layer
from zhicheng.engines.geo.index import (
    POLYGON,
    Box,
    BoxTree,
    RaggedShapes,
    located,
    nearest,
    search_box,
    to_cells,
    unpack_shapes,
)

Rows = NDArray[np.int32]
SomeRows = NDArray[Any] | Sequence[int]
_ALL = 2**31 - 1


class LayerReader:
    """A layer at one version. Nothing that happens to the layer later changes what it answers."""

    def __init__(self, layer: Layer, version: TableVersion, folder: Path, meta: dict[str, Any]) -> None:
        self.layer, self.version, self.folder = layer, version, folder
        self.count: int = meta["count"]
        self.columns: tuple[str, ...] = tuple(meta["columns"])
        self.links: tuple[str, ...] = tuple(meta["links"])
        self._bounds: list[float] | None = meta["bounds"]
        self._tree = self._load_tree() if layer.has_shapes else None
        self._shapes = self._load_shapes() if layer.has_shapes else None
        is_ready = layer.has_shapes and meta.get("form") == form_of(layer)
        self._features = load_array(folder, "features") if is_ready else None
        self._ends = load_array(folder, "feature_ends") if is_ready else None
        self._attributes = _map_attributes(folder / ATTRIBUTES) if layer.has_shapes else None
        self._keys = HashedRows(folder, "key", "_") if layer.has_shapes else None
        self._links = {code: HashedRows(folder, f"link.{code}", ".") for code in self.links}

    def _load_tree(self) -> BoxTree:
        return BoxTree(*(load_array(self.folder, name) for name in BoxTree._fields))

    def _load_shapes(self) -> RaggedShapes:
        flat = (load_array(self.folder, name) for name in RaggedShapes._fields[1:])
        return RaggedShapes(KINDS[self.layer.geometry], *flat)

    @property
    def tree(self) -> BoxTree:
        """The boxes of all rows as arrays, for loops in compiled code.

        Raises:
            LayerHasNoShapes: it has none.
        """
        if self._tree is None:
            raise LayerHasNoShapes(layer=self.layer.code)
        return self._tree

    @property
    def ragged(self) -> RaggedShapes:
        """The shapes of all rows as arrays, for loops in compiled code. Raises as `tree`."""
        if self._shapes is None:
            raise LayerHasNoShapes(layer=self.layer.code)
        return self._shapes

    def bounds(self) -> Box | None:
        """West, south, east, north of everything; None where there is nothing."""
        if self._bounds is None:
            return None
        west, south, east, north = self._bounds
        return west, south, east, north

    def in_box(self, *box: float, limit: int = _ALL, after: int = -1) -> Rows:
        """The first rows behind `after` whose boxes touch west, south, east, north, ascending. Raises as `tree`."""
        return search_box(self.tree, to_cells(np.array([box]))[0], limit, after)

    def at_point(self, longitude: float, latitude: float) -> Rows:
        """The polygons that hold a point. A layer of points or lines has none: ask `near`. Raises as `tree`."""
        if self.ragged.kind != POLYGON:
            return np.empty(0, np.int32)
        return located(self.tree, self.ragged, longitude, latitude)

    def near(self, longitude: float, latitude: float, radius_m: float, limit: int) -> tuple[Rows, NDArray[np.float64]]:
        """The rows within a radius, nearest first, with their metres (0 inside a polygon). Raises as `tree`."""
        return nearest(self.tree, self.ragged, (longitude, latitude), radius_m, limit)

    def within(self, shape: shapely.Geometry, *, limit: int = _ALL, whole: bool = False) -> Rows:
        """The rows whose shape touches a shape, ascending; with `whole`, those inside it. Raises as `tree`."""
        if shapely.is_empty(shape):
            return np.empty(0, np.int32)
        shapely.prepare(shape)
        ask = shapely.covers if whole else shapely.intersects
        found: list[Rows] = []
        left, after = limit, -1
        while left > 0:
            rows = self.in_box(*shapely.bounds(shape).tolist(), limit=65_536, after=after)
            kept = rows[ask(shape, self.shapes(rows))][:left]
            found.append(kept)
            left -= len(kept)
            if len(rows) < 65_536:
                break
            after = int(rows[-1])
        return np.concatenate(found) if found else np.empty(0, np.int32)

    def shapes(self, rows: Rows) -> NDArray[Any]:
        """The shapes of some rows. Raises as `tree`."""
        return unpack_shapes(self.ragged, np.asarray(rows, np.int32))

    def centres(self, rows: Rows) -> NDArray[np.float64]:
        """The middle of each row's box, (n, 2) in degrees. Raises as `tree`."""
        boxes = self.tree.boxes[rows].astype(np.float64)
        return (boxes[:, :2] + boxes[:, 2:]) / 2e7

    def features(self, rows: SomeRows) -> list[bytes]:
        """The objects as GeoJSON features, as the layer is declared now: what became personal is left out at once."""
        numbers = np.asarray(rows, np.int64)
        if self._features is None or self._ends is None:
            shapes = self.shapes(numbers.astype(np.int32)) if self.layer.has_shapes else None
            return encode_features(self.layer, self.table(numbers, self.columns), shapes)
        starts = np.where(numbers > 0, self._ends[numbers - 1], 0)
        spans = zip(starts.tolist(), self._ends[numbers].tolist(), strict=True)
        return [self._features[start:end].tobytes() for start, end in spans]

    def row_of(self, key: str) -> int | None:
        """The row of a key; None where there is none."""
        if self._keys is None:
            return position_of(self.layer.table.code, self.layer.key, key, as_of=self.version.version)
        return self._keys.row(key, lambda row: self.key_of(row) == key)

    def key_of(self, row: int) -> str:
        """The key of a row."""
        return str(self.table(np.array([row]), (self.layer.key,)).column(0)[0].as_py())

    def rows_linked(self, column: str, key: str, *, after: int = -1, limit: int = 100) -> Rows:
        """The rows whose link column names an object, ascending, behind `after`.

        Raises:
            ColumnUnknown: that column is no link.
        """
        if column not in self._links:
            raise ColumnUnknown(layer=self.layer.code, column=column)
        rows = np.sort(self._links[column].candidates(key))
        rows = rows[np.searchsorted(rows, after, side="right") :]
        found: list[int] = []
        for start in range(0, len(rows), 4096):
            piece = rows[start : start + 4096]
            cells = self.table(piece, (column,)).column(0).to_pylist()
            found += [row for row, cell in zip(piece.tolist(), cells, strict=True) if cell == key]
            if len(found) >= limit:
                break
        return np.array(found[:limit], np.int32)

    def table(self, rows: SomeRows, columns: Sequence[str] | None = None) -> pa.Table:
        """Columns of some rows, in the order asked for.

        Raises:
            ColumnUnknown: this version has no such column.
        """
        wanted = self._known(self.columns if columns is None else columns)
        numbers = np.asarray(rows, np.int64)
        if self._attributes is None:
            code = self.layer.table.code
            return rows_at_positions(code, numbers, wanted, as_of=self.version.version)
        return _take(self._attributes.select(wanted), numbers)

    def column(self, code: str) -> pa.ChunkedArray:
        """A whole column. Of a layer with shapes it is mapped; of one without it is read now. Raises as `table`."""
        (wanted,) = self._known([code])
        if self._attributes is not None:
            return self._attributes.column(wanted)
        batches = list(self._scan(wanted))
        return pa.chunked_array(batches, type=None if batches else pa.string())

    def _scan(self, code: str) -> Iterator[pa.Array]:
        for batch in scan_rows(self.layer.table.code, [code], as_of=self.version.version):
            yield batch.column(0)

    def _known(self, columns: Sequence[str]) -> list[str]:
        for code in columns:
            if code not in self.columns:
                raise ColumnUnknown(layer=self.layer.code, column=code)
        return list(columns)

    @cached_property
    def names(self) -> Names | None:
        """The names of its objects; None where they have none."""
        return Names(self.folder) if (self.folder / "names.bin").exists() else None


def _map_attributes(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _take(table: pa.Table, rows: NDArray[np.int64]) -> pa.Table:
    """Chunk by chunk: only the pages of the rows are read, and nothing is put together first."""
    ends = np.cumsum([chunk.num_rows for chunk in table.to_batches()]) if table.num_rows else np.zeros(1)
    if len(ends) < 2 or not len(rows):
        return table.take(pa.array(rows))
    batches = table.to_batches()
    chunk_of = np.searchsorted(ends, rows, side="right")
    pieces, order = [], []
    for chunk in np.unique(chunk_of).tolist():
        chosen = np.flatnonzero(chunk_of == chunk)
        first = int(ends[chunk - 1]) if chunk else 0
        pieces.append(pa.Table.from_batches([batches[chunk]]).take(pa.array(rows[chosen] - first)))
        order.append(chosen)
    taken = pa.concat_tables(pieces)
    places = np.concatenate(order)
    return taken if (np.diff(places) > 0).all() else taken.take(pa.array(np.argsort(places, kind="stable")))
