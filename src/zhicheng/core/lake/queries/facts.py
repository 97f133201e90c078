"""One entity's row as facts, each with its source."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from zhicheng.core.lake.gate.rows import read_row
from zhicheng.core.lake.gate.versions import Snapshot
from zhicheng.core.lake.queries.tables import get_entity, get_snapshot
from zhicheng.core.lake.values import Column, EntityFacts, EntityTable, LakeFact
from zhicheng.kit.clock import CHINA

KEY_BYTES = 16


def facts_of(
    entity: str | EntityTable,
    key: str,
    *,
    as_of: datetime | int | None = None,
    columns: Sequence[str] | None = None,
    root: Path | None = None,
) -> EntityFacts | None:
    """What the city holds about one person or company; None where it holds nothing.

    `columns` asks for some only, which is faster. A column that is declared today but that an old version of the
    table does not have is unknown (NULL).

    Raises:
        EntityUndeclared: the installed pack has no such entity.
        TableUnknown: the table holds nothing yet.
        VersionUnknown: it had no version then.
    """
    declared = get_entity(entity) if isinstance(entity, str) else entity
    found = get_snapshot(declared.code, as_of=as_of, root=root)
    asked = tuple(columns or declared.codes)
    wanted = [code for code in asked if code in found.schema.names]
    row = read_row(found.files, declared.key, key, wanted)
    if row is None:
        return None
    facts = {code: LakeFact(row.get(code), _source(declared, declared.column(code), found)) for code in asked}
    return EntityFacts(declared.code, key, found.version, facts)


def _source(table: EntityTable, column: Column, found: Snapshot) -> str:
    day = found.version.at.astimezone(CHINA).date()
    code = f"{table.code}.{column.code}@{found.version.version}"
    return f"{table.source}，{day.year}年{day.month}月{day.day}日版本，{column.label}［{code}］"


def entity_key(digest: bytes) -> str:
    """The key of a row from a keyed hash of parties: its first 128 bits in hexadecimal."""
    return digest[:KEY_BYTES].hex()
