"""Versions of a table: Delta Lake's log in the table's folder. A version appears whole or not at all.

Each commit carries the instant that its writer was given, so that "as of" asks the city's clock and not the file
system's.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from zhicheng.core.lake.errors import BadTableName, TableChangedMeanwhile, TableUnknown, VersionUnknown
from zhicheng.core.lake.gate.accounts import Account, account_of, to_stats
from zhicheng.core.lake.gate.newest import key_of
from zhicheng.core.lake.gate.parts import Part, discard, sync
from zhicheng.core.lake.values import Mode, TableVersion
from zhicheng.core.ledger.public import sm3

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_AT = "zhicheng.at"
_KEPT = {
    "delta.logRetentionDuration": "interval 3650 days",
    "delta.deletedFileRetentionDuration": "interval 3650 days",
    "delta.dataSkippingNumIndexedCols": "-1",  # an account of every column, not of the first 32
}


@dataclass(frozen=True)
class Snapshot:
    """One version with its data files, and what its columns hold as far as that was counted."""

    version: TableVersion
    files: tuple[Path, ...]
    schema: pa.Schema
    account: Account
    newest: str = ""
    """The key of which the newest row wins; empty where all rows count."""


def table_folder(root: Path, table: str) -> Path:
    """Where a table lies.

    Raises:
        BadTableName: the name cannot be a folder and an SQL name.
    """
    if not _NAME.fullmatch(table):
        raise BadTableName(table=table)
    return root / table


def list_names(root: Path) -> list[str]:
    """The tables that hold something."""
    return sorted(path.parent.name for path in root.glob("*/_delta_log") if _NAME.fullmatch(path.parent.name))


@dataclass(frozen=True)
class Commit:
    """What a version changes: files that come, by name those of before that go, and what the commit is called."""

    parts: Sequence[Part]
    mode: Mode = Mode.APPEND
    replaced: Sequence[Path] = ()


def commit(folder: Path, schema: pa.Schema, parts: Sequence[Part], mode: Mode, *, at: datetime) -> int:
    """Make a version of data files that are written already; gives its number.

    Raises:
        TableChangedMeanwhile: somebody else wrote at the same time; nothing was changed.
    """
    return commit_change(folder, schema, Commit(parts, mode), at=at)


def commit_change(folder: Path, schema: pa.Schema, change: Commit, *, at: datetime) -> int:
    """Make a version in which some files may take the place of others; gives its number.

    Raises:
        TableChangedMeanwhile: somebody else wrote at the same time; nothing was changed, the files that were to come
            are removed.
    """
    actions: list[AddAction | RemoveAction] = [_action(part, at) for part in change.parts]
    actions += [_removal(path, at) for path in change.replaced]
    properties = CommitProperties(custom_metadata={_AT: at.astimezone(UTC).isoformat()})
    delta = Schema.from_arrow(schema)
    try:
        if DeltaTable.is_deltatable(str(folder)):
            table = DeltaTable(str(folder))
            hooks = PostCommitHookProperties(cleanup_expired_logs=False)
            name = "overwrite" if change.mode is Mode.REPLACE else "append"
            table.create_write_transaction(
                actions, name, delta, commit_properties=properties, post_commithook_properties=hooks
            )
        else:
            create_table_with_add_actions(
                str(folder),
                delta,
                [_action(part, at) for part in change.parts],
                "error",
                configuration=_KEPT,
                commit_properties=properties,
            )
    except (CommitFailedError, DeltaError) as error:
        _take_back(folder, change.parts)
        raise TableChangedMeanwhile(table=folder.name) from error
    except OSError:
        _take_back(folder, change.parts)
        raise
    version = DeltaTable(str(folder)).version()
    sync(log_file(folder, version))
    sync(folder / "_delta_log")
    return version


def _take_back(folder: Path, parts: Sequence[Part]) -> None:
    """Remove the files of a commit that failed, but those that a version names: it may have failed after that."""
    known = DeltaTable.is_deltatable(str(folder))
    named = set(_snapshot(folder, newest_version(folder)).files) if known else set[Path]()
    discard(part for part in parts if part.path not in named)


def snapshot(folder: Path, version: int | None = None) -> Snapshot:
    """A version with its files; the newest unless one is named.

    Raises:
        TableUnknown: there is no such table.
        VersionUnknown: it has no such version, or has it no more.
    """
    newest = newest_version(folder)
    if version is None:
        return _snapshot(folder, newest)
    if not oldest_version(folder) <= version <= newest:
        raise VersionUnknown(table=folder.name, wanted=f"编号为 {version} ")
    return _snapshot(folder, version)


def snapshot_as_of(folder: Path, at: datetime) -> Snapshot:
    """The version that was the newest at an instant.

    Raises:
        TableUnknown: there is no such table.
        VersionUnknown: it did not exist yet.
    """
    for version in range(newest_version(folder), oldest_version(folder) - 1, -1):
        if _committed_at(folder, version) <= at:
            return _snapshot(folder, version)
    raise VersionUnknown(table=folder.name, wanted=f" {at.isoformat(timespec='seconds')} 时")


def newest_version(folder: Path) -> int:
    """The number of the newest version: one look at the folder where it was seen before.

    Raises:
        TableUnknown: there is no such table.
    """
    known = _newest.get(folder, -1)
    if known < 0 or not log_file(folder, known).exists():
        try:
            known = DeltaTable(str(folder)).version()
        except TableNotFoundError as error:
            raise TableUnknown(table=folder.name) from error
    while log_file(folder, known + 1).exists():
        known += 1
    _newest[folder] = known
    return known


_newest: dict[Path, int] = {}


def forget_versions() -> None:
    """Forget what was read: a table was removed, and another may take its name."""
    _newest.clear()
    _snapshot.cache_clear()
    _committed_at.cache_clear()


def oldest_version(folder: Path) -> int:
    """The number of the oldest version that can still be read; older ones were swept."""
    mark = swept_file(folder)
    return int(mark.read_text(encoding="ascii")) if mark.exists() else 0


def swept_file(folder: Path) -> Path:
    """Where that number stands."""
    return folder / "_swept"


def version_files(folder: Path, version: int) -> tuple[Path, ...]:
    """The data files of a version, also of one that was swept."""
    return _snapshot(folder, version).files


def first_kept(folder: Path, before: datetime) -> int:
    """The oldest version that was not replaced before an instant; at least the newest was not."""
    oldest, newest = oldest_version(folder), newest_version(folder)
    return next((v for v in range(oldest, newest) if _committed_at(folder, v + 1) >= before), newest)


def log_file(folder: Path, version: int) -> Path:
    """Where the log says what a version changed."""
    return folder / "_delta_log" / f"{version:020d}.json"


def logged_files(folder: Path, version: int, change: Literal["add", "remove"]) -> Iterator[Path]:
    """The data files that a version brought, or took out."""
    for line in log_file(folder, version).read_text(encoding="utf-8").splitlines():
        found = json.loads(line).get(change)
        if found:
            yield folder / found["path"]


def _action(part: Part, at: datetime) -> AddAction:
    stats = to_stats(part.account, part.rows)
    return AddAction(part.path.name, part.size_bytes, {}, int(at.timestamp() * 1000), True, stats)


def _removal(path: Path, at: datetime) -> RemoveAction:
    """The same rows stand in another file of the same commit: nothing of the data changes."""
    stamp = int(at.timestamp() * 1000)
    return RemoveAction(path=path.name, data_change=False, deletion_timestamp=stamp, size=path.stat().st_size)


@lru_cache(maxsize=256)
def _snapshot(folder: Path, version: int) -> Snapshot:
    table = DeltaTable(str(folder), version=version)
    adds = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    files = sorted((row["path"], row["size_bytes"], row["num_records"]) for row in adds)
    digest = sm3(json.dumps(files).encode()).hex()
    rows = sum(count for _, _, count in files)
    seen = TableVersion(folder.name, version, _committed_at(folder, version), rows, digest)
    schema = pa.schema(table.schema().to_arrow())
    return Snapshot(seen, tuple(folder / name for name, _, _ in files), schema, account_of(adds), key_of(folder))


@lru_cache(maxsize=4096)
def _committed_at(folder: Path, version: int) -> datetime:
    lines = log_file(folder, version).read_text(encoding="utf-8").splitlines()
    infos = (json.loads(line).get("commitInfo") for line in lines)
    info: dict[str, Any] = next(info for info in infos if info)
    if _AT in info:
        return datetime.fromisoformat(info[_AT])
    return datetime.fromtimestamp(info["timestamp"] / 1000, UTC)
