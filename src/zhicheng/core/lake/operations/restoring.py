"""Bringing the lake back from its copy onto a disk that has lost it, and owning the copy from then on."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from zhicheng.core.lake.errors import CopyEmpty
from zhicheng.core.lake.gate.copied import LOG, MARK
from zhicheng.core.lake.gate.fetching import RESTORING, fetch_table, is_behind
from zhicheng.core.lake.gate.objects import Held, ObjectStore
from zhicheng.core.lake.gate.owning import claim_here, owner_of, require_silent, take_over
from zhicheng.core.lake.gate.versions import table_folder
from zhicheng.core.lake.operations.copying import only_copier
from zhicheng.core.lake.queries.copies import open_store
from zhicheng.core.lake.queries.tables import lake_root


@dataclass(frozen=True)
class Brought:
    """What became of one table: how many bytes came, or that this disk has it already."""

    table: str
    size_bytes: int
    was_here: bool = False


def restore_lake(tables: Collection[str] = (), *, now: datetime, force: bool = False) -> Iterator[Brought]:
    """Bring tables back, all unless some are named, one after the other.

    Those on this disk stay as they are, but for older states of the copy, such as a backup put back, which catch up.

    Interrupted, it goes on where it stood. When all have come, this city owns the copy. `force` does so although the
    one that owns it wrote a moment ago.

    Raises:
        CopyEmpty: there is no copy.
        CopyInUse: its owner wrote a moment ago.
        CopyIncomplete: a table lacks files.
    """
    root = lake_root()
    with only_copier(wait=True), open_store() as store:
        owner = owner_of(store)
        if owner is None:
            raise CopyEmpty(place=store.bucket.address)
        if owner.claim != claim_here(root) and not force:
            require_silent(owner, now=now)
        for table, objects in _copied(store):
            if tables and table not in tables:
                continue
            folder = table_folder(root, table)
            if (folder / LOG).is_dir() and not is_behind(store, folder, objects):
                yield Brought(table, 0, was_here=True)
            else:
                yield Brought(table, fetch_table(store, root, table, objects))
        if owner.claim != claim_here(root):
            take_over(store, root, now=now)
        if (root / RESTORING).is_dir() and not any((root / RESTORING).iterdir()):
            (root / RESTORING).rmdir()


def _copied(store: ObjectStore) -> Iterator[tuple[str, list[Held]]]:
    for table, group in groupby(store.list(), lambda held: held.key.partition("/")[0]):
        objects = list(group)
        if any(held.key == f"{table}/{MARK}" for held in objects):
            yield table, objects
