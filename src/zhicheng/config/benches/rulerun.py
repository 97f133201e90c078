"""One run of `bench rules` inside its own process: compile, decide for everybody, hold every verdict once."""

import resource
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from zhicheng.config import environment
from zhicheng.config.benches.openfisca_form import comparable
from zhicheng.config.benches.rulebooks import DAY
from zhicheng.config.benches.widening import rules_to_run
from zhicheng.core.lake.public import Limits, connect
from zhicheng.engines.rules.bulk import FAILED, compile_bulk

_THREADS = 2
_MEMORY_MIB = 2560  # of each connection


@dataclass
class _Seen:
    """What a thread saw: rows, cells that are known, and rows on which some rule failed."""

    rows: int = 0
    known: int = 0
    failed: int = 0


def run_rules(root: Path, rules: int, *, only_comparable: bool = False) -> dict[str, Any]:
    """Seconds from checked rules and files of the table to the last verdict; the greatest memory of this process."""
    wide = rules_to_run(environment.pack_root(), rules)
    ids: Sequence[str] = comparable(wide.book, wide.ids, DAY) if only_comparable else wide.ids
    started_s = time.perf_counter()  # the rules are read and checked: a city has them at hand
    sql = compile_bulk(wide.book, ids, "person", day=DAY).sql
    with ThreadPoolExecutor(_THREADS) as pool:
        seen = list(pool.map(lambda index: _decide(root, sql, index), range(_THREADS)))
    seconds = time.perf_counter() - started_s
    people = sum(one.rows for one in seen)
    return {
        "seconds": round(seconds, 3),
        "people": people,
        "verdicts": people * len(ids),
        "known": sum(one.known for one in seen),
        "failed": sum(one.failed for one in seen),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
    }


def _decide(root: Path, sql: str, index: int) -> _Seen:
    """One thread's share of the data files."""
    seen = _Seen()
    with connect(["person"], root=root, limits=Limits(_MEMORY_MIB, 1), share=(index, _THREADS)) as lake:
        for batch in lake.stream(sql):
            _look_at(batch, seen)
    return seen


def _look_at(batch: pa.RecordBatch, seen: _Seen) -> None:
    names = batch.schema.names
    seen.rows += batch.num_rows
    seen.known += sum(batch.num_rows - column.null_count for column in batch.columns[1:-1])
    seen.failed += batch.num_rows - batch.column(names.index(FAILED)).null_count
