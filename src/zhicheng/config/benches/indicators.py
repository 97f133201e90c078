"""`zhicheng bench indicators`: thousands of indicators over a million cases in the lake, and the changes of a day."""

import os
import resource
import shutil
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from zhicheng.apps.governance.public import Task, compute, narrow_indicator, read_catalogue
from zhicheng.apps.governance.values import Indicator
from zhicheng.config import environment
from zhicheng.core.lake.public import append_unlocked, connect, projected_schema, read_tables, write_anew
from zhicheng.core.lake.values import EntityTable

_NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
_DAY, _MONTH = "2026-11-22", "2026-10"
_ITEMS, _UNITS, _DISTRICTS, _STREETS, _COMMUNITIES = 240, 160, 10, 74, 662
_STATES = ("received", "assigned", "handling", "replied", "closed", "closed", "closed", "closed")
_ROUND = 40  # changes brought in at once: what fourteen thousand cases a day make in two seconds, twenty times over


def measure(indicators: int, cases: int) -> dict[str, Any]:
    """In a lake of its own that is thrown away."""
    root = Path(tempfile.mkdtemp(prefix="zhicheng-indicators-", dir="/tmp"))
    try:
        return _measure(root, indicators, cases)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _measure(root: Path, count: int, cases: int) -> dict[str, Any]:
    catalogue, table = read_catalogue(environment.pack_root()), read_tables(environment.pack_root())["case"]
    _fill(root, table, cases)
    base = catalogue.bases["appeal"]
    many = _many(catalogue.of_base("appeal"), count)
    commits = _change(root, table, cases)
    found: dict[str, Any] = {"indicators": count, "cases": cases}
    with connect(["case"], root=root) as lake:
        for name, step, period in (("day_seconds", "day", _DAY), ("month_seconds", "month", _MONTH)):
            started_s, used_s = time.perf_counter(), time.process_time()
            values = compute(Task(base, many, step, [period], "440300", _NOW), lake, ()).values
            found[name] = round(time.perf_counter() - started_s, 2)
            found[name.replace("seconds", "processor_seconds")] = round(time.process_time() - used_s, 2)
            found[name.replace("seconds", "values")] = len(values)
        started_s = time.perf_counter()
        lake.execute('SELECT state, count(*) FROM "case" GROUP BY 1').fetchall()
        found["count_all_ms"] = round((time.perf_counter() - started_s) * 1000, 1)
    found["append_ms_median"], found["append_ms_worst"] = (round(value, 1) for value in commits)
    found["peak_mib"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    found["load_1m"] = round(os.getloadavg()[0], 2)
    return found


def _fill(root: Path, table: EntityTable, cases: int) -> None:
    """Cases of three years, made up."""
    schema, rng = projected_schema(table), np.random.default_rng(1)
    batches = (_batch(schema, rng, start, min(100_000, cases - start)) for start in range(0, cases, 100_000))
    write_anew(root, table, batches, now=_NOW)


def _batch(schema: pa.Schema, rng: np.random.Generator, start: int, count: int) -> pa.RecordBatch:
    opened = _NOW.timestamp() - rng.integers(0, 3 * 365 * 86_400, count)
    took = rng.integers(600, 20 * 86_400, count)
    community = rng.integers(0, _COMMUNITIES, count)
    item = rng.integers(0, _ITEMS, count)
    known: dict[str, Any] = {
        "case_id": [f"case{number:012d}" for number in range(start, start + count)],
        "process": ["appeal"] * count,
        "category": [f"c{value % 30}.{value % 90}.{value}" for value in item],
        "category_1": [f"c{value % 30}" for value in item],
        "unit": [f"U{value}" for value in rng.integers(0, _UNITS, count)],
        "district": [f"D{value % _DISTRICTS}" for value in community],
        "street": [f"S{value % _STREETS}" for value in community],
        "community": [f"C{value}" for value in community],
        "state": np.array(_STATES)[rng.integers(0, len(_STATES), count)],
        "urgent": rng.random(count) < 0.1,
        "on_time": rng.random(count) < 0.98,
        "rating": rng.integers(1, 6, count),
        "opened_at": (opened * 1e6).astype(np.int64),
        "replied_at": ((opened + took) * 1e6).astype(np.int64),
        "closed_at": ((opened + took) * 1e6).astype(np.int64),
        "projected": np.zeros(count, np.int64),
    }
    cells = [_column(known.get(field.name), field.type, count) for field in schema]
    return pa.RecordBatch.from_arrays(cells, schema=schema)


def _column(values: Any, kind: pa.DataType, count: int) -> pa.Array:
    return pa.nulls(count, kind) if values is None else pa.array(values, kind)


def _many(known: list[Indicator], count: int) -> list[Indicator]:
    """The pack's own, again and again, each for another item or unit."""
    narrow = [f"category = 'c{item % 30}.{item % 90}.{item}'" for item in range(_ITEMS)]
    narrow += [f"unit = 'U{unit}'" for unit in range(_UNITS)]
    plain = [each for each in known if not each.where]
    made = []
    for number in range(count):
        model = plain[number // len(narrow) % len(plain)]
        made.append(narrow_indicator(model, f"{model.code}_{number}", narrow[number % len(narrow)]))
    return made


def _change(root: Path, table: EntityTable, cases: int, rounds: int = 40) -> tuple[float, float]:
    """Milliseconds of a commit with some changed cases: the median, the longest."""
    rng, spent = np.random.default_rng(2), []
    for number in range(rounds):
        keys = rng.integers(0, cases, _ROUND)
        opened = _NOW - timedelta(hours=3)
        rows = [
            {"case_id": f"case{key:012d}", "process": "appeal", "state": "handling", "opened_at": opened}
            for key in keys
        ]
        started_s = time.perf_counter()
        append_unlocked(root, table, rows, now=_NOW + timedelta(seconds=number))
        spent.append((time.perf_counter() - started_s) * 1000)
    return float(np.median(spent)), max(spent)
