"""One run of `bench rules` inside its own process: compile, decide for everybody, hold every verdict once."""

import resource
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from zhicheng.config import environment
from zhicheng.config.benches.openfisca_form import comparable
from zhicheng.config.benches.rulebooks import DAY
from zhicheng.config.benches.widening import rules_to_run
from zhicheng.core.lake.public import LakeConnection, Limits, connect
from zhicheng.core.rules.public import trusting
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.bulk import FAILED, BulkQuery, compile_bulk

_THREADS = 2
_MEMORY_MIB = 2560  # of each connection


@dataclass
class _Seen:
    """What a thread saw: rows, cells that are known, and rows on which some rule failed."""

    rows: int = 0
    known: int = 0
    failed: int = 0


def run_rules(root: Path, rules: int, *, only_comparable: bool = False, held: bool = False) -> dict[str, Any]:
    """Seconds to the last verdict, from checked rules and the table's files; the greatest memory of this process.

    Held: from facts in memory and rules written as SQL.
    """
    wide = rules_to_run(environment.pack_root(), rules)
    ids: Sequence[str] = comparable(wide.book, wide.ids, DAY) if only_comparable else wide.ids
    seen = [_Seen() for _ in range(_THREADS)]
    jobs = [_Job(root, wide.book, ids, index) for index in range(_THREADS)]
    with ExitStack() as stack, ThreadPoolExecutor(_THREADS) as pool:
        if held:
            lakes = list(pool.map(lambda job: stack.enter_context(_hold(job)), jobs))
            queries = [job.query(lake).sql for job, lake in zip(jobs, lakes, strict=True)]
            started_s, began_s = time.perf_counter(), time.process_time()
            list(pool.map(_decide, queries, lakes, seen))
        else:
            started_s, began_s = time.perf_counter(), time.process_time()  # a city has its rules checked at hand
            list(pool.map(_open_and_decide, jobs, seen))
        seconds, cpu_s = time.perf_counter() - started_s, time.process_time() - began_s
    people = sum(one.rows for one in seen)
    return {
        "seconds": round(seconds, 3),
        "cpu_s": round(cpu_s, 3),
        "people": people,
        "verdicts": people * len(ids),
        "known": sum(one.known for one in seen),
        "failed": sum(one.failed for one in seen),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
    }


@dataclass(frozen=True)
class _Job:
    """One thread's share of the data files, and the rules to decide."""

    root: Path
    book: Rulebook
    rules: Sequence[str]
    index: int

    def query(self, lake: LakeConnection) -> BulkQuery:
        """The query over what the connection reads."""
        return compile_bulk(self.book, self.rules, "person", day=DAY, options=trusting(lake.accounts["person"]))


def _open(job: _Job) -> LakeConnection:
    limits = Limits(_MEMORY_MIB, 1, byte_booleans=True)
    return connect(["person"], root=job.root, limits=limits, share=(job.index, _THREADS))


def _hold(job: _Job) -> LakeConnection:
    lake = _open(job)
    query = job.query(lake)
    lake.hold("person", [query.key, *query.facts])
    return lake


def _open_and_decide(job: _Job, seen: _Seen) -> None:
    with _open(job) as lake:
        _decide(job.query(lake).sql, lake, seen)


def _decide(sql: str, lake: LakeConnection, seen: _Seen) -> None:
    for batch in lake.stream(sql):
        _look_at(batch, seen)


def _look_at(batch: pa.RecordBatch, seen: _Seen) -> None:
    names = batch.schema.names
    seen.rows += batch.num_rows
    seen.known += sum(batch.num_rows - column.null_count for column in batch.columns[1:-1])
    seen.failed += batch.num_rows - batch.column(names.index(FAILED)).null_count
