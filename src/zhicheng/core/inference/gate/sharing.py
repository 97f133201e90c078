"""Large arrays that never change, kept once for all processes of a machine: they lie in a file that each maps."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import structlog

_log = structlog.get_logger("zhicheng.inference")


def shared(path: Path, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same array out of a file, written where it is not there or holds another; `array` itself without a disk."""
    try:
        found = _mapped(path, array)
        if found is None:
            _write(path, array)
            found = _mapped(path, array)
    except OSError as error:
        _log.warning("an array is not shared", path=path.name, error=str(error)[:200])
        return array
    return array if found is None else found


def _mapped(path: Path, array: npt.NDArray[Any]) -> npt.NDArray[Any] | None:
    try:
        held = np.load(path, mmap_mode="r", allow_pickle=False)
    except (FileNotFoundError, EOFError, ValueError):
        return None
    return held if held.dtype == array.dtype and np.array_equal(held, array) else None


def _write(path: Path, array: npt.NDArray[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{os.urandom(4).hex()}-{path.name}")  # ends in .npy, or numpy would add it
    try:
        np.save(draft, array, allow_pickle=False)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
