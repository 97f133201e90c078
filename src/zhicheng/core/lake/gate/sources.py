"""Reading what is to be ingested: tables, workbooks, files with shapes, batches at hand. Rows keep their number."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from cryptography.hazmat.primitives import hashes

from zhicheng.core.lake.errors import SourceUnreadable
from zhicheng.core.lake.gate.databases import is_array, open_json, open_query
from zhicheng.core.lake.gate.mapfiles import GEOMETRY, MAP_SUFFIXES, open_map, open_sheet
from zhicheng.core.lake.values import DatabaseQuery

Rows = npt.NDArray[np.int64]
Given: TypeAlias = Path | DatabaseQuery | pa.Table | Iterable[pa.RecordBatch]
_BATCH_ROWS = 65_536
_BLOCK_BYTES = 8 << 20


@dataclass
class Source:
    """An opened source. `batches` gives each batch with the numbers of its rows, counted from 1 without a header.

    `bad_rows` fills while reading: rows that are no rows (too many or too few cells). `crs` is the coordinate system
    of the column `geometry` as the file says it, "" where it says none.
    """

    name: str
    columns: tuple[str, ...]
    stream: Iterator[pa.RecordBatch]
    digest: "_Digest"
    bad_rows: list[int] = field(default_factory=list)
    crs: str = ""

    def batches(self) -> Iterator[tuple[Rows, pa.RecordBatch]]:
        """Every batch.

        Raises:
            SourceUnreadable: the file is broken in the middle.
        """
        good = 0
        try:
            for batch in self.stream:
                yield self._numbers(good, batch.num_rows), batch
                good += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise SourceUnreadable(name=self.name, why=str(error)) from error

    def _numbers(self, good: int, count: int) -> Rows:
        """Good rows skip the numbers of bad ones; all bad rows before a good one are known when it is read."""
        bad = np.sort(np.array(self.bad_rows, np.int64))
        gaps = bad - 1 - np.arange(len(bad))  # how many good rows come before each bad one
        rows = good + np.arange(count, dtype=np.int64)
        return rows + 1 + np.searchsorted(gaps, rows, side="right")


class _Digest:
    """SM3 of a source: of a file's bytes, else of the batches as Arrow writes them."""

    def __init__(self, path: Path | None = None) -> None:
        self._hash = hashes.Hash(hashes.SM3())
        self._path = path

    def add(self, batch: pa.RecordBatch) -> None:
        self._hash.update(memoryview(batch.serialize()).cast("B"))

    def hex(self) -> str:
        """The digest; call once, at the end."""
        if self._path is not None:
            with self._path.open("rb") as file:
                while block := file.read(_BLOCK_BYTES):
                    self._hash.update(block)
        return self._hash.finalize().hex()


def open_source(given: Given, *, name: str = "") -> Source:
    """Open a file by its suffix, a query to a database, or batches.

    Raises:
        SourceUnreadable: there is no such file, its kind is unknown, or its start makes no sense.
    """
    if isinstance(given, DatabaseQuery):
        return _from_rows(open_query(given), name or "query")
    if not isinstance(given, Path):
        return _from_batches(given, name or "batches")
    if given.suffix.lower() not in _OPENERS:
        raise SourceUnreadable(name=given.name, why=f"只认识 {'、'.join(_OPENERS)} 文件。")
    try:
        source = _OPENERS[given.suffix.lower()](given)
    except FileNotFoundError as error:
        raise SourceUnreadable(name=given.name, why="没有这个文件。") from error
    except (pa.ArrowException, OSError) as error:
        raise SourceUnreadable(name=given.name, why=str(error)) from error
    _require_distinct(source)
    return source


def _require_distinct(source: Source) -> None:
    twice = {column for column in source.columns if source.columns.count(column) > 1}
    if twice:
        raise SourceUnreadable(name=source.name, why=f"有重复的列名：{'、'.join(sorted(twice))}。")


def _from_batches(given: pa.Table | Iterable[pa.RecordBatch], name: str) -> Source:
    if isinstance(given, pa.Table):
        given = pa.RecordBatchReader.from_batches(given.schema, given.to_batches(_BATCH_ROWS))
    if isinstance(given, pa.RecordBatchReader):
        return _from_rows((tuple(given.schema.names), iter(given)), name)
    stream = iter(given)
    first = next(stream, None)
    columns = () if first is None else tuple(first.schema.names)
    return _from_rows((columns, chain(() if first is None else (first,), stream)), name)


def _from_rows(opened: tuple[tuple[str, ...], Iterator[pa.RecordBatch]], name: str) -> Source:
    columns, stream = opened
    digest = _Digest()

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in stream:
            digest.add(batch)
            yield batch

    source = Source(name, columns, batches(), digest)
    _require_distinct(source)
    return source


def _open_csv(path: Path) -> Source:
    """Every cell as bytes; typing is the caller's. A UTF-8 byte order mark is skipped."""
    bad_rows: list[int] = []

    def note(row: pa_csv.InvalidRow) -> str:
        bad_rows.append(row.number - 1)  # without the header
        return "skip"

    parse = pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note)
    read = pa_csv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES)  # only then are row numbers known
    with path.open("rb") as file:
        header = file.readline().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    names = next(iter(pa_csv.read_csv(pa.py_buffer(header.encode()), read_options=read).schema.names for _ in (0,)))
    convert = pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.binary()), null_values=[], strings_can_be_null=False, check_utf8=False
    )
    reader = pa_csv.open_csv(path, read_options=read, parse_options=parse, convert_options=convert)
    return Source(path.name, tuple(names), iter(reader), _Digest(path), bad_rows)


def _open_parquet(path: Path) -> Source:
    file = pq.ParquetFile(path)
    shape, crs = _geo_metadata(file.schema_arrow.metadata or {})
    names = [GEOMETRY if name == shape else name for name in file.schema_arrow.names]
    batches = (batch.rename_columns(names) for batch in file.iter_batches(_BATCH_ROWS))
    return Source(path.name, tuple(names), batches, _Digest(path), crs=crs)


def _geo_metadata(metadata: dict[bytes, bytes]) -> tuple[str, str]:
    """The primary shape of a GeoParquet file, and its coordinate system; empty where it is a plain one."""
    try:
        geo = json.loads(metadata.get(b"geo", b"{}"))
        shape = geo.get("primary_column", "")
        crs = geo["columns"][shape].get("crs") if shape else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return "", ""
    return str(shape), json.dumps(crs) if crs else ""


def _open_map(path: Path) -> Source:
    columns, batches, crs = open_map(path)
    return Source(path.name, columns, batches, _Digest(path), crs=crs)


def _open_json(path: Path) -> Source:
    """An array of rows, or GeoJSON."""
    return _open_rows(path) if is_array(path) else _open_map(path)


def _open_rows(path: Path) -> Source:
    columns, batches = open_json(path)
    return Source(path.name, columns, batches, _Digest(path))


def _open_sheet(path: Path) -> Source:
    columns, batches = open_sheet(path)
    return Source(path.name, columns, batches, _Digest(path))


def _open_arrow(path: Path) -> Source:
    reader = pa.ipc.open_file(pa.memory_map(str(path)))
    batches = (reader.get_batch(index) for index in range(reader.num_record_batches))
    return Source(path.name, tuple(reader.schema.names), batches, _Digest(path))


_OPENERS: Mapping[str, Callable[[Path], Source]] = {
    ".csv": _open_csv,
    ".parquet": _open_parquet,
    ".geoparquet": _open_parquet,
    ".arrow": _open_arrow,
    ".feather": _open_arrow,
    ".xlsx": _open_sheet,
    **dict.fromkeys(MAP_SUFFIXES, _open_map),
    ".json": _open_json,
    ".jsonl": _open_rows,
    ".ndjson": _open_rows,
}
