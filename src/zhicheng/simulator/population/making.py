"""Making the tables, chunk by chunk, in as many processes as asked; and keeping them in a cache."""

import hashlib
import json
import multiprocessing
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import django
import numpy as np
import pyarrow as pa

from zhicheng.core.lake.public import Part, Target, arrow_schema, commit_parts, has_table, read_tables, stage_parts
from zhicheng.core.lake.values import EntityTable, Mode
from zhicheng.simulator.population.columns import to_batch
from zhicheng.simulator.population.companies import company_cells
from zhicheng.simulator.population.figures import read_figures
from zhicheng.simulator.population.households import draw_families
from zhicheng.simulator.population.keys import COMPANY, HOUSEHOLD, PERSON, simulated_keys
from zhicheng.simulator.population.people import People
from zhicheng.simulator.population.persons import person_cells
from zhicheng.simulator.population.residents import Override, override_rows

CHUNK = 262_144
_PART_CHUNKS = 2  # a data file holds as many


@dataclass(frozen=True)
class PopulationOrder:
    """Which population: two equal orders give equal rows. `day` is the day on which people are as old as they are."""

    people: int
    companies: int
    day: date
    pack: Path
    seed: int = 1
    overrides: tuple[Override, ...] = ()
    firms: tuple[Override, ...] = ()


def person_batches(order: PopulationOrder, chunks: range | None = None) -> Iterator[pa.RecordBatch]:
    """The people of some chunks (of all, unless named), a batch a chunk; overrides are the very first rows."""
    table = read_tables(order.pack)["person"]
    if order.overrides and (chunks is None or 0 in chunks):
        yield override_rows(table, order.overrides)
    for chunk in range(chunk_count(order.people)) if chunks is None else chunks:
        yield _people_of(order, table, chunk)


def company_batches(order: PopulationOrder, chunks: range | None = None) -> Iterator[pa.RecordBatch]:
    """As `person_batches`, of companies."""
    table = read_tables(order.pack)["company"]
    figures = read_figures(order.pack)
    if order.firms and (chunks is None or 0 in chunks):
        yield override_rows(table, order.firms)
    for chunk in range(chunk_count(order.companies)) if chunks is None else chunks:
        chance = np.random.default_rng([order.seed, COMPANY, chunk])
        numbers = np.arange(chunk * CHUNK, min(order.companies, (chunk + 1) * CHUNK))
        keys = simulated_keys(COMPANY, order.seed, numbers)
        cells = company_cells(figures, keys=keys, today=_days(order.day), chance=chance)
        yield to_batch(table, cells, figures.unknown, chance)


def chunk_count(rows: int) -> int:
    """How many chunks so many rows take."""
    return -(-rows // CHUNK)


def _people_of(order: PopulationOrder, table: EntityTable, chunk: int) -> pa.RecordBatch:
    figures = read_figures(order.pack)
    chance = np.random.default_rng([order.seed, PERSON, chunk])
    count = min(order.people - chunk * CHUNK, CHUNK)
    families = draw_families(figures, count, chance)
    people = People(figures, families, _days(order.day), chance, max(order.companies, 1))
    numbers = np.arange(chunk * CHUNK, chunk * CHUNK + count)
    homes = simulated_keys(HOUSEHOLD, order.seed, chunk * CHUNK + np.arange(len(families.start)))
    cells = person_cells(
        people,
        keys=simulated_keys(PERSON, order.seed, numbers),
        home_keys=homes.take(pa.array(families.home)),
        seed=order.seed,
    )
    return to_batch(table, cells, figures.unknown, chance)


def _days(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def make_population(order: PopulationOrder, root: Path, *, now: datetime, processes: int = 1) -> None:
    """Write `person` and `company` under a folder, each as one new version. The ledger is not told."""
    tables = read_tables(order.pack)
    for name, rows in (("company", order.companies), ("person", order.people)):
        table = tables[name]
        target = Target(name, arrow_schema(table), table.key, Mode.REPLACE)
        commit_parts(target, _staged(order, name, rows, root, processes), at=now, root=root)


def _staged(order: PopulationOrder, name: str, rows: int, root: Path, processes: int) -> list[Part]:
    chunks = chunk_count(rows)
    ranges = [range(start, min(start + _PART_CHUNKS, chunks)) for start in range(0, chunks, _PART_CHUNKS)]
    jobs = [(order, name, one, root) for one in ranges]
    if processes < 2 or len(jobs) < 2:
        return [part for job in jobs for part in stage_chunks(*job)]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=django.setup) as pool:
        return [part for parts in pool.map(stage_chunks, *zip(*jobs, strict=True)) for part in parts]


def stage_chunks(order: PopulationOrder, name: str, chunks: range, root: Path) -> list[Part]:
    """Write the data files of some chunks."""
    table = read_tables(order.pack)[name]
    batches = {"person": person_batches, "company": company_batches}[name](order, chunks)
    parts = stage_parts(Target(name, arrow_schema(table), table.key), batches, root=root)
    return [replace(part, hashes=None) for part in parts]  # they are in the index; not sent between processes


def cached_population(order: PopulationOrder, cache: Path, *, now: datetime, processes: int = 2) -> Path:
    """A lake folder with this very population, made at the first call; a change of the simulator makes another."""
    root = cache / f"population-{order.people}-{_fingerprint(order)}"
    if has_table("person", root=root):
        return root
    draft = cache / f".{root.name}-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    make_population(order, draft, now=now, processes=processes)
    draft.rename(root)
    return root


def _fingerprint(order: PopulationOrder) -> str:
    own = sorted(Path(__file__).parent.glob("*.py"))
    data: Sequence[Path] = [*sorted((order.pack / "lake").rglob("*.yaml")), order.pack / "divisions.csv"]
    digest = hashlib.sha256()
    for path in (*own, *data):
        digest.update(path.read_bytes())
    digest.update(
        json.dumps([order.companies, order.day.isoformat(), order.seed, repr(order.overrides + order.firms)]).encode()
    )
    return digest.hexdigest()[:16]
