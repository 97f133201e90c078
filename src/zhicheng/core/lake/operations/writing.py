"""Writing tables that programs make, such as results of runs: a new version, or more rows, whole or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from django.db import transaction

from zhicheng.core.lake.gate.parts import Part, PartWriter
from zhicheng.core.lake.gate.versions import commit, snapshot, table_folder
from zhicheng.core.lake.queries.tables import lake_root
from zhicheng.core.lake.values import Mode, TableVersion
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.kit.ids import uuid7


@dataclass(frozen=True)
class Target:
    """Which table to write, and how. `key` names the column by which single rows are looked up, if any."""

    table: str
    schema: pa.Schema
    key: str | None = None
    mode: Mode = Mode.REPLACE


def write_table(target: Target, batches: Iterable[pa.RecordBatch], *, actor: str, now: datetime) -> TableVersion:
    """Write a table of the city's lake and tell the ledger. Nothing is checked: `ingest` is for what others send.

    Raises:
        BadTableName: the name cannot be a table.
        TableChangedMeanwhile: somebody else wrote at the same time; nothing was changed.
    """
    parts = stage_parts(target, batches, root=lake_root())
    with transaction.atomic():
        version = commit_parts(target, parts, at=now, root=lake_root())
        data = {"mode": target.mode.value, "rows": version.rows, "digest": version.digest}
        record(Entry(uuid7(now), now, actor, "lake.write", f"table:{version.label}", data=data))
    return version


def stage_parts(target: Target, batches: Iterable[pa.RecordBatch], *, root: Path) -> list[Part]:
    """Write data files that belong to no version yet; several processes may, for one `commit_parts`.

    Raises:
        BadTableName: the name cannot be a table.
    """
    with PartWriter(table_folder(root, target.table), target.schema, target.key) as writer:
        for batch in batches:
            writer.add(batch)
    return writer.parts


def commit_parts(target: Target, parts: Sequence[Part], *, at: datetime, root: Path) -> TableVersion:
    """Make a version of staged files, in a folder that need not be the city's lake; the ledger is not told.

    Raises:
        TableChangedMeanwhile: somebody else wrote at the same time; the staged files are removed.
    """
    folder = table_folder(root, target.table)
    number = commit(folder, target.schema, parts, target.mode, at=at)
    return snapshot(folder, number).version
