"""The state of alarm conditions, mapped once in each process."""

from functools import lru_cache
from pathlib import Path

from zhicheng.core.telemetry.gate.watched import WatchedStreams
from zhicheng.core.telemetry.queries.stores import telemetry_root


def open_watched() -> WatchedStreams:
    """The state that every process maps."""
    return _watched(telemetry_root())


@lru_cache(maxsize=4)
def _watched(root: Path) -> WatchedStreams:
    return WatchedStreams(root / "alarms")
