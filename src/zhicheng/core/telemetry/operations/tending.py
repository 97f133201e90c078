"""Keeping the tables of readings in order: small files joined, shortened tables brought up to date, old days removed.

Done by the worker beside the collector: what is written here replaces files and never touches what the collector
writes meanwhile. Everything can be done again: a half-done round leaves the tables as they were.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import structlog
from django.conf import settings

from zhicheng.core.lake.public import lake_root
from zhicheng.core.telemetry.base.shortening import SCHEMA, shorten, shorten_again
from zhicheng.core.telemetry.gate.table import DAY_US, DataFile, DayTable
from zhicheng.core.telemetry.queries.stores import OBSERVATION, telemetry_root
from zhicheng.core.telemetry.values import to_us

_log = structlog.get_logger("zhicheng.telemetry")
HOUR_US, STEP_US = 3_600_000_000, 300_000_000
SHORT, HOURLY = "observation_5min", "observation_1h"
_GRACE_US = 300_000_000  # readings that come this late still belong to the first count of their hour
_SMALL_ROWS, _MOST_ROWS = 500_000, 1_000_000  # a second's work: other duties wait
_FEW_FILES, _MANY_FILES = 4, 30  # of an hour that is over, and of the one that runs
_MOST_HOURS = 4
_SWEEP_HOURS, _SWEEP_S = 2, 3600.0


@dataclass
class Tables:
    """The three tables, as this process sees them."""

    raw: DayTable
    short: DayTable
    hourly: DayTable

    def refresh(self) -> None:
        """See what was committed."""
        for table in (self.raw, self.short, self.hourly):
            table.refresh()


def open_tables(root: Path | None = None) -> Tables:
    """Tables of the city's lake."""
    lake = root or lake_root()
    return Tables(DayTable(lake / OBSERVATION), DayTable(lake / SHORT, SCHEMA), DayTable(lake / HOURLY, SCHEMA))


def tend_observations(now: datetime) -> int:
    """One round; how much was done. Nothing where no reading ever came."""
    tables = open_tables()
    tables.refresh()
    if tables.raw.version < 0:
        return 0
    done = join_files(tables.raw, now=now)
    done += shorten_hours(tables, telemetry_root() / "shortened.json", now=now)
    done += drop_days(tables, now=now)
    _sweep(tables, telemetry_root() / "swept", now=now)
    return done


def _sweep(tables: Tables, mark: Path, *, now: datetime) -> None:
    """Once an hour: files that were replaced, or left behind by a crash."""
    if mark.exists() and now.timestamp() - mark.stat().st_mtime < _SWEEP_S:
        return
    mark.touch()
    for table in (tables.raw, tables.short, tables.hourly):
        table.sweep(keep_hours=_SWEEP_HOURS)


def join_files(table: DayTable, *, now: datetime) -> int:
    """Join the small files of one hour into one, sorted by stream; how many were joined, 0 where none need it."""
    hours: dict[int, list[DataFile]] = defaultdict(list)
    for file in table.files():
        if file.rows < _SMALL_ROWS:
            hours[file.spans_us[0] // HOUR_US].append(file)
    running = to_us(now) // HOUR_US
    for hour, files in hours.items():
        chosen = list(_until(files, _MOST_ROWS))
        if len(chosen) >= (_MANY_FILES if hour == running else _FEW_FILES):
            rows = pa.concat_tables([pq.read_table(file.path, partitioning=None) for file in chosen])
            table.commit(table.write(rows), at=now, gone=chosen)
            return len(chosen)
    return 0


def shorten_hours(tables: Tables, state: Path, *, now: datetime) -> int:
    """Bring steps of 5 minutes and of an hour up to date for hours that are over; how many hours."""
    known = _State.read(state)
    known.hours |= _touched(tables.raw, known.version)
    known.version = tables.raw.version
    known.write(state)
    oldest = to_us(now - timedelta(days=settings.TELEMETRY_DAYS)) // HOUR_US
    due = sorted(hour for hour in known.hours if (hour + 1) * HOUR_US + _GRACE_US <= to_us(now))[:_MOST_HOURS]
    due = [hour for hour in due if hour > oldest] or due
    for hour in due:
        if hour > oldest:  # of older ones the readings are gone: what was counted stays
            _shorten_hour(tables, hour, now)
    for day in sorted({hour * HOUR_US // DAY_US for hour in due}):
        _shorten_day(tables, day, now)
    known.hours -= set(due)
    known.write(state)
    return len(due)


def drop_days(tables: Tables, *, now: datetime) -> int:
    """Remove what is older than its retention; how many files."""
    dropped = 0
    for table, days in ((tables.raw, settings.TELEMETRY_DAYS), (tables.short, settings.TELEMETRY_SHORT_DAYS)):
        before = (now - timedelta(days=days)).date()
        gone = [file for file in table.files() if file.day < before]
        if gone:
            table.commit([], at=now, gone=gone)
            _log.info("old readings removed", table=table.folder.name, files=len(gone), before=before.isoformat())
        dropped += len(gone)
    return dropped


@dataclass
class _State:
    """How far the table of readings was looked through, and hours whose steps are not up to date."""

    version: int
    hours: set[int]

    @classmethod
    def read(cls, path: Path) -> "_State":
        if not path.exists():
            return cls(-1, set())
        found = json.loads(path.read_text(encoding="utf-8"))
        return cls(found["version"], set(found["hours"]))

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
        draft.write_text(json.dumps({"version": self.version, "hours": sorted(self.hours)}), encoding="utf-8")
        draft.replace(path)


def _until(files: Iterable[DataFile], most_rows: int) -> Iterator[DataFile]:
    rows = 0
    for file in files:
        rows += file.rows
        if rows > most_rows:
            return
        yield file


def _touched(table: DayTable, after: int) -> set[int]:
    """Hours that got readings after a version; all hours where the log does not reach back."""
    hours: set[int] = set()
    for version in range(after + 1, table.version + 1):
        added = table.added_in(version)
        if added is None:
            return {hour for file in table.files() for hour in _hours(file.spans_us)}
        for spans_us in added:
            hours.update(_hours(spans_us))
    return hours


def _hours(spans_us: tuple[int, int]) -> range:
    return range(spans_us[0] // HOUR_US, spans_us[1] // HOUR_US + 1)


def _shorten_hour(tables: Tables, hour: int, now: datetime) -> None:
    since, until = hour * HOUR_US, (hour + 1) * HOUR_US
    shortened = [shorten(rows, STEP_US) for rows in tables.raw.parts(since, until, _MOST_ROWS)]
    _replace(tables.short, shortened, (since, until), now)


def _shorten_day(tables: Tables, day: int, now: datetime) -> None:
    since, until = day * DAY_US, (day + 1) * DAY_US
    shortened = [shorten_again(rows, HOUR_US) for rows in tables.short.parts(since, until, _MOST_ROWS)]
    _replace(tables.hourly, shortened, (since, until), now)


def _replace(table: DayTable, rows: list[pa.Table], span_us: tuple[int, int], now: datetime) -> None:
    table.refresh()
    gone = table.files(*span_us)
    found = pa.concat_tables(rows) if rows else SCHEMA.empty_table()
    if found.num_rows or gone:
        table.commit(table.write(found) if found.num_rows else [], at=now, gone=gone)
