"""Compaction of tables that grow by small commits, and removal of their old versions."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zhicheng.core.lake.gate.duck import LakeConnection, Limits
from zhicheng.core.lake.gate.newest import PROJECTED, key_of, split
from zhicheng.core.lake.gate.parts import PartWriter
from zhicheng.core.lake.gate.trimming import trim
from zhicheng.core.lake.gate.versions import Commit, Snapshot, commit_change, list_names, snapshot, table_folder
from zhicheng.core.lake.operations.appending import FAULTS, as_base, only_writer
from zhicheng.core.lake.policy.tiering import is_base_due, to_merge
from zhicheng.core.lake.queries.tables import find_entity, lake_root
from zhicheng.core.lake.registry import projections
from zhicheng.kit.turns import each_in_turn

_LIMITS = Limits(memory_mib=1024, ordered=True)


def compact_tables(*, now: datetime) -> int:
    """Merge small files where there are many; how many tables got a new version of the same rows."""
    return each_in_turn(list_appended(), lambda name: _compact(name, now), FAULTS)


def list_appended() -> list[str]:
    """The tables to which rows are appended all day."""
    root = lake_root()
    return [name for name in list_names(root) if name in projections or key_of(table_folder(root, name))]


def _compact(name: str, now: datetime) -> bool:
    with only_writer(name, wait=False) as held:
        if not held:
            return False
        found = snapshot(table_folder(lake_root(), name))
        base, tail = split(found.files)
        rows = {path: pq.read_metadata(path).num_rows for path in found.files}
        if found.newest and is_base_due(sum(rows[path] for path in base), sum(rows[path] for path in tail)):
            _write_base(found, now)
            return True
        merged = to_merge({path: rows[path] for path in tail})
        if merged:
            _merge(found, merged, now)
        return bool(merged)


def _write_base(found: Snapshot, now: datetime) -> None:
    """Every key once, sorted by it."""
    table, key = found.version.table, found.newest
    with LakeConnection({table: found}, _LIMITS) as lake, _writer(found, None) as writer:
        for batch in lake.stream(f'SELECT * FROM "{table}" ORDER BY "{key}"'):
            writer.add(_plain(batch, found.schema))
    commit_change(
        _folder(found), found.schema, Commit([as_base(part) for part in writer.parts], replaced=found.files), at=now
    )


def _merge(found: Snapshot, files: Sequence[Path], now: datetime) -> None:
    whole = pa.concat_tables([pq.read_table(path) for path in files], promote_options="default")
    if found.newest:
        whole = _newest_rows(whole, found.newest)
    with _writer(found, None if found.newest else _key(found.version.table)) as writer:
        for batch in whole.to_batches():
            writer.add(_plain(batch, found.schema))
    commit_change(_folder(found), found.schema, Commit(writer.parts, replaced=files), at=now)


def _newest_rows(rows: pa.Table, key: str) -> pa.Table:
    last = rows.append_column("_row", pa.array(range(rows.num_rows))).sort_by([(PROJECTED, "ascending")])
    kept = last.group_by(key, use_threads=False).aggregate([("_row", "last")]).column("_row_last")
    return rows.take(kept.combine_chunks())


def _key(table: str) -> str | None:
    """The column that its key index is of; None where the pack does not have the table any more."""
    declared = find_entity(table)
    return declared.key if declared else None


def _plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [
        batch.column(field.name).cast(field.type)
        if field.name in batch.schema.names
        else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _writer(found: Snapshot, key: str | None) -> PartWriter:
    return PartWriter(_folder(found), found.schema, key)


def _folder(found: Snapshot) -> Path:
    return table_folder(lake_root(), found.version.table)


def sweep_changes(*, before: datetime) -> int:
    """Remove the versions of appended tables that were replaced before an instant, with their log; how many."""
    return each_in_turn(list_appended(), lambda name: _sweep(name, before), FAULTS)


def _sweep(name: str, before: datetime) -> int:
    with only_writer(name, wait=False) as held:
        return trim(table_folder(lake_root(), name), before) if held else 0
