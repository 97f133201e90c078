"""Removing what the lake need not keep: whole tables of results, and the data files of old versions.

The log of a table stays whole, so that a version that was removed is told apart from one that never was; `_swept` in
the table's folder holds the number of the oldest version that can still be read.
"""

import os
import shutil
from datetime import datetime
from pathlib import Path

from zhicheng.core.lake.gate.keys import index_path
from zhicheng.core.lake.gate.parts import sync
from zhicheng.core.lake.gate.versions import (
    committed_at,
    forget_versions,
    newest_version,
    oldest_version,
    swept_file,
    version_files,
)


def remove_table(folder: Path) -> None:
    """Remove a table: first out of sight, then its files."""
    gone = folder.with_name(f".{folder.name}.{os.urandom(4).hex()}")
    folder.rename(gone)
    forget_versions()
    shutil.rmtree(gone)


def remove_leftovers(root: Path) -> None:
    """What an interrupted removal left."""
    for gone in root.glob(".*.*"):
        if gone.is_dir():
            shutil.rmtree(gone)


def remove_versions(folder: Path, before: datetime) -> int:
    """Remove the versions that were replaced before an instant; how many. The newest always stays."""
    oldest, newest = oldest_version(folder), newest_version(folder)
    first = next((v for v in range(oldest, newest) if committed_at(folder, v + 1) >= before), newest)
    if first == oldest:
        return 0
    kept = {path for version in range(first, newest + 1) for path in version_files(folder, version)}
    gone = {path for version in range(oldest, first) for path in version_files(folder, version)} - kept
    mark_swept(folder, first)
    for path in gone:
        path.unlink(missing_ok=True)
        index_path(path).unlink(missing_ok=True)
    return first - oldest


def mark_swept(folder: Path, first: int) -> None:
    """Say from which version on a table can be read, before anything is removed: nobody reads half a version."""
    mark = swept_file(folder)
    draft = mark.with_name(f".{mark.name}.{os.urandom(4).hex()}")
    draft.write_text(str(first), encoding="ascii")
    sync(draft)
    draft.replace(mark)
    sync(folder)
