"""Rows of a version by their position, for what is derived from it: it never changes, so neither do positions."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import pyarrow as pa

from zhicheng.core.lake.gate.positions import Positions, find_position, read_positions, scan_files
from zhicheng.core.lake.queries.tables import get_snapshot

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
