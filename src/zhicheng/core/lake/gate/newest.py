"""Tables in which the newest row of a key wins: changes are appended, older rows are left out when read.

Data files named `base-…` hold each key once; all others hold changes since. A row's `projected` is the version of
the table that brought it. A mark in the folder names the key, as Delta Lake has no place for it.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from zhicheng.core.lake.gate.parts import sync

PROJECTED = "projected"  # the column that every projected table has besides those declared
BASE = "base-"


def key_of(folder: Path) -> str:
    """The key by which the newest row wins; empty where all rows count."""
    mark = _mark(folder)
    return mark.read_text(encoding="ascii") if mark.exists() else ""


def mark_newest(folder: Path, key: str) -> None:
    """Say that of a key the newest row wins: before the first version appears."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = _mark(folder)
    if mark.exists():
        return
    draft = mark.with_name(f".{mark.name}.{os.urandom(4).hex()}")
    draft.write_text(key, encoding="ascii")
    sync(draft)
    draft.replace(mark)
    sync(folder)


def _mark(folder: Path) -> Path:
    return folder / "_newest"


def split(files: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The files that hold each key once, and those with changes."""
    return [file for file in files if file.name.startswith(BASE)], [
        file for file in files if not file.name.startswith(BASE)
    ]


def newest_sql(files: Sequence[Path], key: str) -> str:
    """The rows that count: those of the base that were not changed since, and the last change of each key."""
    base, tail = split(files)
    if not tail:
        return f"SELECT * FROM {_read(base)}"
    changes = (
        f'SELECT * FROM {_read(tail)} QUALIFY row_number() OVER (PARTITION BY "{key}" ORDER BY {PROJECTED} DESC) = 1'
    )
    if not base:
        return changes
    return (
        f"WITH changed AS MATERIALIZED ({changes}) SELECT * FROM {_read(base)} AS kept "
        f'WHERE NOT EXISTS (SELECT 1 FROM changed WHERE changed."{key}" = kept."{key}") '
        f"UNION ALL BY NAME SELECT * FROM changed"
    )


def _read(files: Sequence[Path]) -> str:
    names = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    return f"read_parquet([{names}], union_by_name = true)"
