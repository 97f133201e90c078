"""Empty tables of declared types: what a query over them says is what it would say of full ones."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

import pyarrow as pa

from zhicheng.core.lake.gate.duck import LakeConnection, Limits
from zhicheng.core.lake.gate.newest import PROJECTED
from zhicheng.core.lake.gate.versions import Snapshot
from zhicheng.core.lake.policy.schema import arrow_schema
from zhicheng.core.lake.values import EntityTable, TableVersion

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def connect_empty(tables: Iterable[EntityTable], *, followed: Collection[str] = ()) -> LakeConnection:
    """A connection over empty tables; those `followed` also have the column that projections add."""
    found = {table.code: _empty(table, is_followed=table.code in followed) for table in tables}
    return LakeConnection(found, Limits(memory_mib=256, threads=1))


def _empty(table: EntityTable, *, is_followed: bool) -> Snapshot:
    schema = arrow_schema(table)
    if is_followed:
        schema = schema.append(pa.field(PROJECTED, pa.int64()))
    return Snapshot(TableVersion(table.code, 0, _NEVER, 0, ""), (), schema, {})
