"""Building the index of a layer from one version of its table, in bounded memory.

Boxes of all rows are read first and put along the Hilbert curve; then rows go to files of neighbours (a bucket
each), and bucket by bucket into the index. A layer without shapes keeps its rows where they are: only links to other
layers are indexed.
"""

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from zhicheng.core.lake.public import arrow_schema, hash_keys, scan_rows
from zhicheng.core.lake.values import TableVersion
from zhicheng.core.places.gate.arrays import ArrayWriter, save_array
from zhicheng.core.places.gate.features import encode_features
from zhicheng.core.places.gate.folders import FORMAT, META, form_of, new_folder
from zhicheng.core.places.gate.names import write_names
from zhicheng.core.places.values import GEOMETRY, Layer
from zhicheng.engines.geo.index import LINE, POINT, POLYGON, build_nodes, hilbert_codes, pack_shapes, to_cells

BUCKET_ROWS = 65_536
KINDS = {"point": POINT, "line": LINE, "polygon": POLYGON}
ATTRIBUTES = "attributes.arrow"
_RAGGED = ("coordinates", "rings", "rows", "parts", "shells")
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Build:
    """What is to be built: a version of a layer's table, with the columns that version has."""

    layer: Layer
    version: TableVersion
    columns: tuple[str, ...]

    @property
    def links(self) -> tuple[str, ...]:
        """The columns that name an object of another layer."""
        return tuple(code for code in self.columns if code.endswith("_key") and code != self.layer.key)

    def scan(self, columns: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
        """The rows of that version, batch by batch."""
        return scan_rows(self.layer.table.code, columns, as_of=self.version.version)


def build_index(root: Path, build: Build) -> Path:
    """Build and make current; the folder."""
    started = time.monotonic()
    with new_folder(root, build.version.version) as folder:
        bounds = _build_shapes(folder, build) if build.layer.has_shapes else None
        for link in build.links:
            _write_link(folder, build, link)
        meta = {
            "format": FORMAT,
            "layer": build.layer.code,
            "form": form_of(build.layer),
            "version": build.version.version,
            "digest": build.version.digest,
            "at": build.version.at.isoformat(),
            "count": build.version.rows,
            "bounds": bounds,
            "columns": list(build.columns),
            "links": list(build.links),
            "build_s": round(time.monotonic() - started, 1),
        }
        (folder / META).write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
        name = folder.name.removeprefix(".")
    return root / name


def _build_shapes(folder: Path, build: Build) -> list[float] | None:
    order, bounds = _order(folder, build)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    buckets = folder / "buckets"
    _spread(buckets, build, rank)
    _gather(folder, buckets, build, rank)
    shutil.rmtree(buckets)
    return bounds


def _order(folder: Path, build: Build) -> tuple[Numbers, list[float] | None]:
    """The rows in the order of the curve, and the bounds of all; boxes and the tree over them are written."""
    found = [np.empty((0, 4))]
    for batch in build.scan((GEOMETRY,)):
        found.append(shapely.bounds(shapely.from_wkb(batch.column(0).to_numpy(zero_copy_only=False))))
    boxes = np.concatenate(found)
    cells = to_cells(boxes)
    order = np.argsort(hilbert_codes(cells), kind="stable")
    tree = build_nodes(cells[order])
    save_array(folder, "boxes", tree.boxes)
    save_array(folder, "nodes", tree.nodes)
    save_array(folder, "starts", tree.starts)
    bounds = [*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()] if len(boxes) else None
    return order, bounds


def _spread(buckets: Path, build: Build, rank: Numbers) -> None:
    """Write each row to the file of its bucket."""
    buckets.mkdir()
    columns = (*build.columns, GEOMETRY)
    schema = next((batch.schema for batch in build.scan(columns)), None)
    start = 0
    with ExitStack() as stack:
        paths = [str(buckets / f"{bucket}.arrow") for bucket in range(-(-len(rank) // BUCKET_ROWS))]
        writers = [stack.enter_context(pa.ipc.new_stream(path, schema)) for path in paths]
        for batch in build.scan(columns):
            bucket_of = rank[start : start + len(batch)] // BUCKET_ROWS
            start += len(batch)
            for bucket in np.unique(bucket_of).tolist():
                writers[bucket].write_batch(batch.filter(pa.array(bucket_of == bucket)))


def _gather(folder: Path, buckets: Path, build: Build, rank: Numbers) -> None:
    """Write the index bucket by bucket: shapes, attributes, features, keys, names."""
    bucket_of = rank // BUCKET_ROWS
    schema = _schema(build)
    hashes, names = [np.empty(0, np.uint64)], []
    with ExitStack() as stack:
        shapes = _ShapeWriter(folder, KINDS[build.layer.geometry], stack)
        features = stack.enter_context(ArrayWriter(folder, "features"))
        ends = stack.enter_context(ArrayWriter(folder, "feature_ends"))
        attributes = stack.enter_context(pa.ipc.new_file(str(folder / ATTRIBUTES), schema))
        for bucket in range(-(-len(rank) // BUCKET_ROWS)):
            within = np.argsort(rank[bucket_of == bucket], kind="stable")
            with pa.ipc.open_stream(str(buckets / f"{bucket}.arrow")) as reader:
                table = reader.read_all().take(pa.array(within))
            geometry = shapely.from_wkb(table.column(GEOMETRY).to_numpy())
            rows = table.drop_columns([GEOMETRY]).cast(schema)
            shapes.add(geometry)
            attributes.write_table(rows.combine_chunks())
            ends.add(features.add_bytes(encode_features(build.layer, rows, geometry)))
            hashes.append(hash_keys(rows.column(build.layer.key).combine_chunks()))
            names += [rows.column(build.layer.name)] if build.layer.name in rows.column_names else []
    _write_keys(folder, "key", np.concatenate(hashes))
    if names:
        write_names(folder, pa.chunked_array([chunk for column in names for chunk in column.chunks], pa.string()))


def _schema(build: Build) -> pa.Schema:
    declared = arrow_schema(build.layer.table)
    return pa.schema([declared.field(code) for code in build.columns])


class _ShapeWriter:
    """Writes shapes as flat arrays, piece by piece."""

    def __init__(self, folder: Path, kind: int, stack: ExitStack) -> None:
        self._kind = kind
        self._writers = {name: stack.enter_context(ArrayWriter(folder, name)) for name in _RAGGED}
        for name in _RAGGED[1:]:
            self._writers[name].add(np.zeros(1, np.int32))

    def add(self, shapes: NDArray[np.object_]) -> None:
        """The next rows. Offsets of a piece go on where those before it ended."""
        packed = pack_shapes(shapes, self._kind)
        past = {name: writer.count - 1 for name, writer in self._writers.items()}
        self._writers["rings"].add(packed.rings[1:] + self._writers["coordinates"].count)
        self._writers["coordinates"].add(packed.coordinates)
        self._writers["rows"].add(packed.rows[1:] + past["rings"])
        self._writers["parts"].add(packed.parts[1:] + past["rings"])
        self._writers["shells"].add(packed.shells[1:] + past["parts"])


def _write_link(folder: Path, build: Build, link: str) -> None:
    """The hashes of a column in order, with the rows they stand in: who names this object."""
    if build.layer.has_shapes:
        with pa.memory_map(str(folder / ATTRIBUTES)) as file:
            batches = pa.ipc.open_file(file).read_all().select([link]).to_batches()
            hashes = [hash_keys(batch.column(0)) for batch in batches]
    else:
        hashes = [hash_keys(batch.column(0)) for batch in build.scan((link,))]
    _write_keys(folder, f"link.{link}", np.concatenate([np.empty(0, np.uint64), *hashes]))


def _write_keys(folder: Path, name: str, hashes: NDArray[np.uint64]) -> None:
    order = np.argsort(hashes, kind="stable")
    separator = "." if name.startswith("link.") else "_"
    save_array(folder, f"{name}{separator}hashes", hashes[order])
    save_array(folder, f"{name}{separator}rows", order)
