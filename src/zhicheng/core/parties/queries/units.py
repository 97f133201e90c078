"""The tree of units, kept in the process until the table changes."""

import time
from datetime import datetime
from threading import Lock

from django.db.models import Count, Max

from zhicheng.core.parties import models
from zhicheng.core.parties.values import Unit, UnitTree

_FRESH_S = 1.0


class _TreeCache:
    """One tree a process; asks the table at most once a second whether it changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tree: UnitTree | None = None
        self._stamp: tuple[datetime | None, int] = (None, 0)
        self._checked_s = 0.0

    def get(self) -> UnitTree:
        now_s = time.monotonic()
        if self._tree is not None and now_s - self._checked_s < _FRESH_S:
            return self._tree
        with self._lock:
            stamp = _stamp()
            if self._tree is None or stamp != self._stamp:
                self._tree, self._stamp = _load(), stamp
            self._checked_s = now_s
            return self._tree

    def forget(self) -> None:
        """Ask the table again at the next call."""
        with self._lock:
            self._tree = None


_cache = _TreeCache()


def get_unit_tree() -> UnitTree:
    """All units, ended ones too; at most one second older than the table."""
    return _cache.get()


def forget_unit_tree() -> None:
    """Drop the cached tree of this process: after an install, and between tests."""
    _cache.forget()


def _stamp() -> tuple[datetime | None, int]:
    found = models.Unit.objects.aggregate(latest=Max("updated_at"), count=Count("code"))
    return found["latest"], found["count"]


def _load() -> UnitTree:
    columns = ("code", "name", "kind", "parent_id", "division", "function", "ended_date", "successor_id")
    return UnitTree(Unit(*row) for row in models.Unit.objects.order_by("code").values_list(*columns))


def list_living_units() -> list[tuple[str, str]]:
    """Code and name of every unit that has not ended, straight from the table."""
    return list(models.Unit.objects.filter(ended_date__isnull=True).order_by("code").values_list("code", "name"))
