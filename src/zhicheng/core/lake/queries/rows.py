"""Rows of a version by their position, for what is derived from it: it never changes, so neither do positions."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from zhicheng.core.lake.gate.duck import LakeConnection, Limits
from zhicheng.core.lake.gate.positions import Positions, find_position, read_positions, scan_files
from zhicheng.core.lake.gate.versions import newest_version, oldest_version, snapshot, table_folder
from zhicheng.core.lake.queries.tables import get_snapshot, lake_root
from zhicheng.core.lake.values import TableVersion

_ROWS = 65_536


def scan_rows(table: str, columns: Sequence[str], *, as_of: datetime | int | None = None) -> Iterator[pa.RecordBatch]:
    """Every row of a version in the order of positions, batch by batch.

    Raises:
        TableUnknown: it holds nothing yet.
        VersionUnknown: there is no such version.
    """
    return scan_files(get_snapshot(table, as_of=as_of).files, columns, _ROWS)


def rows_at_positions(
    table: str, positions: Positions, columns: Sequence[str], *, as_of: datetime | int | None = None
) -> pa.Table:
    """The rows at some positions, in the order asked for. Raises as `scan_rows`."""
    return read_positions(get_snapshot(table, as_of=as_of), positions, columns)


def position_of(table: str, key_column: str, key: str, *, as_of: datetime | int | None = None) -> int | None:
    """Where the row with a key stands, by the table's key index; None where there is none. Raises as `scan_rows`."""
    return find_position(get_snapshot(table, as_of=as_of), key_column, key)


def connect_versions(table: str, versions: Mapping[str, int], limits: Limits | None = None) -> LakeConnection:
    """A connection to several versions of one table, each under the name given to it. Raises as `scan_rows`."""
    found = {name: get_snapshot(table, as_of=version) for name, version in versions.items()}
    return LakeConnection(found, limits or Limits())


def list_versions(table: str, *, count: int = 50) -> list[TableVersion]:
    """The newest versions of a table that can still be read, newest first.

    Raises:
        TableUnknown: it holds nothing yet.
    """
    folder = table_folder(lake_root(), table)
    newest = newest_version(folder)
    oldest = max(oldest_version(folder), newest - count + 1)
    return [snapshot(folder, version).version for version in range(newest, oldest - 1, -1)]
