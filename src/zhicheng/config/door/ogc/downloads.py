"""A layer, or what a filter leaves of it, as a stream of CSV or GeoParquet: never whole in memory."""

import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from pyarrow import csv, parquet

from zhicheng.apps.twin.public import FeatureQuery, matching_blocks
from zhicheng.core.lake.public import arrow_schema
from zhicheng.core.lake.values import EntityTable
from zhicheng.core.places.public import LayerReader
from zhicheng.core.places.values import GEOMETRY

_ROWS = 65_536
_BYTE_ORDER_MARK = "﻿".encode()
_SHAPES = {
    "point": ["Point", "MultiPoint"],
    "line": ["LineString", "MultiLineString"],
    "polygon": ["Polygon", "MultiPolygon"],
}


def csv_parts(reader: LayerReader, query: FeatureQuery, limit: int | None, after: int) -> Iterator[bytes]:
    """CSV in UTF-8 with a header and a mark at the beginning that spreadsheets want; shapes as WKT."""
    options = csv.WriteOptions(include_header=False)
    schema = _schema(reader)
    names = [*schema.names, *([GEOMETRY] if reader.layer.has_shapes else [])]
    yield _BYTE_ORDER_MARK + (",".join(f'"{name}"' for name in names) + "\n").encode()
    for rows in _blocks(reader, query, limit, after):
        table = reader.table(rows, schema.names)
        if reader.layer.has_shapes:
            wkt = shapely.to_wkt(reader.shapes(rows), rounding_precision=7)
            table = table.append_column(GEOMETRY, pa.array(wkt, pa.string()))
        sink = io.BytesIO()
        csv.write_csv(_texts(table), sink, options)
        yield sink.getvalue()


def parquet_parts(reader: LayerReader, query: FeatureQuery, limit: int | None, after: int) -> Iterator[bytes]:
    """GeoParquet 1.1, a row group for each part. Source: geoparquet.org, 1.1.0."""
    schema = _schema(reader)
    if reader.layer.has_shapes:
        schema = schema.append(pa.field(GEOMETRY, pa.binary())).with_metadata({"geo": _geo(reader)})
    sink = _Sink()
    with parquet.ParquetWriter(pa.PythonFile(sink, "w"), schema, compression="zstd") as writer:
        for rows in _blocks(reader, query, limit, after):
            table = reader.table(rows, [name for name in schema.names if name != GEOMETRY])
            if reader.layer.has_shapes:
                wkb = shapely.to_wkb(reader.shapes(rows), byte_order=1)
                table = table.append_column(GEOMETRY, pa.array(wkb, pa.binary()))
            writer.write_table(table.cast(schema), row_group_size=_ROWS)
            yield sink.taken()
    yield sink.taken()


def _blocks(reader: LayerReader, query: FeatureQuery, limit: int | None, after: int) -> Iterator[Any]:
    left = reader.count if limit is None else limit
    for rows in matching_blocks(reader, query, after=after, first=_ROWS):
        for start in range(0, len(rows), _ROWS):
            part = np.asarray(rows[start : start + _ROWS][:left])
            left -= len(part)
            if len(part):
                yield part
        if left <= 0:
            return


def _schema(reader: LayerReader) -> pa.Schema:
    """The columns that are shown, as this version has them."""
    layer = reader.layer
    shown = tuple(column for column in layer.shown if column.code in reader.columns)
    return arrow_schema(EntityTable(layer.table.code, layer.label, layer.key, layer.source, shown))


def _texts(table: pa.Table) -> pa.Table:
    """Instants as ISO 8601 with their zone; what the CSV writer can write stays."""
    for number, column in enumerate(table.schema):
        if pa.types.is_timestamp(column.type):
            texts = [None if value is None else value.isoformat() for value in table.column(number).to_pylist()]
            table = table.set_column(number, column.name, pa.array(texts, pa.string()))
    return table


def _geo(reader: LayerReader) -> bytes:
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": _SHAPES[reader.layer.geometry]}
    bounds = reader.bounds()
    if bounds is not None:
        column["bbox"] = list(bounds)
    return json.dumps({"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}).encode()


class _Sink(io.RawIOBase):
    """Takes what is written until it is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Keep a part."""
        part = bytes(data)
        self._parts.append(part)
        self._at += len(part)
        return len(part)

    def tell(self) -> int:
        """Where the next part begins."""
        return self._at

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
