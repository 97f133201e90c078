"""Bringing a table back from its copy: into a folder of its own first, so that it appears whole."""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from zhicheng.core.lake.errors import CopyFailed, CopyIncomplete
from zhicheng.core.lake.gate.copied import LOG, MARK, files_of, id_of
from zhicheng.core.lake.gate.objects import Held, ObjectStore
from zhicheng.core.lake.gate.parts import sync
from zhicheng.core.lake.gate.sweeping import replace_table
from zhicheng.core.lake.gate.versions import log_file, newest_version

RESTORING = "_restoring"
_AT_ONCE = 8  # small objects take their time on the way


def fetch_table(store: ObjectStore, root: Path, table: str, objects: Sequence[Held]) -> int:
    """Fetch a table; how many bytes came. What an interrupted fetch brought is not fetched again.

    An older state of the same table that is on this disk goes; its data files are used.

    Raises:
        CopyIncomplete: the newest version names files that the copy has not.
        CopyFailed: an object could not be fetched, or would lie outside the table.
    """
    draft = root / RESTORING / table
    wanted = [held for held in objects if not held.key.endswith(f"/{MARK}")]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        came = sum(threads.map(lambda held: _fetch(store, draft, held, root / table), wanted))
    present = {held.key.partition("/")[2]: held.size_bytes for held in objects}
    named = files_of(draft, newest_version(draft))
    missing = [path for path, size_bytes in named.items() if present.get(path) != size_bytes]
    if missing:
        raise CopyIncomplete(table=table, missing=len(missing))
    for folder in [draft, *(path for path in draft.rglob("*") if path.is_dir())]:
        sync(folder)
    replace_table(root / table, draft)
    return came


def is_behind(store: ObjectStore, folder: Path, objects: Sequence[Held]) -> bool:
    """Whether a table on this disk is an older state of its copy: an old backup was put back."""
    if json.loads(store.get(f"{folder.name}/{MARK}") or b"{}").get("id") != id_of(folder):
        return False
    newest = log_file(folder, newest_version(folder))
    names = {held.key for held in objects}
    key, following = (f"{folder.name}/{LOG}/{path.name}" for path in (newest, log_file(folder, int(newest.stem) + 1)))
    return following in names and store.get(key) == newest.read_bytes()


def _fetch(store: ObjectStore, draft: Path, held: Held, before: Path) -> int:
    path = draft / held.key.partition("/")[2]
    if ".." in path.parts or not path.is_relative_to(draft):
        raise CopyFailed(status=200, reason="Key", key=held.key)
    if path.exists() and path.stat().st_size == held.size_bytes:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    known = before / path.relative_to(draft)
    is_data = path.suffix == ".parquet" and LOG not in path.parts  # which never changes
    if is_data and known.exists() and known.stat().st_size == held.size_bytes:
        os.link(known, path)
        return 0
    part = path.with_name(f".{path.name}.part")
    store.fetch(held.key, part)
    part.replace(path)
    return held.size_bytes
