"""Appending rows that programs made to a table whose rows have keys: one writer at a time, a version each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import Error, connection, transaction

from zhicheng.core.lake.errors import TableUnknown
from zhicheng.core.lake.gate.duplicates import known_keys
from zhicheng.core.lake.gate.newest import PROJECTED, mark_newest
from zhicheng.core.lake.gate.parts import Part, PartWriter
from zhicheng.core.lake.gate.versions import Commit, Snapshot, commit_change, newest_version, snapshot, table_folder
from zhicheng.core.lake.policy.schema import arrow_schema
from zhicheng.core.lake.queries.tables import lake_root
from zhicheng.core.lake.values import EntityTable, Mode, TableVersion
from zhicheng.kit.errors import ZhichengError

FAULTS = (Error, ZhichengError, ValueError, LookupError, OSError)  # of one table; the others have their turn
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('lake'), hashtext(%s))"
_TRY = "SELECT pg_try_advisory_xact_lock(hashtext('lake'), hashtext(%s))"
Rows = Iterable[Mapping[str, Any]]


@contextmanager
def only_writer(table: str, *, wait: bool = True) -> Iterator[bool]:
    """A transaction in which nobody else appends to a table or compacts it; False where somebody does already."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK if wait else _TRY, (table,))
            held = bool((cursor.fetchone() or (True,))[0]) if not wait else True
        yield held


def append_rows(table: EntityTable, rows: Rows, *, now: datetime) -> TableVersion | None:
    """Append rows of which the newest of each key counts; None where there are none.

    Columns that the table does not declare are left out.

    Raises:
        TableChangedMeanwhile: somebody else wrote at the same time; nothing was changed.
    """
    with only_writer(table.code):
        return append_newest(table, rows, now=now)


def append_newest(table: EntityTable, rows: Rows, *, now: datetime) -> TableVersion | None:
    """`append_rows`, for who is the only writer already."""
    return append_unlocked(lake_root(), table, rows, now=now)


def append_unlocked(root: Path, table: EntityTable, rows: Rows, *, now: datetime) -> TableVersion | None:
    """`append_rows` in a folder that need not be the city's lake, where nobody else writes."""
    folder = table_folder(root, table.code)
    mark_newest(folder, table.key)
    unique = {row[table.key]: row for row in rows}
    return _append(table, folder, list(unique.values()), None, now)


def write_anew(
    root: Path, table: EntityTable, batches: Iterable[pa.RecordBatch], *, lasting: bool = False, now: datetime
) -> int:
    """Put other rows in the place of all that a table has, each key once; how many. For who is the only writer."""
    folder, schema = table_folder(root, table.code), projected_schema(table)
    if not lasting:
        mark_newest(folder, table.key)
    with PartWriter(folder, schema, table.key if lasting else None) as writer:
        for batch in batches:
            writer.add(batch)
    parts = writer.parts if lasting else [as_base(part) for part in writer.parts]
    commit_change(folder, schema, Commit(parts, Mode.REPLACE), at=now)
    return sum(part.rows for part in parts)


def append_lasting(table: EntityTable, rows: Rows, *, now: datetime) -> TableVersion | None:
    """Append rows that never change: those whose key the table has already are left out."""
    folder = table_folder(lake_root(), table.code)
    unique = {row[table.key]: row for row in rows}
    before = _files(folder)
    if unique and before:
        for key in known_keys(pa.array(list(unique), pa.string()), before, table.key):
            del unique[key]
    return _append(table, folder, list(unique.values()), table.key, now)


def next_version(folder: Path) -> int:
    """The number that the next version of a table will have."""
    try:
        return newest_version(folder) + 1
    except TableUnknown:
        return 0


def projected_schema(table: EntityTable) -> pa.Schema:
    """The declared columns, and which version brought the row."""
    return arrow_schema(table).append(pa.field(PROJECTED, pa.int64()))


def to_batch(table: EntityTable, rows: Sequence[Mapping[str, Any]], version: int) -> pa.RecordBatch:
    """Rows as columns of the declared types."""
    schema = arrow_schema(table)
    columns = [pa.array([row.get(field.name) for row in rows], field.type) for field in schema]
    columns.append(pa.array([version] * len(rows), pa.int64()))
    return pa.RecordBatch.from_arrays(columns, schema=projected_schema(table))


def _append(
    table: EntityTable, folder: Path, rows: Sequence[Mapping[str, Any]], key: str | None, now: datetime
) -> TableVersion | None:
    if not rows:
        return None
    number = next_version(folder)
    with PartWriter(folder, projected_schema(table), key) as writer:
        writer.add(to_batch(table, rows, number))
    commit_change(folder, projected_schema(table), Commit(writer.parts), at=now)
    return TableVersion(table.code, number, now, sum(part.rows for part in writer.parts), "")


def _files(folder: Path) -> tuple[Path, ...]:
    found = _current(folder)
    return found.files if found else ()


def _current(folder: Path) -> Snapshot | None:
    try:
        return snapshot(folder)
    except TableUnknown:
        return None


def as_base(part: Part) -> Part:
    """The same data file under the name of those that hold each key once."""
    path = part.path.with_name(part.path.name.replace("part-", "base-", 1))
    part.path.rename(path)
    return Part(path, part.rows, part.size_bytes, part.hashes, part.account)
