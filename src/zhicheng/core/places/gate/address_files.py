"""The arrays of an address index as files: written beside the one in use, put in its place in one step, mapped."""

import json
import shutil
from pathlib import Path

import numpy as np

from zhicheng.engines.addresses.finding.index import AddressIndex

_KEPT = 2  # the newest, and the one that another process may be about to open
_HEAD = "index.json"
_FORMAT = 1
_UNFINISHED = ".unfinished"


def write_index(index: AddressIndex, folder: Path, version: str) -> Path:
    """Keep an index under a version in `folder`; it is seen as a whole or not at all. Older ones go.

    Raises:
        OSError: the disk is full, or cannot be written.
    """
    for left in folder.glob(f"*{_UNFINISHED}"):  # who was killed while writing one left it; one writes at a time
        shutil.rmtree(left, ignore_errors=True)
    made = folder / f"{version}{_UNFINISHED}"
    made.mkdir(parents=True)
    for name, values in index.arrays().items():
        np.save(made / f"{name}.npy", values, allow_pickle=False)
    number = max([0, *(_number(found) for found in _finished(folder))]) + 1
    (made / _HEAD).write_text(json.dumps({"format": _FORMAT, "version": version, "number": number}))
    done = folder / f"{number:06d}"
    made.rename(done)
    for old in sorted(_finished(folder), key=_number)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return done


def newest_index(folder: Path) -> Path | None:
    """Where the newest index lies; `None` where there is none."""
    return max(_finished(folder), key=_number, default=None)


def version_of(folder: Path) -> str:
    """From which tables an index was made, as it was given to `write_index`."""
    return str(json.loads((folder / _HEAD).read_text())["version"])


def open_index(folder: Path) -> AddressIndex:
    """An index, mapped into memory: pages are read when they are asked for.

    Raises:
        FileNotFoundError: it was replaced in the meantime.
    """
    arrays = {path.stem: np.load(path, mmap_mode="r", allow_pickle=False) for path in folder.glob("*.npy")}
    if not arrays:
        raise FileNotFoundError(folder)
    return AddressIndex.of({name: values.view(np.ndarray) for name, values in arrays.items()})


def _finished(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*") if path.name.isdecimal()] if folder.is_dir() else []


def _number(folder: Path) -> int:
    return int(folder.name)
