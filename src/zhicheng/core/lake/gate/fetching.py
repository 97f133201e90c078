"""Bringing a table back from its copy: into a folder of its own first, so that it appears whole."""

from collections.abc import Sequence
from pathlib import Path

from zhicheng.core.lake.errors import CopyFailed, CopyIncomplete
from zhicheng.core.lake.gate.copied import MARK, files_of
from zhicheng.core.lake.gate.objects import Held, ObjectStore
from zhicheng.core.lake.gate.parts import sync
from zhicheng.core.lake.gate.versions import newest_version

RESTORING = "_restoring"


def fetch_table(store: ObjectStore, root: Path, table: str, objects: Sequence[Held]) -> int:
    """Fetch a table; how many bytes came. What an interrupted fetch brought is not fetched again.

    Raises:
        CopyIncomplete: the newest version names files that the copy has not.
        CopyFailed: an object could not be fetched, or would lie outside the table.
    """
    draft = root / RESTORING / table
    came = sum(_fetch(store, draft, held) for held in objects if not held.key.endswith(f"/{MARK}"))
    present = {held.key.partition("/")[2]: held.size_bytes for held in objects}
    missing = files_of(draft, newest_version(draft)) - set(present)
    if missing:
        raise CopyIncomplete(table=table, missing=len(missing))
    for folder in [draft, *(path for path in draft.rglob("*") if path.is_dir())]:
        sync(folder)
    draft.rename(root / table)
    sync(root)
    return came


def _fetch(store: ObjectStore, draft: Path, held: Held) -> int:
    path = draft / held.key.partition("/")[2]
    if ".." in path.parts:
        raise CopyFailed(status=200, reason="Key", key=held.key)
    if path.exists() and path.stat().st_size == held.size_bytes:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    store.fetch(held.key, part)
    part.replace(path)
    return held.size_bytes
