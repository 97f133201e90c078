"""How far the copy of a table has come: a mark in the table's folder, one of its own in the copy.

The mark is only a hint: where it is lost, or older than the copy, what is carried again is compared and left as it is.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable

from zhicheng.core.lake.gate.versions import log_file

MARK = "_carried"  # in the copy
_HERE = ".carried"  # hidden: a backup takes no file that changes all day
LOG = "_delta_log"
LAST = f"{LOG}/_last_checkpoint"


@dataclass
class Mark:
    """How far a table was carried, to whose copy. `small` are small files that change, as they were carried."""

    table_id: str
    claim: str
    next: int = 0
    checkpoints: list[int] = field(default_factory=list)
    small: dict[str, str] = field(default_factory=dict)


def read_mark(folder: Path, claim: str) -> Mark | None:
    """The mark of a table; None where there is none of this claim."""
    try:
        mark = Mark(**json.loads((folder / _HERE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return mark if mark.claim == claim else None


def write_mark(folder: Path, mark: Mark) -> None:
    """Keep a mark: it appears whole."""
    replace_text(folder / _HERE, json.dumps(asdict(mark)))


def has_mark(folder: Path) -> bool:
    """Whether a table was ever carried."""
    return (folder / _HERE).exists()


def forget_mark(folder: Path) -> None:
    """Begin the copy of a table anew."""
    (folder / _HERE).unlink(missing_ok=True)


def removed_mark(folder: Path) -> Path:
    """Where it is said that a table was removed whose copy is still there."""
    return folder.with_name(f".removed-{folder.name}")


def replace_text(path: Path, text: str) -> None:
    """Write a small file that appears whole."""
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def id_of(folder: Path) -> str:
    """Which table this is: another of the same name has another."""
    return str(DeltaTable(str(folder)).metadata().id)


def files_of(folder: Path, version: int) -> dict[str, int]:
    """The data files of a version, by their path in the table's folder, with their sizes."""
    adds = pa.table(DeltaTable(str(folder), version=version).get_add_actions())
    return dict(zip(adds.column("path").to_pylist(), adds.column("size_bytes").to_pylist(), strict=True))


def is_carried(folder: Path, mark: Mark) -> bool:
    """Whether the copy has every version of a table."""
    if log_file(folder, mark.next).exists():
        return False
    return mark.next > 0 and log_file(folder, mark.next - 1).exists()


def count_behind(folder: Path, mark: Mark | None) -> int:
    """How many versions the copy lacks."""
    if mark is not None and is_carried(folder, mark):
        return 0
    return max(_logged(folder), default=-1) + 1 - (mark.next if mark else 0)


def _logged(folder: Path) -> Iterator[int]:
    for path in (folder / LOG).iterdir():
        if path.suffix == ".json" and path.name[:20].isdigit():
            yield int(path.name[:20])


def oldest_logged(folder: Path) -> int:
    """The oldest version whose entry the log still has."""
    return min(_logged(folder), default=0)


def checkpoints(names: Iterator[str]) -> list[int]:
    """The versions of which names of log files say that there is a checkpoint, ascending."""
    return sorted(int(name[:20]) for name in names if name.endswith(".checkpoint.parquet") and name[:20].isdigit())
