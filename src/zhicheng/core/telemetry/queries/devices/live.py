"""The live map of devices: one picture for all who look, renewed while somebody looks, and what changed since."""

import gzip
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhicheng.core.telemetry.base.livebytes import (
    ALARM,
    GONE,
    OFFLINE,
    ONLINE,
    UNHEARD,
    LiveRows,
    changes_bytes,
    in_units,
    snapshot_bytes,
)
from zhicheng.core.telemetry.queries.devices.lists import silence_of
from zhicheng.core.telemetry.queries.devices.models import list_models
from zhicheng.core.telemetry.queries.devices.registered import (
    Registered,
    alarmed_everywhere,
    registered_devices,
    registry_mark,
)
from zhicheng.core.telemetry.queries.latest import latest_instants
from zhicheng.core.telemetry.values import Ints, to_us

_LOOK = timedelta(milliseconds=900)
_READ_AGAIN, _AGAIN_ROWS_A_S = timedelta(seconds=15), 10_000
_READ_NEW, _NEW_ROWS_A_S = timedelta(seconds=2), 50_000
_KEPT = timedelta(seconds=5)  # an older snapshot is as good: what came since is asked for with the first changes
_PACKING = 4


@dataclass(frozen=True)
class LiveSnapshot:
    """Every device, as plain and as packed (gzip) bytes; `tag` names this picture."""

    tag: str
    body: bytes
    packed: bytes


class LiveDevices:
    """One picture, shared by all threads of a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoch = secrets.randbits(32)
        self._sequence = 1
        self._rows = _no_rows()
        self._changed, self._placed = np.zeros(0, np.uint32), np.zeros(0, np.uint32)
        self._stream, self._owner = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._models: list[str] = []
        self._mark: tuple[int, int] | None = None
        self._read_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._made_at: datetime | None = None
        self._gone = np.zeros(0, np.bool_)
        self._snapshot: LiveSnapshot | None = None

    def snapshot(self, now: datetime) -> LiveSnapshot:
        """All devices, at most a few seconds old."""
        with self._lock:
            self._look(now)
            if self._snapshot is None or _is_over(self._made_at, now, _KEPT):
                self._snapshot = self._make()
                self._made_at = now
            return self._snapshot

    def changes(self, epoch: int, since: int, now: datetime) -> bytes | None:
        """What changed after a sequence number; None where the picture that it counts in is not this one."""
        with self._lock:
            if epoch != self._epoch or since > self._sequence:
                return None
            self._look(now)
            placed = np.flatnonzero(self._placed > since)
            changed = np.flatnonzero(self._changed > since)
            return changes_bytes(self._epoch, self._sequence, self._rows, placed, changed)

    def _make(self) -> LiveSnapshot:
        tag = f"{self._epoch:x}-{self._sequence}"
        if self._snapshot is not None and self._snapshot.tag == tag:
            return self._snapshot
        models = list_models()
        kinds = [{"code": "", "label": "其他", "kind": "other"}]
        kinds += [{"code": code, "label": models[code].label, "kind": models[code].kind} for code in self._models]
        body = snapshot_bytes(self._epoch, self._sequence, self._rows, kinds)
        return LiveSnapshot(tag, body, gzip.compress(body, _PACKING, mtime=0))

    def _look(self, now: datetime) -> None:
        if not _is_over(self._looked_at, now, _LOOK):
            return
        models, mark = sorted(list_models())[:255], registry_mark()
        if models != self._models:
            self._begin(models)
        if self._is_due(mark, now):
            self._take(registered_devices(models))
            self._mark, self._read_at = mark, now
        self._judge(now)
        self._looked_at = now

    def _is_due(self, mark: tuple[int, int], now: datetime) -> bool:
        """Whether the registry is to be read again: soon after a device was added or moved, and now and then.

        The more there are, the longer it takes, and the longer it may wait.
        """
        count = len(self._rows)
        if mark != self._mark and _is_over(self._read_at, now, _READ_NEW + timedelta(seconds=count / _NEW_ROWS_A_S)):
            return True
        return _is_over(self._read_at, now, _READ_AGAIN + timedelta(seconds=count / _AGAIN_ROWS_A_S))

    def _begin(self, models: list[str]) -> None:
        """Other models give other kinds: a new picture."""
        self._epoch, self._models, self._read_at, self._snapshot = secrets.randbits(32), models, None, None
        self._rows = _no_rows()
        self._changed, self._placed = np.zeros(0, np.uint32), np.zeros(0, np.uint32)

    def _take(self, found: Registered) -> None:
        """Devices as they are registered now: new ones get new rows, the others keep theirs."""
        rows, longitude, latitude = self._rows, in_units(found.longitude), in_units(found.latitude)
        order = np.argsort(rows.thing, kind="stable")
        places = np.minimum(np.searchsorted(rows.thing, found.thing, sorter=order), max(len(rows) - 1, 0))
        known = rows.thing[order[places]] == found.thing if len(rows) else np.zeros(len(found.thing), np.bool_)
        row_of = np.empty(len(found.thing), np.int64)
        row_of[known] = order[places[known]]
        fresh = np.flatnonzero(~known)
        row_of[fresh] = np.arange(len(rows), len(rows) + len(fresh))
        moved = known.copy()
        old = row_of[known]
        moved[known] = (rows.longitude[old] != longitude[known]) | (rows.latitude[old] != latitude[known])
        self._grow(found, fresh)
        self._rows.longitude[row_of], self._rows.latitude[row_of] = longitude, latitude
        self._rows.thing[row_of], self._rows.kind[row_of] = found.thing, found.model
        gone = np.ones(len(self._rows), np.bool_)
        gone[row_of] = False
        self._gone = gone
        self._stream, self._owner = found.stream, row_of[found.owner]
        if len(fresh) or moved.any():
            self._sequence += 1
            self._placed[row_of[moved]] = self._placed[row_of[fresh]] = self._sequence

    def _grow(self, found: Registered, fresh: Ints) -> None:
        if not len(fresh):
            return
        rows, count = self._rows, len(fresh)
        self._rows = LiveRows(
            np.concatenate((rows.thing, found.thing[fresh])),
            np.concatenate((rows.longitude, np.zeros(count, np.int32))),
            np.concatenate((rows.latitude, np.zeros(count, np.int32))),
            np.concatenate((rows.kind, np.zeros(count, np.uint8))),
            np.concatenate((rows.state, np.full(count, GONE, np.uint8))),
        )
        self._changed = np.concatenate((self._changed, np.zeros(count, np.uint32)))
        self._placed = np.concatenate((self._placed, np.zeros(count, np.uint32)))

    def _judge(self, now: datetime) -> None:
        """The state of every device; those that are another one than before get a new sequence number."""
        state = self._states(now)
        other = np.flatnonzero(state != self._rows.state)
        if not len(other):
            return
        self._sequence += 1
        self._changed[other] = self._sequence
        self._rows.state[other] = state[other]

    def _states(self, now: datetime) -> NDArray[np.uint8]:
        rows = self._rows
        newest = np.zeros(len(rows), np.int64)
        np.maximum.at(newest, self._owner, latest_instants(self._stream))
        silent = np.array([silence_of(model) for model in ("", *self._models)])
        late = newest < to_us(now) - (silent[rows.kind] * 1_000_000).astype(np.int64)
        state = np.where(newest == 0, UNHEARD, np.where(late, OFFLINE, ONLINE)).astype(np.uint8)
        state[np.isin(rows.thing, alarmed_everywhere())] = ALARM
        state[self._gone] = GONE
        return state


def live_devices() -> LiveDevices:
    """The picture of this process."""
    return _live()


@lru_cache(maxsize=1)
def _live() -> LiveDevices:
    return LiveDevices()


def _no_rows() -> LiveRows:
    return LiveRows(
        np.zeros(0, np.int64),
        np.zeros(0, np.int32),
        np.zeros(0, np.int32),
        np.zeros(0, np.uint8),
        np.zeros(0, np.uint8),
    )


def _is_over(begun: datetime | None, now: datetime, span: timedelta) -> bool:
    """Whether a time has passed; it has, too, where the clock was set back."""
    return begun is None or not timedelta() <= now - begun < span
