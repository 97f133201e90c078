"""Removing what the lake need not keep: tables of results, data files of old versions and those of no version.

The log of a table stays whole, so that a version that was removed is told apart from one that never was; `_swept` in
the table's folder holds the number of the oldest version that can still be read.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

from zhicheng.core.lake.errors import TableUnknown
from zhicheng.core.lake.gate.copied import has_mark, removed_mark
from zhicheng.core.lake.gate.keys import FOLDER, index_path
from zhicheng.core.lake.gate.parts import remove_file, sync
from zhicheng.core.lake.gate.versions import (
    first_kept,
    forget_versions,
    logged_files,
    newest_version,
    oldest_version,
    swept_file,
    version_files,
)


def remove_table(folder: Path) -> None:
    """Remove a table: first out of sight, then its files. Where it has a copy, that is to go as well."""
    if has_mark(folder):
        removed_mark(folder).touch()
    gone = _put_away(folder)
    forget_versions()
    shutil.rmtree(gone)


def replace_table(folder: Path, draft: Path) -> None:
    """Put another state of a table in its place."""
    gone = _put_away(folder) if folder.exists() else None
    draft.rename(folder)
    sync(folder.parent)
    forget_versions()
    if gone is not None:
        shutil.rmtree(gone)


def _put_away(folder: Path) -> Path:
    gone = folder.with_name(f".{folder.name}.{os.urandom(4).hex()}")
    folder.rename(gone)
    return gone


def remove_leftovers(root: Path) -> None:
    """What an interrupted removal left."""
    for gone in root.glob(".*.*"):
        if gone.is_dir():
            shutil.rmtree(gone)


def remove_versions(folder: Path, before: datetime) -> int:
    """Remove the versions that were replaced before an instant; how many. The newest always stays."""
    oldest, newest = oldest_version(folder), newest_version(folder)
    first = first_kept(folder, before)
    if first == oldest:
        return 0
    kept = {path for version in range(first, newest + 1) for path in version_files(folder, version)}
    gone = {path for version in range(oldest, first) for path in version_files(folder, version)} - kept
    mark_swept(folder, first)
    for path in gone:
        remove_file(path)
    return first - oldest


def remove_unnamed(folder: Path, before: datetime) -> int:
    """Remove the data files that no version names: a write that was killed left them; how many.

    Only those last written before an instant, by the clock of the disk: a younger one may belong to a version that is
    about to be made.
    """
    old = {path for path in folder.glob("*.parquet") if path.stat().st_mtime < before.timestamp()}
    left = old - _named(folder, old) if old else old
    for path in left:
        remove_file(path)
    kept = {index_path(path) for path in folder.glob("*.parquet")}
    for index in (folder / FOLDER).glob("*"):
        if index not in kept and index.stat().st_mtime < before.timestamp():
            index.unlink(missing_ok=True)
    return len(left)


def remove_before(folder: Path, before: datetime) -> int:
    """Remove the Parquet files of a folder that is no table, last written before an instant; how many."""
    old = [path for path in folder.glob("*.parquet") if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _named(folder: Path, files: set[Path]) -> set[Path]:
    """The data files of every version that can still be read. The log between is only read for files that need it."""
    try:
        oldest, newest = oldest_version(folder), newest_version(folder)
    except TableUnknown:
        return set()
    named = {*version_files(folder, oldest), *version_files(folder, newest)}
    if files <= named:
        return named
    return named.union(*(logged_files(folder, version, "add") for version in range(oldest + 1, newest + 1)))


def mark_swept(folder: Path, first: int) -> None:
    """Say from which version on a table can be read, before anything is removed: nobody reads half a version."""
    mark = swept_file(folder)
    draft = mark.with_name(f".{mark.name}.{os.urandom(4).hex()}")
    draft.write_text(str(first), encoding="ascii")
    sync(draft)
    draft.replace(mark)
    sync(folder)
