"""Files with shapes as sources: GeoJSON, Shapefile (zipped too), GeoPackage; and workbooks, which people send as well.

All are read in batches, so a file may be larger than memory. The shape is the column `geometry`, as WKB. What a file
is, is told by how it begins: what calls itself GeoJSON and is something else is not handed to a library that guesses.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from zhicheng.core.lake.errors import SourceUnreadable

GEOMETRY = "geometry"
_BATCH_ROWS = 65_536
_SHEET_ROWS = 4096
_BEGINNINGS = {
    ".geojson": (b"{",),
    ".json": (b"{",),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".gpkg": (b"SQLite format 3\x00",),
    ".zip": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
}
MAP_SUFFIXES = tuple(suffix for suffix in _BEGINNINGS if suffix != ".xlsx")


def check_beginning(path: Path) -> None:
    """Refuse a file whose first bytes are not those of its kind.

    Raises:
        SourceUnreadable: they are not.
    """
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(_BEGINNINGS[path.suffix.lower()]):
        raise SourceUnreadable(name=path.name, why=f"内容不是 {path.suffix.lower()} 文件。")


def open_map(path: Path) -> tuple[tuple[str, ...], Iterator[pa.RecordBatch], str]:
    """The columns, the batches and the coordinate system of a file with shapes.

    Raises:
        SourceUnreadable: it is none, or holds several layers.
    """
    check_beginning(path)
    address = _address(path)
    stack = ExitStack()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of rings that are not closed; such rows are refused later
            if path.suffix.lower() in {".gpkg", ".zip"}:  # others have one, and looking reads them whole
                _require_one_layer(path, address)
            opened = _maps().open_arrow(address, batch_size=_BATCH_ROWS, use_pyarrow=True)
            meta, reader = stack.enter_context(opened)
    except (RuntimeError, ValueError) as error:  # of pyogrio
        raise SourceUnreadable(name=path.name, why=str(error)) from error
    shape = meta["geometry_name"] or "wkb_geometry"
    names = tuple(GEOMETRY if name == shape else name for name in reader.schema.names)
    return names, _batches(stack, reader, names), str(meta["crs"] or "")


def _maps() -> Any:
    """The reader of files with shapes: 34 MB, loaded where there is one."""
    return import_module("pyogrio")


def _address(path: Path) -> str:
    kind = path.suffix.lower()
    if kind in {".geojson", ".json"}:
        return f"GeoJSON:{path.resolve()}"
    if kind != ".zip":
        return str(path.resolve())
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if name.lower().endswith(".shp")]
    except zipfile.BadZipFile as error:
        raise SourceUnreadable(name=path.name, why="压缩包已经损坏。") from error
    if len(inside) != 1:
        raise SourceUnreadable(name=path.name, why=f"压缩包里应有且只有一个 .shp 文件，现在有 {len(inside)} 个。")
    return f"/vsizip/{{{path.resolve()}}}/{inside[0]}"


def _require_one_layer(path: Path, address: str) -> None:
    layers = [str(name) for name, _ in _maps().list_layers(address)]
    if len(layers) != 1:
        raise SourceUnreadable(
            name=path.name, why=f"文件里应有且只有一个图层，现在有 {len(layers)} 个：{'、'.join(layers)}。"
        )


def _batches(stack: ExitStack, reader: pa.RecordBatchReader, names: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    with stack, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for batch in reader:
            yield pa.RecordBatch.from_arrays([_plain(column) for column in batch.columns], names=list(names))


def _plain(column: pa.Array) -> pa.Array:
    return column.storage if isinstance(column, pa.ExtensionArray) else column


def open_sheet(path: Path) -> tuple[tuple[str, ...], Iterator[pa.RecordBatch]]:
    """The columns and the rows of a workbook's first sheet; the first row is the header.

    Raises:
        SourceUnreadable: it is no workbook, or its sheet is empty.
    """
    check_beginning(path)
    try:
        book = import_module("openpyxl").load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        header = [_cell(name) or "" for name in next(rows)]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError) as error:
        raise SourceUnreadable(name=path.name, why="不是能打开的 XLSX 工作簿。") from error
    except StopIteration as error:
        raise SourceUnreadable(name=path.name, why="第一张工作表是空的。") from error
    filled = [number for number, name in enumerate(header) if name]
    return tuple(header[number] for number in filled), _sheet_batches(rows, header, filled)


def _sheet_batches(rows: Iterator[tuple[Any, ...]], header: list[str], filled: list[int]) -> Iterator[pa.RecordBatch]:
    schema = pa.schema([(header[number], pa.string()) for number in filled])
    while piece := list(islice(rows, _SHEET_ROWS)):
        cells = [[_cell(row[number]) if number < len(row) else None for row in piece] for number in filled]
        yield pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in cells], schema=schema)


def _cell(value: Any) -> str | None:
    """A cell as people see it: a whole number without a point, a date as it is written in CSV."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
