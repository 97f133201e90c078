"""A value that many readers see and that may be a little old: counted once, shown for a while by this process."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Asks `count` at most once in `life`, however many ask; while one counts, the others see the last value."""

    def __init__(self, count: Callable[[datetime], Value], life: timedelta) -> None:
        self._count, self._life = count, life
        self._kept: tuple[datetime, Value] | None = None
        self._counting = threading.Lock()

    def get(self, now: datetime) -> tuple[datetime, Value]:
        """The value and when it was counted."""
        kept = self._kept
        if kept is not None and timedelta(0) <= now - kept[0] < self._life:
            return kept
        if kept is not None and self._counting.locked():
            return kept
        with self._counting:
            fresh = (now, self._count(now))
            self._kept = fresh
        return fresh

    def forget(self) -> None:
        """Count anew the next time."""
        self._kept = None
