"""The door of the lake: declared tables, ingest, versions, connections, facts about one person or company."""

from zhicheng.core.lake.base.declarations import ColumnLine, key_faults, read_columns, read_tables
from zhicheng.core.lake.base.projections import Projection, subject_key
from zhicheng.core.lake.gate.accounts import Account
from zhicheng.core.lake.gate.duck import LakeConnection, Limits, stopped_after
from zhicheng.core.lake.gate.parts import Part
from zhicheng.core.lake.gate.sources import Source, open_source
from zhicheng.core.lake.operations.appending import append_rows, append_unlocked, projected_schema, write_anew
from zhicheng.core.lake.operations.compacting import compact_tables, sweep_changes
from zhicheng.core.lake.operations.copying import Copier, copy_anew
from zhicheng.core.lake.operations.ingesting import Prepared, Refine, ingest
from zhicheng.core.lake.operations.noting import count_waiting, note_changed
from zhicheng.core.lake.operations.projecting import project_changes, rebuild_missing, rebuild_table
from zhicheng.core.lake.operations.restoring import Brought, restore_lake
from zhicheng.core.lake.operations.sweeping import sweep_tables, sweep_versions
from zhicheng.core.lake.operations.writing import Target, commit_parts, stage_parts, write_table
from zhicheng.core.lake.policy.casting import Cast, Finding
from zhicheng.core.lake.policy.geometries import read_shapes
from zhicheng.core.lake.policy.hashing import hash_keys, splitmix
from zhicheng.core.lake.policy.schema import arrow_schema
from zhicheng.core.lake.queries.copies import CopyState, copy_state, has_copy, require_no_other_lake
from zhicheng.core.lake.queries.facts import entity_key, facts_of
from zhicheng.core.lake.queries.ingests import list_rejections
from zhicheng.core.lake.queries.keys import company_key, person_key
from zhicheng.core.lake.queries.rows import (
    connect_versions,
    list_versions,
    position_of,
    rows_at_positions,
    scan_rows,
)
from zhicheng.core.lake.queries.tables import (
    connect,
    get_entity,
    has_table,
    lake_root,
    list_entities,
    list_tables,
    table_schema,
    table_version,
)
from zhicheng.core.lake.queries.trying import connect_empty
from zhicheng.core.lake.registry import project, projections

__all__ = [
    "Account",
    "Brought",
    "Cast",
    "ColumnLine",
    "Copier",
    "CopyState",
    "Finding",
    "LakeConnection",
    "Limits",
    "Part",
    "Prepared",
    "Projection",
    "Refine",
    "Source",
    "Target",
    "append_rows",
    "append_unlocked",
    "arrow_schema",
    "commit_parts",
    "compact_tables",
    "company_key",
    "connect",
    "connect_empty",
    "connect_versions",
    "copy_anew",
    "copy_state",
    "count_waiting",
    "entity_key",
    "facts_of",
    "get_entity",
    "has_copy",
    "has_table",
    "hash_keys",
    "ingest",
    "key_faults",
    "lake_root",
    "list_entities",
    "list_rejections",
    "list_tables",
    "list_versions",
    "note_changed",
    "open_source",
    "person_key",
    "position_of",
    "project",
    "project_changes",
    "projected_schema",
    "projections",
    "read_columns",
    "read_shapes",
    "read_tables",
    "rebuild_missing",
    "rebuild_table",
    "require_no_other_lake",
    "restore_lake",
    "rows_at_positions",
    "scan_rows",
    "splitmix",
    "stage_parts",
    "stopped_after",
    "subject_key",
    "sweep_changes",
    "sweep_tables",
    "sweep_versions",
    "table_schema",
    "table_version",
    "write_anew",
    "write_table",
]
