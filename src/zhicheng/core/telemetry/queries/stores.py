"""Where telemetry keeps what, opened once in each process."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from zhicheng.core.lake.public import lake_root
from zhicheng.core.telemetry.gate.columns import StreamColumns
from zhicheng.core.telemetry.gate.directory import StreamDirectory
from zhicheng.core.telemetry.gate.table import DayTable
from zhicheng.core.telemetry.gate.tail import Tail

OBSERVATION = "observation"


def telemetry_root() -> Path:
    """The folder of everything but the lake's tables."""
    return Path(settings.HOME) / "telemetry"


def open_columns() -> StreamColumns:
    """Columns by stream."""
    return _columns(telemetry_root())


def open_directory() -> StreamDirectory:
    """Keys of streams."""
    found = _directory(telemetry_root())
    found.refresh()
    return found


def open_tail() -> Tail:
    """What is not in the lake yet."""
    return _tail(telemetry_root())


def open_table() -> DayTable:
    """The lake table of observations, as it is now."""
    found = _table(lake_root())
    found.refresh()
    return found


@lru_cache(maxsize=4)
def _columns(root: Path) -> StreamColumns:
    return StreamColumns(root / "columns")


@lru_cache(maxsize=4)
def _directory(root: Path) -> StreamDirectory:
    return StreamDirectory(root / "keys")


@lru_cache(maxsize=4)
def _tail(root: Path) -> Tail:
    return Tail(root)


@lru_cache(maxsize=4)
def _table(root: Path) -> DayTable:
    return DayTable(root / OBSERVATION)
