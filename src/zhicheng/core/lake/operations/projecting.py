"""From noted changes to rows of the lake: a batch a table, in order, each row as it is now.

Exactly once in effect: the changes are removed in the transaction in which the rows were read, after the version that
holds them is on the disk. Who is killed in between reads the same rows again, and a row that is there already, or is
older than another of its key, does not count.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from zhicheng.core.lake.base.projections import Projection, Rows
from zhicheng.core.lake.errors import TableUnknown
from zhicheng.core.lake.gate.versions import snapshot, table_folder
from zhicheng.core.lake.operations.appending import (
    FAULTS,
    append_lasting,
    append_newest,
    next_version,
    only_writer,
    projected_schema,
    to_batch,
    write_anew,
)
from zhicheng.core.lake.queries.tables import find_entity, lake_root
from zhicheng.core.lake.registry import projections
from zhicheng.core.lake.values import EntityTable, TableVersion
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.values import system_actor
from zhicheng.kit.ids import uuid7
from zhicheng.kit.turns import each_in_turn

_WAITING = 'SELECT DISTINCT "table" FROM lake_change'
_CLAIM = 'SELECT id, key FROM lake_change WHERE "table" = %s ORDER BY id LIMIT %s'
_REMOVE = "DELETE FROM lake_change WHERE id = ANY(%s)"
_FORGET = 'DELETE FROM lake_change WHERE "table" = %s'
_CHUNK = 5_000
_ACTOR = system_actor("lake.projecting")

logger = logging.getLogger(__name__)


def project_changes(*, now: datetime, limit: int = 20_000) -> int:
    """Bring what has changed into the lake; how many changes were worked off. Any number of workers may.

    Raises:
        TableChangedMeanwhile: something that is no projection wrote to a table; its changes are kept. The other
            tables had their turn.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        waiting = [table for (table,) in cursor.fetchall()]
    return each_in_turn(waiting, lambda table: _project(table, now, limit), FAULTS)


def _project(name: str, now: datetime, limit: int) -> int:
    table = find_entity(name)
    with only_writer(name, wait=False) as held, connection.cursor() as cursor:
        if not held:
            return 0
        if table is None or name not in projections:
            cursor.execute(_FORGET, (name,))
            return 0
        if _is_outdated(table):
            return _make_anew(projections[name], table, now)
        cursor.execute(_CLAIM, (name, limit))
        claimed = cursor.fetchall()
        keys = list(dict.fromkeys(key for _, key in claimed))
        projection = projections[name]
        append = append_lasting if projection.lasting else append_newest
        append(table, projection.read(keys), now=now)
        cursor.execute(_REMOVE, ([id_ for id_, _ in claimed],))
    return len(claimed)


def rebuild_table(name: str, *, actor: str, now: datetime) -> TableVersion | None:
    """Make a table anew from the transactional store, as one version; None where the pack does not declare it.

    What changes meanwhile is noted as always and follows.

    Raises:
        KeyError: no package writes the table.
    """
    projection, table = projections[name], find_entity(name)
    if table is None:
        return None
    with only_writer(name):
        rows = _make_anew(projection, table, now)
        found = snapshot(table_folder(lake_root(), name)).version
        record(Entry(uuid7(now), now, actor, "lake.rebuilt", f"table:{found.label}", data={"rows": rows}))
    return found


def rebuild_missing(*, now: datetime) -> int:
    """Make the tables that the pack declares and nobody has written yet; how many."""
    made = 0
    for projection in projections:
        table = find_entity(projection.table)
        if table is not None and next_version(table_folder(lake_root(), table.code)) == 0:
            rebuild_table(table.code, actor=_ACTOR.ref, now=now)
            made += 1
    return made


def _is_outdated(table: EntityTable) -> bool:
    """Whether the declaration has other columns than the table."""
    try:
        schema = snapshot(table_folder(lake_root(), table.code)).schema
    except TableUnknown:
        return False
    return not schema.equals(projected_schema(table), check_metadata=False)


def _make_anew(projection: Projection, table: EntityTable, now: datetime) -> int:
    number = next_version(table_folder(lake_root(), table.code))
    batches = (to_batch(table, _unique(table, projection.read(keys)), number) for keys in _walk(projection))
    rows = write_anew(lake_root(), table, batches, lasting=projection.lasting, now=now)
    logger.info("lake table %s made anew: %d rows", table.code, rows)
    return rows


def _unique(table: EntityTable, rows: Rows) -> list[Mapping[str, Any]]:
    return list({row[table.key]: row for row in rows}.values())


def _walk(projection: Projection) -> Iterable[list[str]]:
    after = ""
    while keys := list(projection.walk(after, _CHUNK)):
        yield keys
        after = keys[-1]
