"""The readers that a process holds: one a layer, changed within seconds of a new version."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from zhicheng.core.lake.values import TableVersion
from zhicheng.core.places.errors import LayerEmpty
from zhicheng.core.places.gate.folders import current_folder, read_meta, version_folder
from zhicheng.core.places.gate.reader import LayerReader
from zhicheng.core.places.values import Layer

RECHECK_S = 2.0
_MOST_OLDER = 8  # readers of replaced versions, for lists that are being paged through


@dataclass
class _Held:
    reader: LayerReader
    checked_s: float


_held: dict[Path, _Held] = {}
_older: dict[Path | None, LayerReader] = {}
_lock = threading.Lock()


def open_current(root: Path, layer: Layer) -> LayerReader:
    """The reader of the current index of a layer, kept for the next who asks.

    Raises:
        LayerEmpty: there is none.
    """
    held = _held.get(root)
    if held is not None and held.reader.layer is layer and time.monotonic() - held.checked_s < RECHECK_S:
        return held.reader
    with _lock:
        folder = current_folder(root)
        held = _held.get(root)
        if held is None or held.reader.folder != folder or held.reader.layer is not layer:
            _held.pop(root, None)
            held = _held[root] = _Held(_open(folder, layer), 0.0)
        held.checked_s = time.monotonic()
        return held.reader


def open_version(root: Path, layer: Layer, version: int) -> LayerReader:
    """A reader of an older version, while its index is still there.

    Raises:
        LayerEmpty: it is not.
    """
    held = _held.get(root)
    if held is not None and held.reader.version.version == version and held.reader.layer is layer:
        return held.reader
    folder = version_folder(root, version)
    with _lock:
        kept = _older.get(folder)
        if kept is None or kept.layer is not layer:
            kept = _open(folder, layer)
            _older.pop(folder, None)
            while len(_older) >= _MOST_OLDER:
                del _older[next(iter(_older))]
            _older[folder] = kept
        return kept


def forget_readers() -> None:
    """Look at the files again at the next question: after a build in this process, and between tests."""
    _held.clear()
    _older.clear()


def _open(folder: Path | None, layer: Layer) -> LayerReader:
    meta = read_meta(folder) if folder is not None else {}
    if folder is None or not meta:
        raise LayerEmpty(layer=layer.code)
    at = datetime.fromisoformat(meta["at"])
    version = TableVersion(layer.table.code, meta["version"], at, meta["count"], meta["digest"])
    try:
        return LayerReader(layer, version, folder, meta)
    except FileNotFoundError:  # it was swept while it was opened
        raise LayerEmpty(layer=layer.code) from None
