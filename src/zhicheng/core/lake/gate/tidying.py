"""Removing from the copy what was removed here: data files and log of versions swept, tables of results.

Nothing goes that the newest version of the copy names, and no table that was not removed by the lake itself: one that
is missing here for another reason is kept, to be restored.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from zhicheng.core.lake.gate.copied import (
    LOG,
    MARK,
    Mark,
    checkpoints,
    files_of,
    is_carried,
    oldest_logged,
    read_mark,
    removed_mark,
)
from zhicheng.core.lake.gate.copying import remove_copy
from zhicheng.core.lake.gate.objects import Held, ObjectStore


def tidy(store: ObjectStore, root: Path, claim: str) -> list[str]:
    """Tidy the whole copy; the tables that it has and this lake has lost."""
    store.abandon_uploads()
    lost = []
    for table, group in groupby(store.list(), lambda held: held.key.partition("/")[0]):
        objects, folder = list(group), root / table
        if f"{table}/{MARK}" not in {held.key for held in objects}:
            continue  # nothing of ours
        if not (folder / LOG).is_dir():
            lost += _without_table(store, folder)
        elif (mark := read_mark(folder, claim)) is not None and is_carried(folder, mark):
            store.delete(list(_gone(folder, mark, objects)))
    return lost


def _without_table(store: ObjectStore, folder: Path) -> list[str]:
    if not removed_mark(folder).exists():
        return [folder.name]
    remove_copy(store, folder.name)
    removed_mark(folder).unlink()
    return []


def _gone(folder: Path, mark: Mark, objects: Sequence[Held]) -> Iterator[str]:
    """What this disk has no more and the copy needs no more."""
    paths = [held.key.partition("/")[2] for held in objects]
    data = {path for path in paths if path.endswith(".parquet") and not path.startswith(f"{LOG}/")}
    missing = {path for path in data if not (folder / path).exists()}
    if missing:
        missing -= files_of(folder, mark.next - 1).keys()
    first = _first_kept(folder, paths)
    for path in paths:
        if path in missing or (_logged(path) < first and not (folder / path).exists()):
            yield f"{folder.name}/{path}"


def _first_kept(folder: Path, paths: Sequence[str]) -> int:
    """The log of the copy is needed from its newest checkpoint on that is no newer than what can be read here.

    Where the copy leapt over versions, that is the first one after the leap.
    """
    oldest = oldest_logged(folder)
    names = [path.rpartition("/")[2] for path in paths if path.startswith(f"{LOG}/")]
    start = min((int(name[:20]) for name in names if name.endswith(".json") and int(name[:20]) >= oldest), default=0)
    return max((version for version in checkpoints(iter(names)) if version <= start), default=0)


def _logged(path: str) -> int:
    """The version of a file of the log; beyond all for other files."""
    folder, _, name = path.rpartition("/")
    return int(name[:20]) if folder == LOG and name[:20].isdigit() else 1 << 62
