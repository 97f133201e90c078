"""Files with devices: CSV or XLSX, a column name in Chinese or English in the first row."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from zhicheng.core.telemetry.errors import DeviceFileUnreadable
from zhicheng.core.telemetry.values import DeviceRow

_COLUMNS = {
    "key": ("key", "编号", "设备编号"),
    "name": ("name", "名称"),
    "model": ("model", "型号"),
    "longitude": ("longitude", "经度"),
    "latitude": ("latitude", "纬度"),
    "unit": ("unit", "单位", "单位代码"),
    "group": ("group", "分组"),
    "description": ("description", "说明"),
}
_NEEDED = ("key", "name", "model", "longitude", "latitude")
_MOST_BYTES, _MOST_ROWS = 40_000_000, 200_000


def read_device_file(raw: bytes) -> Iterator[DeviceRow]:
    """The lines of a file, unchecked; empty lines are passed over.

    Raises:
        DeviceFileUnreadable: it is something else, too large, or lacks a column.
    """
    if len(raw) > _MOST_BYTES:
        raise DeviceFileUnreadable(problem="文件超过 40 MB")
    lines = _sheet(raw) if raw[:2] == b"PK" else _csv(raw)
    header = next(lines, None)
    places = _places([str(cell or "").strip().lower() for cell in header or ()])
    return _rows(lines, places)


def _csv(raw: bytes) -> Iterator[Sequence[Any]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError:
            raise DeviceFileUnreadable(problem="文字编码不对") from None
    return iter(csv.reader(io.StringIO(text.replace("\x00", ""))))


def _sheet(raw: bytes) -> Iterator[Sequence[Any]]:
    try:
        book = import_module("openpyxl").load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise DeviceFileUnreadable(problem="不是有效的 XLSX 文件") from None
    return iter(book.worksheets[0].iter_rows(values_only=True))


def _places(header: Sequence[str]) -> dict[str, int]:
    places = {
        name: next((header.index(word) for word in words if word in header), -1) for name, words in _COLUMNS.items()
    }
    missing = [_COLUMNS[name][1] for name in _NEEDED if places[name] < 0]
    if missing:
        raise DeviceFileUnreadable(problem=f"缺少列 {'、'.join(missing)}")
    return places


def _rows(lines: Iterator[Sequence[Any]], places: dict[str, int]) -> Iterator[DeviceRow]:
    for number, line in enumerate(lines, start=2):
        if number > _MOST_ROWS:
            raise DeviceFileUnreadable(problem=f"超过 {_MOST_ROWS} 行，请拆成几个文件")
        cells = {name: _cell(line, place) for name, place in places.items()}
        if any(cells.values()):
            yield DeviceRow(
                number,
                cells["key"],
                cells["name"],
                cells["model"],
                _number(cells["longitude"]),
                _number(cells["latitude"]),
                cells["unit"],
                cells["group"][:64],
                cells["description"][:500],
            )


def _cell(line: Sequence[Any], place: int) -> str:
    value = line[place] if 0 <= place < len(line) else None
    return "" if value is None else str(value).strip().replace("\x00", "")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1000 else None
