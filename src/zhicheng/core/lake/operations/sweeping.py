"""What the lake need not keep: results of old runs, versions replaced long ago, files that a killed write left."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from zhicheng.core.lake.gate.sweeping import (
    remove_before,
    remove_leftovers,
    remove_table,
    remove_unnamed,
    remove_versions,
)
from zhicheng.core.lake.gate.versions import list_names, snapshot, table_folder
from zhicheng.core.lake.queries.ingests import rejections_folder
from zhicheng.core.lake.queries.tables import lake_root, list_entities
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.packs.public import NoPackInstalled
from zhicheng.core.parties.values import system_actor
from zhicheng.kit.ids import uuid7

_SWEEPER = system_actor("lake.sweep")
_UNNAMED_KEPT = timedelta(days=7)  # as long as Delta Lake keeps them: no write takes so long


def sweep_tables(prefix: str, *, before: datetime, now: datetime, keep: Collection[str] = ()) -> int:
    """Remove the tables with a prefix that were last written before an instant, but those to keep; how many.

    Whose tables these are says which are still needed: the lake does not know.
    """
    root = lake_root()
    remove_leftovers(root)
    names = [name for name in list_names(root) if name.startswith(prefix) and name not in keep]
    old = [name for name in names if snapshot(table_folder(root, name)).version.at < before]
    for name in old:
        remove_table(table_folder(root, name))
    if old:
        _tell(f"tables:{prefix}", {"tables": len(old), "before": before.isoformat()}, now)
    return len(old)


def sweep_versions(*, before: datetime, now: datetime, more: Iterable[str] = ()) -> int:
    """Remove the versions of declared tables, and of `more`, that were replaced before an instant; how many.

    Data files that no version names go a week after they were written, in every table. Lists of rejected rows go with
    the versions of their time.
    """
    root = lake_root()
    held = set(list_names(root))
    removed = 0
    for table in (*_declared(), *more):
        count = remove_versions(table_folder(root, table), before) if table in held else 0
        if count:
            _tell(f"table:{table}", {"versions": count, "before": before.isoformat()}, now)
        removed += count
    for folder in sorted(root.glob("[a-z]*/")):
        count = remove_unnamed(folder, now - _UNNAMED_KEPT)
        if count:
            _tell(f"table:{folder.name}", {"files": count}, now)
    if lists := remove_before(rejections_folder(), before):
        _tell("rejections", {"files": lists, "before": before.isoformat()}, now)
    return removed


def _declared() -> list[str]:
    try:
        return [table.code for table in list_entities()]
    except NoPackInstalled:
        return []


def _tell(subject: str, data: dict[str, object], now: datetime) -> None:
    record(Entry(uuid7(now), now, _SWEEPER.ref, "lake.swept", subject, data=data))
