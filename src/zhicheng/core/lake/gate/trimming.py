"""Removing old versions of a table with many: also their log, which would grow by thousands of files a day.

What is removed is read from the log itself: a file that a later version took out is needed by no version after it.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from deltalake import DeltaTable

from zhicheng.core.lake.gate.parts import remove_file
from zhicheng.core.lake.gate.sweeping import mark_swept
from zhicheng.core.lake.gate.versions import first_kept, logged_files, oldest_version

_FEW = 200  # versions that are not worth a round


def trim(folder: Path, before: datetime) -> int:
    """Remove the versions that were replaced before an instant; how many. The newest always stays."""
    oldest, first = oldest_version(folder), first_kept(folder, before)
    if first - oldest < _FEW:
        return 0
    start = _checkpoint(folder, first)
    gone = {path for version in range(oldest + 1, first + 1) for path in logged_files(folder, version, "remove")}
    mark_swept(folder, first)
    for path in gone:
        remove_file(path)
    for path in _logs(folder):
        if int(path.name.partition(".")[0]) < start:
            path.unlink(missing_ok=True)
    return first - oldest


def _checkpoint(folder: Path, version: int) -> int:
    """The newest checkpoint that is not newer than a version; one is made where there is none."""
    found = [int(path.name.partition(".")[0]) for path in _logs(folder) if path.name.endswith(".checkpoint.parquet")]
    older = [number for number in found if number <= version]
    if older:
        return max(older)
    DeltaTable(str(folder), version=version).create_checkpoint()
    return version


def _logs(folder: Path) -> Iterator[Path]:
    return (folder / "_delta_log").glob("[0-9]*.*")
