"""Writing layers as (Geo)Parquet: equal rows, equal bytes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from zhicheng.simulator.city.schemas import ALIKE_BEFORE, REPEATED, SCHEMAS

_GROUP_ROWS = 131_072
_LEVEL = 3
_MANIFEST = "city.json"


@dataclass(frozen=True)
class CityFiles:
    """A made city: for each layer its Parquet files in the order of the communities, and how many rows they have."""

    root: Path
    layers: Mapping[str, tuple[Path, ...]]
    rows: Mapping[str, int]

    @property
    def bytes(self) -> int:
        """How much room they take."""
        return sum(path.stat().st_size for paths in self.layers.values() for path in paths)

    def read(self, layer: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of a layer in one table; mind that two layers have twelve million."""
        chosen = None if columns is None else list(columns)
        return pa.concat_tables(pq.read_table(path, columns=chosen) for path in self.layers[layer])


def write_layer(layer: str, batches: Sequence[pa.RecordBatch], path: Path) -> int:
    """Write the rows of a layer as one file; returns how many."""
    schema = SCHEMAS[layer]
    table = pa.Table.from_batches([_plain(batch, schema) for batch in batches], schema)
    path.parent.mkdir(parents=True, exist_ok=True)
    names = set(schema.names)
    with pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=sorted(names & REPEATED),
        column_encoding=dict.fromkeys(sorted(names & ALIKE_BEFORE), "DELTA_BYTE_ARRAY"),
        store_schema=False,
    ) as writer:
        if "geometry" in names:
            writer.add_key_value_metadata({"geo": json.dumps(geo_metadata(table))})
        writer.write_table(table, row_group_size=_GROUP_ROWS)
    return int(table.num_rows)


def geo_metadata(table: pa.Table) -> dict[str, Any]:
    """What GeoParquet 1.1 wants to know of the column `geometry`; WGS84 in longitude, latitude is its default."""
    shapes = shapely.from_wkb(table.column("geometry").to_numpy(zero_copy_only=False))
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted({str(shape.geom_type) for shape in shapes}),
        "orientation": "counterclockwise",
    }
    if len(shapes):
        column["bbox"] = [round(float(value), 7) for value in shapely.total_bounds(shapes)]
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        column.cast(field.type) if column.type != field.type else column
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def write_manifest(root: Path, rows: Mapping[str, int]) -> None:
    """Say what there is; a folder with it is complete."""
    text = json.dumps({"rows": dict(rows)}, ensure_ascii=False, indent=1, sort_keys=True)
    (root / _MANIFEST).write_text(text + "\n", encoding="utf-8")


def open_files(root: Path) -> CityFiles | None:
    """The city in a folder; nothing where it is not complete."""
    path = root / _MANIFEST
    if not path.exists():
        return None
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return CityFiles(root, {layer: tuple(sorted((root / layer).glob("*.parquet"))) for layer in rows}, rows)
