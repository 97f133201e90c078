"""DuckDB over chosen versions of tables: only SELECT, only their files, within a limit of memory and threads."""

import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from zhicheng.core.lake.errors import OnlyReading, QueryFailed, QueryTooSlow
from zhicheng.core.lake.gate.accounts import Account
from zhicheng.core.lake.gate.newest import newest_sql
from zhicheng.core.lake.gate.versions import Snapshot
from zhicheng.core.lake.values import Holds, TableVersion
from zhicheng.kit.clock import CHINA

_SMALL = 2**31 - 1
Parameters = Sequence[Any] | Mapping[str, Any] | None


@dataclass(frozen=True)
class Limits:
    """What one connection may use. `ordered` keeps the order of rows, which costs memory in large results.

    `byte_booleans` hands truth values over as Arrow's `bool8`: a third of the time of packing them into bits.
    """

    memory_mib: int = 2048
    threads: int = 2
    ordered: bool = False
    byte_booleans: bool = False


class LakeConnection:
    """A connection that can only read the tables it was opened with, at the versions it was opened at.

    Each table is a view of its name; `accounts` say what the columns of those versions hold. Expressions reach no
    file, no network, no extension, no setting.
    """

    def __init__(self, snapshots: Mapping[str, Snapshot], limits: Limits) -> None:
        self.versions: Mapping[str, TableVersion] = {name: found.version for name, found in snapshots.items()}
        self.accounts: Mapping[str, Account] = {name: found.account for name, found in snapshots.items()}
        self._spill = tempfile.TemporaryDirectory(prefix="zhicheng-duckdb-")
        self._duck = duckdb.connect(":memory:")
        try:
            self._set_up(snapshots, limits)
        except BaseException:
            self.close()
            raise

    def _set_up(self, snapshots: Mapping[str, Snapshot], limits: Limits) -> None:
        run = self._duck.execute
        run(f"SET memory_limit = '{limits.memory_mib}MiB'")
        run(f"SET threads = {limits.threads}")
        run(f"SET preserve_insertion_order = {str(limits.ordered).lower()}")
        run(f"SET arrow_lossless_conversion = {str(limits.byte_booleans).lower()}")
        run(f"SET temp_directory = {_literal(self._spill.name)}")
        run("SET enable_progress_bar = false")
        run(f"SET TimeZone = '{CHINA.key}'")  # the day of an instant is the city's
        run("SET parquet_metadata_cache = true")
        run("SET autoinstall_known_extensions = false")
        run("SET autoload_known_extensions = false")
        for name, found in snapshots.items():
            run(f'CREATE VIEW "{name}" AS {_relation(found)}')
        files = [str(file) for found in snapshots.values() for file in found.files]
        run(f"SET allowed_paths = [{', '.join(map(_literal, files))}]")
        run("SET enable_external_access = false")
        run("SET lock_configuration = true")

    def hold(self, table: str, columns: Sequence[str]) -> None:
        """Read columns of a table into memory, where many queries find them instead of its files."""
        account = self.accounts[table]
        cells = ", ".join(_narrowest(column, account.get(column)) for column in columns)
        self._duck.execute(f'CREATE TABLE "held {table}" AS SELECT {cells} FROM "{table}"')
        self._duck.execute(f'CREATE OR REPLACE VIEW "{table}" AS SELECT * FROM "held {table}"')

    def execute(self, sql: str, parameters: Parameters = None) -> duckdb.DuckDBPyConnection:
        """Run one SELECT for a small answer: `fetchone`, `fetchall`. Several may be open at once.

        Raises:
            OnlyReading: it is something else, or more than one statement.
            QueryFailed: DuckDB refused it or could not finish; the words are DuckDB's.
        """
        with self._reading(sql):
            return self._duck.cursor().execute(sql, parameters)

    def rows(self, sql: str, parameters: Parameters = None, *, limit_s: float) -> list[tuple[Any, ...]]:
        """The whole of a small answer that somebody waits for; what takes longer than `limit_s` is stopped.

        Raises:
            OnlyReading: it is something else, or more than one statement.
            QueryFailed: DuckDB refused it or could not finish; the words are DuckDB's.
            QueryTooSlow: it took longer.
        """
        with self._reading(sql), closing(self._duck.cursor()) as cursor, stopped_after(cursor, limit_s):
            return cursor.execute(sql, parameters).fetchall()

    def table(self, sql: str, parameters: Parameters = None) -> pa.Table:
        """The whole answer as an Arrow table. Raises as `execute`."""
        with self._reading(sql):
            return self._duck.cursor().sql(sql, params=parameters).to_arrow_table()

    def stream(self, sql: str, parameters: Parameters = None, *, rows: int = 122_880) -> pa.RecordBatchReader:
        """The answer batch by batch: a result larger than memory. Raises as `execute`."""
        with self._reading(sql):
            return self._duck.cursor().sql(sql, params=parameters).to_arrow_reader(rows)

    @contextmanager
    def _reading(self, sql: str) -> Iterator[None]:
        try:
            kinds = [statement.type for statement in self._duck.extract_statements(sql)]
            if kinds != [duckdb.StatementType.SELECT]:
                raise OnlyReading()
            yield
        except duckdb.Error as error:
            raise QueryFailed(why=str(error)) from error

    def close(self) -> None:
        """Give everything back."""
        self._duck.close()
        self._spill.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def stopped_after(cursor: duckdb.DuckDBPyConnection, limit_s: float) -> Iterator[None]:
    """Stop what runs on a cursor after a time: the query ends, and nothing goes on in the background.

    Raises:
        QueryTooSlow: it was stopped.
    """
    timer = threading.Timer(limit_s, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    except duckdb.InterruptException:
        raise QueryTooSlow(limit_s=limit_s) from None
    finally:
        timer.cancel()


def _narrowest(column: str, held: Holds | None) -> str:
    if held is None or not isinstance(held.least, int) or not isinstance(held.most, int):
        return f'"{column}"'
    width = "INTEGER" if -_SMALL <= held.least <= held.most <= _SMALL else "BIGINT"
    return f'CAST("{column}" AS {width}) AS "{column}"'


def _relation(found: Snapshot) -> str:
    if found.files and found.newest:
        return newest_sql(found.files, found.newest)
    if found.files:
        return f"SELECT * FROM read_parquet([{', '.join(_literal(str(file)) for file in found.files)}])"
    columns = ", ".join(f'CAST(NULL AS {_SQL[str(field.type)]}) AS "{field.name}"' for field in found.schema)
    return f"SELECT {columns} WHERE false"


_SQL = {
    "bool": "BOOLEAN",
    "int64": "BIGINT",
    "int32": "INTEGER",
    "double": "DOUBLE",
    "decimal128(18, 4)": "DECIMAL(18, 4)",
    "string": "VARCHAR",
    "date32[day]": "DATE",
    "timestamp[us, tz=UTC]": "TIMESTAMPTZ",
    "binary": "BLOB",
}


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
