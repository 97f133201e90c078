"""Declared tables, versions, connections."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from django.conf import settings

from zhicheng.core.lake.errors import EntityUndeclared, TableUnknown
from zhicheng.core.lake.gate.duck import LakeConnection, Limits
from zhicheng.core.lake.gate.versions import Snapshot, list_names, snapshot, snapshot_as_of, table_folder
from zhicheng.core.lake.policy.schema import KIND, table_of
from zhicheng.core.lake.values import EntityTable, TableVersion
from zhicheng.core.packs.public import DefinitionUnknown, NoPackInstalled, current_definition, list_definitions


def lake_root() -> Path:
    """Where the tables of this city lie."""
    return Path(settings.HOME) / "lake"


def get_entity(code: str) -> EntityTable:
    """A table as the installed pack declares it.

    Raises:
        NoPackInstalled: the city has no pack yet.
        EntityUndeclared: its pack has no such table.
    """
    try:
        return table_of(current_definition(KIND, code).body)
    except DefinitionUnknown as error:
        raise EntityUndeclared(table=code) from error


def find_entity(code: str) -> EntityTable | None:
    """As `get_entity`; None where there is no pack, or it does not declare the table."""
    try:
        return get_entity(code)
    except (EntityUndeclared, NoPackInstalled):
        return None


def list_entities() -> list[EntityTable]:
    """The tables that the installed pack declares, by code.

    Raises:
        NoPackInstalled: the city has no pack yet.
    """
    return [table_of(definition.body) for definition in list_definitions(KIND)]


def list_tables(*, root: Path | None = None) -> list[TableVersion]:
    """The newest version of every table that holds something."""
    folder = root or lake_root()
    return [snapshot(folder / name).version for name in list_names(folder)]


def table_version(table: str, *, as_of: datetime | int | None = None, root: Path | None = None) -> TableVersion:
    """The newest version of a table, the one of an instant, or the one of a number.

    Raises:
        TableUnknown: it holds nothing yet.
        VersionUnknown: there is no such version, or there was none yet.
    """
    return get_snapshot(table, as_of=as_of, root=root).version


def table_schema(table: str, *, as_of: datetime | int | None = None) -> pa.Schema:
    """The columns that a version has. Raises as `table_version`."""
    return get_snapshot(table, as_of=as_of).schema


def get_snapshot(table: str, *, as_of: datetime | int | None = None, root: Path | None = None) -> Snapshot:
    """A version with its files. Raises as `table_version`."""
    folder = table_folder(root or lake_root(), table)
    if isinstance(as_of, datetime):
        return snapshot_as_of(folder, as_of)
    return snapshot(folder, as_of)


def connect(
    tables: Iterable[str] | Mapping[str, datetime | int | None] | None = None,
    *,
    as_of: datetime | None = None,
    limits: Limits | None = None,
    root: Path | None = None,
    share: tuple[int, int] = (0, 1),
) -> LakeConnection:
    """A connection that reads the named tables, or all: the newest versions, those of an instant, or chosen ones.

    A mapping gives each table its own version (a number, an instant, None for the newest). `share` (i, n) reads only
    every n-th data file of each table from the i-th on, so that threads with a connection each can divide a large
    answer between them: one connection hands an answer over in one thread.

    Raises:
        TableUnknown: a named table holds nothing yet.
        VersionUnknown: a named table has no such version.
    """
    base = root or lake_root()
    names = list_names(base) if tables is None else tables
    wanted = dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, as_of)
    found = {name: get_snapshot(name, as_of=version, root=base) for name, version in wanted.items()}
    index, shares = share
    found = {name: replace(whole, files=whole.files[index::shares]) for name, whole in found.items()}
    return LakeConnection(found, limits or Limits())


def has_table(table: str, *, root: Path | None = None) -> bool:
    """Whether a table holds something."""
    try:
        get_snapshot(table, root=root)
    except TableUnknown:
        return False
    return True
