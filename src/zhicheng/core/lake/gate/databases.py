"""The answer of a query to another database, and files of JSON rows, as batches of rows."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa

from zhicheng.core.lake.errors import SourceUnreadable
from zhicheng.core.lake.values import DatabaseQuery

_ROWS = 16_384
_LARGEST_BYTES = 256 << 20  # of a file that is one JSON array: it is read whole


def open_query(query: DatabaseQuery) -> tuple[tuple[str, ...], Iterator[pa.RecordBatch]]:
    """The columns and the batches of what a database answers. It is asked twice: for the columns now, for rows later.

    Raises:
        SourceUnreadable: it cannot be reached, refuses the query, or answers no columns.
    """
    with _asked(query) as cursor:
        columns = tuple(column.name for column in cursor.description or ())
    return columns, _answers(query, columns)


def _answers(query: DatabaseQuery, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    with _asked(query) as cursor:
        rows = iter(cursor)
        while some := list(islice(rows, _ROWS)):
            yield _batch(columns, some)


@contextmanager
def _asked(query: DatabaseQuery) -> Iterator[psycopg.ServerCursor[Any]]:
    """A cursor over the answer, in a transaction that can write nothing."""
    try:
        with psycopg.connect(query.url, connect_timeout=10) as connection:
            connection.read_only = True
            connection.execute(f"SET LOCAL statement_timeout = {int(query.timeout_s) * 1000}")
            with connection.cursor(name="zhicheng_lake") as cursor:
                cursor.itersize = _ROWS
                cursor.execute(query.sql.encode())
                yield cursor
    except (psycopg.Error, UnicodeError, ValueError) as error:
        raise SourceUnreadable(name="查询", why=_plain(error)) from error


def _plain(error: Exception) -> str:
    """What the database says, in one line and without the address it was asked at."""
    return " ".join(str(error).split())[:300]


def open_json(path: Path) -> tuple[tuple[str, ...], Iterator[pa.RecordBatch]]:
    """The columns and batches of JSON objects: an array of them, or one a line.

    Raises:
        SourceUnreadable: it is neither, or an array too large to be read at once.
    """
    objects = _lines(path) if path.suffix.lower() in {".jsonl", ".ndjson"} else _array(path)
    first = list(islice(objects, _ROWS))
    columns = tuple(dict.fromkeys(name for row in first for name in row))
    return columns, _json_batches(columns, first, objects)


def is_array(path: Path) -> bool:
    """Whether a .json file is an array of rows; else it is taken for GeoJSON."""
    with path.open("rb") as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _array(path: Path) -> Iterator[dict[str, Any]]:
    if path.stat().st_size > _LARGEST_BYTES:
        raise SourceUnreadable(name=path.name, why="文件太大，请改为每行一个对象的 .jsonl 文件。")
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise SourceUnreadable(name=path.name, why=f"不是 JSON：{str(error)[:200]}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise SourceUnreadable(name=path.name, why="应是对象的数组，例如 [{…}, {…}]。")
    yield from rows


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line, parse_float=Decimal)
            except (ValueError, RecursionError) as error:
                raise SourceUnreadable(name=path.name, why=f"第 {number} 行不是 JSON。") from error
            if not isinstance(row, dict):
                raise SourceUnreadable(name=path.name, why=f"第 {number} 行不是对象。")
            yield row


def _json_batches(
    columns: Sequence[str], first: list[dict[str, Any]], rest: Iterator[dict[str, Any]]
) -> Iterator[pa.RecordBatch]:
    some = first
    while some:
        yield _batch(columns, [[row.get(name) for name in columns] for row in some])
        some = list(islice(rest, _ROWS))


def _batch(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    cells = zip(*rows, strict=True) if columns else ()
    return pa.RecordBatch.from_arrays([_cells(list(column)) for column in cells], names=list(columns))


def _cells(values: list[Any]) -> pa.Array:
    """One column: of one type where all values have it, else as text, which the declared type then checks."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {bool} or kinds <= {int} or kinds <= {datetime} or kinds <= {date} or kinds <= {bytes}:
        try:
            return pa.array(values)
        except (pa.ArrowInvalid, OverflowError):
            pass
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value.isoformat() if isinstance(value, datetime) else str(value)
