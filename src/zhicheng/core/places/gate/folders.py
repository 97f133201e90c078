"""Where layer indexes lie: `places/<layer>/<version>-<mark>/`, and `current`, which names the one to read.

A folder appears whole, by a rename; `current` changes by a rename too. What was replaced stays for a while, because
others read it still and because a list that somebody pages through belongs to its version.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from zhicheng.core.places.values import Layer

CURRENT, META = "current", "meta.json"
FORMAT = 1
"""The layout of an index. One with another number is built again."""


def form_of(layer: Layer) -> list[Any]:
    """What of a declaration an index is made by. One made by another is served without its ready features."""
    return [layer.geometry, layer.key, layer.name, [[one.code, one.type.value, one.personal] for one in layer.columns]]


def current_folder(root: Path) -> Path | None:
    """The folder that `current` names; None where there is none."""
    try:
        name = (root / CURRENT).read_text(encoding="ascii")
    except (FileNotFoundError, NotADirectoryError):
        return None
    return root / name


def version_folder(root: Path, version: int) -> Path | None:
    """The newest folder of a version that is still there."""
    found = [path for path in root.glob(f"{version}-*") if (path / META).exists()]
    return max(found, key=lambda path: path.stat().st_mtime_ns, default=None)


def read_meta(folder: Path) -> dict[str, Any]:
    """What an index says of itself; empty where it is none, or one of another layout."""
    try:
        meta: dict[str, Any] = json.loads((folder / META).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return {}
    return meta if meta.get("format") == FORMAT else {}


@contextmanager
def new_folder(root: Path, version: int) -> Iterator[Path]:
    """A folder to build in; at the end of the block it becomes the current one, or is gone if the block failed."""
    root.mkdir(parents=True, exist_ok=True)
    draft = root / f".{version}-{os.urandom(4).hex()}"
    draft.mkdir()
    try:
        yield draft
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    before = current_folder(root)
    final = root / draft.name.removeprefix(".")
    draft.rename(final)
    pointer = root / f".{CURRENT}.{os.urandom(4).hex()}"
    pointer.write_text(final.name, encoding="ascii")
    pointer.replace(root / CURRENT)
    if before is not None and before.exists():
        os.utime(before)  # from now on it is old


@contextmanager
def building(root: Path, *, waits: bool = False) -> Iterator[bool]:
    """Whether nobody else builds an index of this layer; nobody else does inside the block. Who `waits` has a turn."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def remove_index(root: Path) -> None:
    """Nothing is served from now on; the files go with the next sweep."""
    (root / CURRENT).unlink(missing_ok=True)


def sweep_folders(root: Path, *, older_than_s: float) -> int:
    """Remove the folders that were replaced long ago, and what interrupted builds left; how many."""
    kept = current_folder(root)
    before = time.time() - older_than_s
    folders = [path for path in root.iterdir() if path.is_dir() and path != kept] if root.is_dir() else []
    old = [path for path in folders if path.stat().st_mtime < before]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)
