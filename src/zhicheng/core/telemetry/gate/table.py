"""The lake table `observation`: one partition a day, each reading once, with how far its sources were read.

Where a source was read to stands in the same commit as the readings (Delta's application transactions): after a crash
both are there, or neither is. One process writes; any number reads.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema, Transaction
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from zhicheng.core.telemetry.base.pairs import WantedPairs
from zhicheng.core.telemetry.errors import StorageFull
from zhicheng.core.telemetry.values import EPOCH, Flags, Ints

DAY_US = 86_400_000_000
GROUP_ROWS = 32_768
_CACHED_ROWS = 50_000
STAMP = pa.timestamp("us", "UTC")
SCHEMA = pa.schema(
    [
        ("stream", pa.int64()),
        ("at", STAMP),
        ("value", pa.float64()),
        ("text", pa.string()),
        ("received", STAMP),
        ("quality", pa.int16()),
    ]
)
_AT = "zhicheng.at"
_DAY = pa.field("day", pa.date32())
_SETTINGS = {
    "delta.checkpointInterval": "100",
    "delta.logRetentionDuration": "interval 1 days",
    "delta.deletedFileRetentionDuration": "interval 1 hours",
}
_HOOKS = PostCommitHookProperties(cleanup_expired_logs=True)


@dataclass(frozen=True)
class DataFile:
    """One file of a day with what it spans."""

    path: Path
    name: str
    day: date
    rows: int
    size_bytes: int
    streams: tuple[int, int]
    spans_us: tuple[int, int]


class DayTable:
    """A table of rows by stream and instant in daily partitions. `schema` begins with stream and at."""

    def __init__(self, folder: Path, schema: pa.Schema = SCHEMA) -> None:
        self.folder, self._schema = folder, schema
        self._table: DeltaTable | None = None
        self._files: list[DataFile] = []
        self._version = -1

    @property
    def version(self) -> int:
        """The newest version that `refresh` has seen; -1 where there is none."""
        return self._version

    def refresh(self) -> None:
        """See what was committed meanwhile: a look at one name where nothing was."""
        if self._table is None:
            if not DeltaTable.is_deltatable(str(self.folder)):
                return
            self._table = DeltaTable(str(self.folder))
        elif not (self.folder / "_delta_log" / f"{self._version + 1:020d}.json").exists():
            return
        else:
            self._table.update_incremental()
        if self._table.version() != self._version:
            self._files = [_data_file(self.folder, row) for row in _adds(self._table)]
            self._version = self._table.version()

    def read_to(self, source: str) -> int:
        """How far a source was read in what is committed; -1 where nothing was."""
        self.refresh()
        found = self._table.transaction_version(source) if self._table is not None else None
        return -1 if found is None else int(found)

    def files(self, since_us: int = 0, until_us: int = 1 << 62) -> list[DataFile]:
        """Files that may hold rows of `[since_us, until_us)`."""
        return [file for file in self._files if file.spans_us[0] < until_us and file.spans_us[1] >= since_us]

    def write(self, rows: pa.Table) -> list[DataFile]:
        """Write rows into files, sorted by stream and instant, one for each day; they belong to no version yet.

        Raises:
            StorageFull: the disk is full; what was written of them is removed.
        """
        at_us = rows.column("at").cast(pa.int64()).to_numpy()
        days = at_us // DAY_US
        order = np.lexsort((at_us, rows.column("stream").to_numpy(), days))
        rows, days = rows.take(pa.array(order)), days[order]
        firsts = np.flatnonzero(np.diff(days, prepend=days[:1] - 1))
        bounds = [*firsts.tolist(), len(days)]
        written: list[DataFile] = []
        try:
            for start, end in pairwise(bounds):
                written.append(self._write_day(rows.slice(start, end - start), int(days[start])))
        except OSError as error:
            discard(written)
            raise StorageFull() from error
        return written

    def commit(
        self, files: Sequence[DataFile], *, at: datetime, read_to: Mapping[str, int] = {}, gone: Iterable[DataFile] = ()
    ) -> None:
        """Make a version with these files and without those that are `gone`, and how far sources were read.

        Raises:
            StorageFull: the disk is full; the files are removed, nothing was changed.
        """
        instant = int(at.timestamp() * 1000)
        gone = list(gone)
        adds = [_add_action(file, instant, is_new=not gone) for file in files]
        properties = CommitProperties(
            custom_metadata={_AT: at.isoformat()},
            app_transactions=[Transaction(source, place) for source, place in read_to.items()],
        )
        removes = [_remove_action(file, instant) for file in gone]
        try:
            self._commit([*adds, *removes], properties)
        except OSError as error:
            discard(files)
            raise StorageFull() from error
        self.refresh()
        _sync(self.folder / "_delta_log" / f"{self._version:020d}.json")
        _sync(self.folder / "_delta_log")

    def holds(self, stream: Ints, at_us: Ints) -> Flags:
        """Which of these pairs the table has already."""
        self.refresh()
        found = np.zeros(len(stream), np.bool_)
        if not len(stream) or not self._files:
            return found
        for day in np.unique(at_us // DAY_US):
            rows = np.flatnonzero(at_us // DAY_US == day)
            found[rows] = self._holds_of_day(stream[rows], at_us[rows], _day_of(int(day)))
        return found

    def read(self, streams: Ints, since_us: int, until_us: int, columns: Sequence[str] | None = None) -> pa.Table:
        """Rows of some streams in `[since_us, until_us)`, in no order."""
        names = list(columns or self._schema.names)
        wanted = np.unique(streams)
        tables = [
            table
            for file in self.files(since_us, until_us)
            for table in _read_groups(file.path, wanted, (since_us, until_us), names)
        ]
        schema = pa.schema([self._schema.field(name) for name in names])
        return pa.concat_tables(tables).cast(schema) if tables else schema.empty_table()

    def parts(self, since_us: int, until_us: int, most_rows: int) -> Iterator[pa.Table]:
        """All rows of `[since_us, until_us)`, in parts of whole streams, each of about so many rows at most."""
        files = self.files(since_us, until_us)
        if not files:
            return
        first, last = min(file.streams[0] for file in files), max(file.streams[1] for file in files)
        count = max(1, -(-sum(file.rows for file in files) // most_rows))
        bounds = [first + (last + 1 - first) * number // count for number in range(count + 1)]
        for start, end in pairwise(bounds):
            tables = [_read_range(file.path, (start, end), (since_us, until_us)) for file in files]
            if found := [table for table in tables if table is not None]:
                yield pa.concat_tables(found)

    def added_in(self, version: int) -> list[tuple[int, int]] | None:
        """What the files span that brought new rows in a version; None where its log is gone."""
        path = self.folder / "_delta_log" / f"{version:020d}.json"
        if not path.exists():
            return None
        lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        adds = [line["add"] for line in lines if line.get("add", {}).get("dataChange")]
        stats = [json.loads(add["stats"]) for add in adds]
        return [(_read_us(one["minValues"]["at"]), _read_us(one["maxValues"]["at"])) for one in stats]

    def sweep(self, *, keep_hours: int) -> int:
        """Remove files that no version of the last hours needs; how many."""
        if self._table is None:
            return 0
        return len(
            self._table.vacuum(retention_hours=keep_hours, enforce_retention_duration=False, dry_run=False, full=True)
        )

    def _holds_of_day(self, stream: Ints, at_us: Ints, day: date) -> Flags:
        wanted = WantedPairs(stream, at_us)
        streams, bounds = np.unique(stream), (int(at_us.min()), int(at_us.max()) + 1)
        for file in self.files(*bounds):
            if file.day != day:
                continue
            if file.rows <= _CACHED_ROWS:
                wanted.mark(*_pairs(file.path))
                continue
            for table in _read_groups(file.path, streams, bounds, ["stream", "at"], is_exact=False):
                for part in table.to_batches():
                    at = part.column(1).cast(pa.int64()).to_numpy()
                    wanted.mark(part.column(0).to_numpy(), at)
        return wanted.found

    def _write_day(self, rows: pa.Table, day: int) -> DataFile:
        folder = self.folder / f"day={_day_of(day).isoformat()}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"part-{os.urandom(10).hex()}.parquet"
        try:
            pq.write_table(
                rows,
                path,
                compression="zstd",
                row_group_size=GROUP_ROWS,
                use_dictionary=["text", "quality"],
                store_schema=False,
            )
            _sync(path)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        stream = rows.column("stream").to_numpy()
        at_us = rows.column("at").cast(pa.int64()).to_numpy()
        spans = (int(at_us.min()), int(at_us.max()))
        name = f"{folder.name}/{path.name}"
        held = (int(stream[0]), int(stream[-1]))
        return DataFile(path, name, _day_of(day), rows.num_rows, path.stat().st_size, held, spans)

    def _commit(self, actions: "list[AddAction | RemoveAction]", properties: CommitProperties) -> None:
        schema = Schema.from_arrow(pa.schema([*self._schema, _DAY]))
        if self._table is None:
            self.refresh()
        if self._table is not None:
            self._table.create_write_transaction(
                actions,
                "append",
                schema,
                partition_by=["day"],
                commit_properties=properties,
                post_commithook_properties=_HOOKS,
            )
            return
        adds = [action for action in actions if isinstance(action, AddAction)]
        create_table_with_add_actions(
            str(self.folder),
            schema,
            adds,
            "error",
            partition_by=["day"],
            configuration=_SETTINGS,
            commit_properties=properties,
        )


def discard(files: Iterable[DataFile]) -> None:
    """Remove files that no version names."""
    for file in files:
        file.path.unlink(missing_ok=True)


def _adds(table: DeltaTable) -> Iterator[dict[str, Any]]:
    yield from pa.table(table.get_add_actions(flatten=True)).to_pylist()


def _data_file(folder: Path, row: Mapping[str, Any]) -> DataFile:
    return DataFile(
        folder / row["path"],
        row["path"],
        row["partition.day"],
        row["num_records"],
        row["size_bytes"],
        (row["min.stream"], row["max.stream"]),
        (_us(row["min.at"]), _us(row["max.at"])),
    )


def _us(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def _read_us(text: str) -> int:
    return _us(datetime.fromisoformat(text))


def _day_of(number: int) -> date:
    return (EPOCH + timedelta(days=number)).date()


def _add_action(file: DataFile, instant: int, *, is_new: bool) -> AddAction:
    first, last = (_iso(at_us) for at_us in file.spans_us)
    stats = {
        "numRecords": file.rows,
        "minValues": {"stream": file.streams[0], "at": first},
        "maxValues": {"stream": file.streams[1], "at": last},
        "nullCount": {"stream": 0, "at": 0},
    }
    day = {"day": file.day.isoformat()}
    return AddAction(file.name, file.size_bytes, day, instant, is_new, json.dumps(stats))


def _remove_action(file: DataFile, instant: int) -> RemoveAction:
    return RemoveAction(file.name, False, instant, file.size_bytes, {"day": file.day.isoformat()})


def _iso(at_us: int) -> str:
    return (EPOCH + timedelta(microseconds=at_us)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _read_groups(
    path: Path, streams: Ints, span_us: tuple[int, int], columns: list[str], *, is_exact: bool = True
) -> Iterator[pa.Table]:
    """The rows of some streams in a span; with `is_exact` false, whole row groups that may hold some."""
    metadata, first, last = _metadata(path)
    from_place, to_place = np.searchsorted(streams, first, "left"), np.searchsorted(streams, last, "right")
    groups = np.flatnonzero(to_place > from_place).tolist()
    if not groups:
        return
    needed = list(dict.fromkeys([*columns, "stream", "at"]))
    with pq.ParquetFile(path, metadata=metadata, memory_map=True) as opened:
        table = opened.read_row_groups(groups, columns=needed, use_threads=False)
    if is_exact:
        at = table.column("at").cast(pa.int64()).to_numpy()
        held = table.column("stream").to_numpy()
        good = (at >= span_us[0]) & (at < span_us[1])
        good &= (held == streams[0]) if len(streams) == 1 else np.isin(held, streams)
        table = table.filter(pa.array(good))
    if table.num_rows:
        yield table.select(columns)


def _read_range(path: Path, streams: tuple[int, int], span_us: tuple[int, int]) -> pa.Table | None:
    """The rows of streams in `[first, end)` within a span; None where there are none."""
    metadata, first, last = _metadata(path)
    groups = np.flatnonzero((last >= streams[0]) & (first < streams[1])).tolist()
    if not groups:
        return None
    with pq.ParquetFile(path, metadata=metadata, memory_map=True) as opened:
        table = opened.read_row_groups(groups, use_threads=False)
    at, held = table.column("at").cast(pa.int64()).to_numpy(), table.column("stream").to_numpy()
    good = (at >= span_us[0]) & (at < span_us[1]) & (held >= streams[0]) & (held < streams[1])
    return table.filter(pa.array(good)) if good.any() else None


@lru_cache(maxsize=4096)
def _metadata(path: Path) -> tuple[Any, Ints, Ints]:
    """Footer, and the least and greatest stream of each row group; data files never change."""
    metadata = pq.read_metadata(path)
    found = [metadata.row_group(number).column(0).statistics for number in range(metadata.num_row_groups)]
    return metadata, np.array([one.min for one in found], np.int64), np.array([one.max for one in found], np.int64)


@lru_cache(maxsize=256)
def _pairs(path: Path) -> tuple[Ints, Ints]:
    """Streams and instants of a small file, kept: after a crash the same files are asked again and again."""
    table = pq.read_table(path, columns=["stream", "at"], partitioning=None, use_threads=False)
    return table.column("stream").to_numpy().copy(), table.column("at").cast(pa.int64()).to_numpy().copy()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
