"""Making the city, community by community, in as many processes as asked."""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import django
import pyarrow as pa

from zhicheng.simulator.city.community import build_community
from zhicheng.simulator.city.divisions import LEVELS, division_batch, far_roads
from zhicheng.simulator.city.figures import read_atlas, read_figures
from zhicheng.simulator.city.files import write_layer, write_manifest
from zhicheng.simulator.city.planning import plan_city
from zhicheng.simulator.city.real import REAL_LAYERS, real_batch

_CHUNK_UNITS = 420_000
FULL, CUT = "full", "cut"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class CityOrder:
    """Which city: two equal orders give equal files.

    `size` is "full", or "cut": the communities whose codes begin with one of `areas`, by default those that the
    pack's figures name for a demo. What lies in a cut is the same as in the whole.
    """

    pack: Path
    seed: int = 1
    size: str = FULL
    areas: tuple[str, ...] = ()

    @property
    def communities(self) -> tuple[str, ...]:
        """The codes of what is to be made, in order."""
        everything = read_atlas(self.pack).communities
        if self.size == FULL:
            return everything
        areas = self.areas or read_figures(self.pack).cut
        return tuple(code for code in everything if code.startswith(areas))


def make_city(order: CityOrder, root: Path, *, processes: int = 1, progress: Progress | None = None) -> None:
    """Write every layer under a folder."""
    jobs = [(order, number, codes, root) for number, codes in enumerate(_chunks(order))]
    rows: Counter[str] = Counter()
    done = 0
    for (_, _, codes, _), found in zip(jobs, _run(jobs, processes), strict=True):
        rows.update(found)
        done += len(codes)
        if progress:
            progress(done, len(order.communities))
    rows.update(_write_whole(order, root))
    write_manifest(root, rows)


def _run(jobs: Sequence[tuple[CityOrder, int, tuple[str, ...], Path]], processes: int) -> Iterator[dict[str, int]]:
    if processes < 2 or len(jobs) < 2:
        yield from (write_chunk(*job) for job in jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=django.setup) as pool:
        yield from pool.map(write_chunk, *zip(*jobs, strict=True))


def write_chunk(order: CityOrder, number: int, codes: tuple[str, ...], root: Path) -> dict[str, int]:
    """Write one file a layer with some communities; returns the rows."""
    batches: dict[str, list[pa.RecordBatch]] = {}
    for code in codes:
        for layer, batch in build_community(order.pack, code, order.seed).items():
            batches.setdefault(layer, []).append(batch)
    return {
        layer: write_layer(layer, found, root / layer / f"{number:03d}.parquet") for layer, found in batches.items()
    }


def _write_whole(order: CityOrder, root: Path) -> dict[str, int]:
    """The layers that are not made community by community."""
    rows = {"road": write_layer("road", far_roads(order.pack, order.communities), root / "road" / "far.parquet")}
    for level in LEVELS:
        rows[level] = write_layer(level, [division_batch(order.pack, level, root)], root / level / "000.parquet")
    for layer in REAL_LAYERS:
        batch = real_batch(order.pack, layer, order.seed)
        if batch is not None:
            rows[layer] = write_layer(layer, [batch], root / layer / "000.parquet")
    return rows


def _chunks(order: CityOrder) -> list[tuple[str, ...]]:
    """Runs of communities with about as many units, the same for any number of processes."""
    quotas = plan_city(order.pack)
    chunks: list[list[str]] = [[]]
    units = 0
    for code in order.communities:
        if units >= _CHUNK_UNITS:
            chunks.append([])
            units = 0
        chunks[-1].append(code)
        units += quotas[code].units
    return [tuple(chunk) for chunk in chunks]
