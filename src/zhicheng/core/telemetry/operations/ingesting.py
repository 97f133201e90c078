"""Taking readings in: checked in columns, kept in this process's log before anybody is told that they are safe."""

import os
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from zhicheng.core.telemetry.base.pairs import RecentPairs
from zhicheng.core.telemetry.base.screening import REASONS, screen
from zhicheng.core.telemetry.gate.columns import StreamColumns
from zhicheng.core.telemetry.gate.journal import Durability, JournalWriter
from zhicheng.core.telemetry.queries.stores import open_columns, open_directory, telemetry_root
from zhicheng.core.telemetry.values import Ints, Quality, ReadingBatch, Receipt, Refused, StreamTable, to_us

_TOLD = 100
_LEAST_SET = 1024


def accept_readings(batch: ReadingBatch, *, source: str, now: datetime) -> Receipt:
    """Check readings and keep the good ones; when this returns, they survive kill -9 of every process.

    A reading with `at_us` 0 counts as made now. One that equals another of the same call, or the newest of its stream,
    is a duplicate; an older one that was sent before is found by the collector, so that it is in the lake once.

    Raises:
        StorageFull: nothing was kept.
    """
    del source  # who sent is the caller's matter: readings hold no names
    received_us = to_us(now)
    columns = open_columns()
    columns.see(int(batch.stream.max(initial=0)))
    timed = _timed(batch, received_us)
    verdict = screen_batch(timed, columns)
    good = np.flatnonzero(verdict == 0)
    is_fresh = _fresh(timed.stream[good], timed.at_us[good], columns)
    kept = timed.take(good[is_fresh])
    if len(kept):
        _writer(telemetry_root() / "journal", os.getpid()).append(kept)
    bad = np.flatnonzero(verdict)
    told = tuple(Refused(int(row), REASONS[verdict[row] - 1]) for row in bad[:_TOLD])
    return Receipt(len(kept), len(good) - len(kept), len(bad), told)


def register_streams(streams: StreamTable) -> int:
    """Let ingest know streams: from now on their readings are taken. May be told again; how many keys are new."""
    if not len(streams.stream):
        return 0
    columns = open_columns()
    columns.make_room(int(streams.stream.max()))
    columns.interval_s[streams.stream] = streams.interval_s
    columns.known[streams.stream] = 1
    return open_directory().put(streams.key, streams.stream)


def forget_streams(streams: StreamTable) -> None:
    """No more readings of these streams are taken; what they sent stays."""
    columns = open_columns()
    columns.see(int(streams.stream.max(initial=0)))
    columns.known[streams.stream] = 0
    open_directory().put(streams.key, np.full(len(streams.key), -1, np.int64))


def screen_batch(batch: ReadingBatch, columns: StreamColumns) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    """A verdict for each row, places in `REASONS`; takes from each stream's allowance."""
    is_text = np.zeros(len(batch), np.bool_)
    if batch.text is not None:
        is_text = np.array([text is not None for text in batch.text], np.bool_)
    rows = (batch.stream, batch.at_us, batch.received_us, batch.value, is_text)
    bucket = (columns.interval_s, columns.tokens, columns.filled_us)
    verdict: np.ndarray[tuple[int], np.dtype[np.uint8]] = screen(rows, columns.known, bucket)
    return verdict


def _timed(batch: ReadingBatch, received_us: int) -> ReadingBatch:
    count = len(batch)
    untimed = batch.at_us == 0
    quality = np.zeros(count, np.int16) if batch.quality is None else batch.quality.astype(np.int16)
    quality = np.where(untimed & (quality == 0), np.int16(Quality.UNTIMED), quality)
    return ReadingBatch(
        np.ascontiguousarray(batch.stream, np.int64),
        np.where(untimed, received_us, batch.at_us).astype(np.int64),
        np.ascontiguousarray(batch.value, np.float64),
        batch.text,
        np.full(count, received_us, np.int64),
        quality,
    )


def _fresh(stream: Ints, at_us: Ints, columns: StreamColumns) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    size = _LEAST_SET
    while size < len(stream):
        size *= 2
    once = RecentPairs(size).add(stream, at_us)
    fresh: np.ndarray[tuple[int], np.dtype[np.bool_]] = once & (at_us != columns.at_us[stream])
    return fresh


@lru_cache
def _writer(root: Path, pid: int) -> JournalWriter:
    """The log of this process: a forked child opens its own."""
    del pid
    return JournalWriter(root, Durability(settings.TELEMETRY_DURABILITY))
