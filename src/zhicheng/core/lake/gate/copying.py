"""Carrying a table's versions into an object store, so that it always holds a valid Delta table.

Data files first, then the entry of the log, which is only ever made and never replaced; checkpoints afterwards. Killed
at any moment, it goes on where it stood. A version that was swept here before it was carried is left out: the copy
goes on from a checkpoint.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from deltalake import DeltaTable

from zhicheng.core.lake.errors import CopyDiverged
from zhicheng.core.lake.gate.copied import (
    LAST,
    LOG,
    MARK,
    Mark,
    checkpoints,
    files_of,
    id_of,
    is_carried,
    read_mark,
    removed_mark,
    write_mark,
)
from zhicheng.core.lake.gate.objects import PART_BYTES, ObjectStore
from zhicheng.core.lake.gate.parts import sync
from zhicheng.core.lake.gate.versions import log_file, newest_version

MOST_VERSIONS = 200  # of one table at a time: the others have their turn


def carry(store: ObjectStore, folder: Path, claim: str) -> int:
    """Carry what a table has and its copy lacks; how many versions.

    Raises:
        CopyDiverged: the copy tells another history.
    """
    mark = read_mark(folder, claim) or _adopt(store, folder, claim)
    _put_small(store, folder, mark, "_newest", lambda _: True)
    done = 0
    while done < MOST_VERSIONS and log_file(folder, mark.next).exists():
        if not _carry_version(store, folder, mark.next):
            break
        mark.next += 1
        done += 1
        write_mark(folder, mark)
    if done < MOST_VERSIONS and not is_carried(folder, mark):
        done += _leap(store, folder, mark)
    _carry_checkpoints(store, folder, mark)
    _put_small(store, folder, mark, LAST, lambda text: json.loads(text)["version"] in mark.checkpoints)
    _put_small(store, folder, mark, "_swept", lambda text: int(text) < mark.next)
    write_mark(folder, mark)
    return done


def remove_copy(store: ObjectStore, table: str) -> None:
    """Remove the copy of a table: first its log, so that nobody sees half a table, the mark last."""
    mark = f"{table}/{MARK}"
    keys = [held.key for held in store.list(table) if held.key != mark]
    store.delete(sorted(keys, key=lambda key: not key.startswith(f"{table}/{LOG}/")))
    store.delete([mark])


def _adopt(store: ObjectStore, folder: Path, claim: str) -> Mark:
    """A mark for a table that has none: what the copy has already is found there."""
    table, mine = folder.name, id_of(folder)
    held = store.get(f"{table}/{MARK}")
    theirs = json.loads(held)["id"] if held else ""
    if theirs != mine and held:
        if not removed_mark(folder).exists():
            raise CopyDiverged(table=table, version=0)
        remove_copy(store, table)
    if theirs != mine:
        store.put(f"{table}/{MARK}", json.dumps({"id": mine}).encode())
    mark = Mark(mine, claim, _newest_there(store, folder) + 1)
    removed_mark(folder).unlink(missing_ok=True)
    write_mark(folder, mark)
    return mark


def _newest_there(store: ObjectStore, folder: Path) -> int:
    """The newest version that the copy has, which must be one of the table's."""
    names = (held.key.rpartition("/")[2] for held in store.list(f"{folder.name}/{LOG}"))
    newest = max((int(name[:20]) for name in names if name.endswith(".json") and name[:20].isdigit()), default=-1)
    if newest > newest_version(folder):
        raise CopyDiverged(table=folder.name, version=newest_version(folder) + 1)
    if newest >= 0 and log_file(folder, newest).exists():
        _put_entry(store, folder, newest)
    return newest


def _carry_version(store: ObjectStore, folder: Path, version: int) -> bool:
    """One version; False where some of it is here no more."""
    try:
        for path in _added(log_file(folder, version)):
            _put_data(store, folder, path)
        _put_entry(store, folder, version)
    except FileNotFoundError:
        return False
    return True


def _added(entry: Path) -> Iterator[str]:
    for line in entry.read_text(encoding="utf-8").splitlines():
        if found := json.loads(line).get("add"):
            yield unquote(found["path"])


def _put_data(store: ObjectStore, folder: Path, path: str) -> None:
    """Data files never change: a large one that is there already was carried before this was killed."""
    file, key = folder / path, f"{folder.name}/{path}"
    size = file.stat().st_size
    if size < PART_BYTES or store.size_of(key) != size:
        store.put_file(key, file)


def _put_entry(store: ObjectStore, folder: Path, version: int) -> None:
    entry = log_file(folder, version)
    body, key = entry.read_bytes(), f"{folder.name}/{LOG}/{entry.name}"
    sync(entry)  # its writer may be about to: the copy never knows more than the disk after a loss of power
    sync(entry.parent)
    if not store.put_new(key, body) and store.get(key) != body:
        raise CopyDiverged(table=folder.name, version=version)


def _leap(store: ObjectStore, folder: Path, mark: Mark) -> int:
    """Go on from a checkpoint of the newest version, where those between are here no more."""
    newest = newest_version(folder)
    if not _checkpoint(folder, newest).exists():
        DeltaTable(str(folder), version=newest).create_checkpoint()
    held = {each.key: each.size_bytes for each in store.list(folder.name)}
    try:
        for path, size_bytes in files_of(folder, newest).items():
            if held.get(f"{folder.name}/{path}") != size_bytes:
                store.put_file(f"{folder.name}/{path}", folder / path)
        store.put_file(f"{folder.name}/{LOG}/{_checkpoint(folder, newest).name}", _checkpoint(folder, newest))
        _put_entry(store, folder, newest)
    except FileNotFoundError:  # swept just now: the next round takes a newer one
        return 0
    mark.next, mark.checkpoints = newest + 1, [newest]
    write_mark(folder, mark)
    return 1


def _checkpoint(folder: Path, version: int) -> Path:
    return folder / LOG / f"{version:020d}.checkpoint.parquet"


def _carry_checkpoints(store: ObjectStore, folder: Path, mark: Mark) -> None:
    """Checkpoints of carried versions; the files they name are in the copy, as the versions are."""
    found = [version for version in checkpoints(path.name for path in (folder / LOG).iterdir()) if version < mark.next]
    for version in sorted(set(found) - set(mark.checkpoints)):
        try:
            store.put_file(f"{folder.name}/{LOG}/{_checkpoint(folder, version).name}", _checkpoint(folder, version))
        except FileNotFoundError:  # swept just now
            found.remove(version)
    mark.checkpoints = found


def _put_small(store: ObjectStore, folder: Path, mark: Mark, name: str, is_ready: Callable[[str], bool]) -> None:
    """A small file that changes, once what it names is in the copy."""
    try:
        text = (folder / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    if mark.small.get(name) != text and is_ready(text):
        store.put(f"{folder.name}/{name}", text.encode())
        mark.small[name] = text
