"""DuckDB over the mapped attributes of layers: one in-memory database a process, one cursor a query, a time-out.

The statements come from `policy.commands_sql`; the tables are Arrow data in mapped files, nothing is copied.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhicheng.apps.twin.errors.commands import CommandUnusable
from zhicheng.apps.twin.policy.commands_sql import CHOSEN, ROW, Statement
from zhicheng.core.lake.public import stopped_after

LIMIT_S = 10.0
_lock = threading.Lock()
_home: list[duckdb.DuckDBPyConnection] = []
_tables: dict[tuple[str, int], pa.Table] = {}
_MOST_TABLES = 32


def _connection() -> duckdb.DuckDBPyConnection:
    with _lock:
        if not _home:
            made = duckdb.connect(":memory:")
            made.execute("SET threads = 2")
            made.execute("SET memory_limit = '1GiB'")
            made.execute("SET enable_progress_bar = false")
            made.execute("SET autoinstall_known_extensions = false")
            made.execute("SET autoload_known_extensions = false")
            made.execute("SET enable_external_access = false")
            made.execute("SET lock_configuration = true")
            _home.append(made)
        return _home[0].cursor()


def with_rows(name: str, version: int, read: Callable[[], pa.Table]) -> pa.Table:
    """A layer's attributes with the position of each row; kept for the version."""
    found = _tables.get((name, version))
    if found is None:
        table = read()
        rows = pa.array(np.arange(table.num_rows, dtype=np.int32))
        found = table.append_column(ROW, rows)
        with _lock:
            stale = [key for key in _tables if key[0] == name]
            for old in stale or list(_tables)[: max(0, len(_tables) - _MOST_TABLES + 1)]:
                del _tables[old]
            _tables[(name, version)] = found
    return found


class ArrowTables:
    """What one query reads: a layer, and the positions that a search by distance has left."""

    def __init__(self, name: str, table: pa.Table, chosen: NDArray[Any] | None) -> None:
        self._cursor = _connection()
        self._cursor.register(name, table)
        if chosen is not None:
            self._cursor.register(CHOSEN, pa.table({"chosen": pa.array(chosen)}))

    def fetch(self, statement: Statement) -> list[tuple[Any, ...]]:
        """The answer as rows.

        Raises:
            QueryTooSlow: it took longer than it may.
            CommandUnusable: DuckDB refused it.
        """
        with self._running():
            return self._cursor.execute(statement.sql, statement.parameters).fetchall()

    def column(self, statement: Statement) -> NDArray[Any]:
        """The first column of an answer, as numbers. Raises as `fetch`."""
        with self._running():
            found = self._cursor.execute(statement.sql, statement.parameters).fetchnumpy()
        return np.asarray(next(iter(found.values())))

    @contextmanager
    def _running(self) -> Iterator[None]:
        try:
            with stopped_after(self._cursor, LIMIT_S):
                yield
        except duckdb.Error as error:
            raise CommandUnusable(why=str(error).splitlines()[0]) from error

    def close(self) -> None:
        """Let go of the tables."""
        self._cursor.close()
