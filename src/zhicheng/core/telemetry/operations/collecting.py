"""The collector: takes readings out of broker and logs, drops repeated ones, renews the latest state, fills the lake.

What a source holds is removed only after its readings are in the lake, in one commit with how far the source was
read: after a crash reading goes on behind that place, and what is read again is known by (stream, instant).
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import numpy as np
import structlog
from django.db import Error

from zhicheng.core.telemetry.base.pairs import RecentPairs
from zhicheng.core.telemetry.base.screening import FUTURE_US, OFTEN, REASONS, count_rows, is_late, renew
from zhicheng.core.telemetry.errors import StorageFull
from zhicheng.core.telemetry.gate.columns import TEXT_BYTES, StreamColumns
from zhicheng.core.telemetry.gate.journal import MOST_ROWS
from zhicheng.core.telemetry.gate.table import DataFile, DayTable
from zhicheng.core.telemetry.gate.tail import Tail, to_arrow
from zhicheng.core.telemetry.operations.ingesting import screen_batch
from zhicheng.core.telemetry.registry import after_batch, floods
from zhicheng.core.telemetry.values import Flags, Flood, Ints, ReadingBatch, Refusal, to_us
from zhicheng.kit.errors import ZhichengError

_log = structlog.get_logger("zhicheng.collector")
_FAULTS = (Error, ZhichengError, ValueError, LookupError, TypeError, RuntimeError, OSError)
_RECENT = 1 << 21
_FULL_PAUSE_S = 2.0
_COUNTED = (Refusal.NOT_A_NUMBER, Refusal.FAR_FUTURE, Refusal.TOO_OFTEN)


class Source(Protocol):
    """Somewhere readings come from. `name` and `place` say how far it was read."""

    name: str
    is_screened: bool

    @property
    def place(self) -> int:
        """Behind what was read last."""

    def batches(self) -> Iterable[ReadingBatch]:
        """What is there by now; a few at most."""

    def forget(self, place: int) -> None:
        """Everything before this place is in the lake."""


@dataclass
class Stores:
    """Where the collector writes."""

    columns: StreamColumns
    tail: Tail
    table: DayTable


@dataclass
class Tally:
    """What was done since the start."""

    accepted: int = 0
    duplicate: int = 0
    refused: int = 0
    commits: int = 0
    files: list[DataFile] = field(default_factory=list)


class Collector:
    """One city's collector; only one may run."""

    def __init__(self, stores: Stores, *, commit_s: float, now: datetime) -> None:
        self._columns, self._tail, self._table = stores.columns, stores.tail, stores.table
        self._recent = RecentPairs(_RECENT)
        self._since_us = self._turned_us = to_us(now)  # what was taken since then is remembered
        self._turns = 0
        self._commit_s = commit_s
        self._read_to: dict[str, int] = {}
        self._committed: dict[str, int] = {}
        self._due_s = time.monotonic() + commit_s
        self._full_until_s = 0.0
        self._untold: list[ReadingBatch] = []
        self.tally = Tally()
        self._tail.begin()

    def step(self, sources: Iterable[Source], now: datetime) -> int:
        """Take what the sources have, and commit when it is time; how many rows were read.

        While the disk is full nothing more is read: it stays where it is safe.
        """
        if time.monotonic() < self._full_until_s:
            return 0
        read = sum(self._drink(source, sources, now) for source in sources)
        if time.monotonic() >= self._due_s:
            self.commit(sources, now)
        self._tell()
        return read

    def _drink(self, source: Source, sources: Iterable[Source], now: datetime) -> int:
        """What one source has. A batch is asked for only where there is room: once given, it cannot be given back."""
        read = 0
        batches = iter(source.batches())
        while self._has_room(sources, now) and (batch := next(batches, None)) is not None:
            read += len(batch)
            self._take(batch, source, now)
            self._read_to[source.name] = source.place
        return read

    def _has_room(self, sources: Iterable[Source], now: datetime) -> bool:
        return self._tail.room() >= MOST_ROWS or self.commit(sources, now)

    def commit(self, sources: Iterable[Source], now: datetime) -> bool:
        """Bring everything into the lake; false where the disk is full.

        Others are told first: what is in the lake is not read again after a crash, and nobody would hear of it.
        """
        self._due_s = time.monotonic() + self._commit_s
        self._tell()
        try:
            self._store(now)
        except StorageFull as error:
            _log.error("disk full: readings wait where they are safe", words=str(error))
            self._full_until_s = time.monotonic() + _FULL_PAUSE_S
            return False
        for source in sources:
            if source.name in self._committed:
                source.forget(self._committed[source.name])
        return True

    def _tell(self) -> None:
        told, self._untold = self._untold, []
        for batch in told:
            _run_hooks(batch)

    def _store(self, now: datetime) -> None:
        read_to = {name: place for name, place in self._read_to.items() if self._committed.get(name) != place}
        if not len(self._tail) and (not read_to or self._table.version < 0):
            return
        files = self._table.write(to_arrow(self._tail.rows())) if len(self._tail) else []
        self._table.commit(files, at=now, read_to=read_to)
        self._tail.begin()
        self._committed |= read_to
        self.tally.commits += 1
        self.tally.files += files

    def _take(self, batch: ReadingBatch, source: Source, now: datetime) -> None:
        self._columns.see(int(batch.stream.max(initial=0)))
        if not source.is_screened:
            batch = self._screened(batch, now)
        elif len(batch) and int(batch.stream.max()) >= len(self._columns):
            self._columns.make_room(int(batch.stream.max()))
        fresh = self._fresh(batch, now)
        if not fresh.all():
            repeated = batch.stream[~fresh]
            count_rows(repeated, self._columns.duplicate)
            self.tally.duplicate += len(repeated)
            batch = batch.take(fresh)
        if len(batch):
            self._keep(batch)

    def _screened(self, batch: ReadingBatch, now: datetime) -> ReadingBatch:
        verdict = screen_batch(batch, self._columns)
        bad = np.flatnonzero(verdict)
        if not len(bad):
            return batch
        self.tally.refused += len(bad)
        for number in np.unique(verdict[bad]):
            reason = REASONS[number - 1]
            if reason in _COUNTED:
                count_rows(batch.stream[verdict == number], getattr(self._columns, reason.value))
        _tell_floods(batch.stream[verdict == OFTEN], now)
        return batch.take(verdict == 0)

    def _fresh(self, batch: ReadingBatch, now: datetime) -> Flags:
        """Which rows are neither repeated here nor in the lake; the lake is asked only about what might be there."""
        fresh = self._recent.add(batch.stream, batch.at_us)
        late: Flags = is_late(batch.stream, batch.at_us, self._columns.at_us)
        if self._recent.turns != self._turns:  # the older half was forgotten
            self._since_us, self._turned_us, self._turns = self._turned_us, to_us(now), self._recent.turns
        unsure = np.flatnonzero(fresh & late & (batch.at_us < self._since_us + FUTURE_US))
        if len(unsure):
            fresh[unsure] = ~self._table.holds(batch.stream[unsure], batch.at_us[unsure])
        return fresh

    def _keep(self, batch: ReadingBatch) -> None:
        self._tail.append(batch)
        is_text = np.zeros(len(batch), np.bool_)
        if batch.text is not None:
            is_text = np.array([text is not None for text in batch.text], np.bool_)
        rows = (batch.stream, batch.at_us, batch.received_us, batch.value, batch.quality, is_text)
        columns = self._columns
        latest = (columns.at_us, columns.received_us, columns.value, columns.quality, columns.is_text)
        became = renew(rows, latest)
        for row in np.flatnonzero(became & is_text):
            columns.text[batch.stream[row]] = batch.text[row].encode()[:TEXT_BYTES] if batch.text is not None else b""
        count_rows(batch.stream, columns.accepted)
        self.tally.accepted += len(batch)
        self._untold.append(batch)


def _run_hooks(batch: ReadingBatch) -> None:
    """Tell others; what they cannot digest stops nobody else."""
    for code in after_batch.codes():
        try:
            after_batch[code](batch)
        except _FAULTS:
            _log.exception("hook failed", hook=code)


def _tell_floods(streams: Ints, now: datetime) -> None:
    if not len(streams):
        return
    found, counts = np.unique(streams, return_counts=True)
    told = [Flood(int(stream), int(count), to_us(now)) for stream, count in zip(found, counts, strict=True)]
    for code in floods.codes():
        try:
            floods[code](told)
        except _FAULTS:
            _log.exception("hook failed", hook=code)
