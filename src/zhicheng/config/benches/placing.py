"""How often the building that an address in words means comes first, in the simulated city. No database.

The whole city where it was made before (`zhicheng simulate city`), else the pack's cut of it. Addresses are written
the way people write them, by the simulator, which knows which building it meant.
"""

import csv
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhicheng.core.places.public import (
    ADDRESS_COLUMNS,
    BUILDING_COLUMNS,
    Addresses,
    AddressMatch,
    make_address_index,
    open_addresses,
)
from zhicheng.simulator.public import CityFiles, CityOrder, Written, cached_city, written_addresses

_BATCH_ROWS = 131_072
_TYPED = 400  # addresses that are typed character by character
_LONGEST_TYPED = 30
_LIMIT = 5
_FORM = 2  # of the index: another one is made anew
_BANDS = (0.0, 0.5, 0.8, 0.95, 1.01)


@dataclass(frozen=True)
class Trial:
    """What is tried: how many addresses, drawn by which seed, in the city of which pack, made where."""

    pack: Path
    cache: Path
    count: int = 10_000
    seed: int = 2


def measure_places(trial: Trial, *, say: Callable[[str], None]) -> dict[str, Any]:
    """Index the city where that was not done before, find the addresses, count.

    Raises:
        OSError: the cache cannot be read or written.
    """
    files, size = _city(trial, say)
    folder, seconds = _index(trial, files, say)
    addresses = open_addresses(folder)
    buildings = files.read("building", [*BUILDING_COLUMNS, "unit_count", "floors"])
    written = written_addresses(CityOrder(trial.pack), buildings, trial.count, seed=trial.seed).items
    say(f"写好 {len(written)} 条地址")
    addresses.finder.find(written[0].text)
    took_ms, found = [], []
    for one in written:
        started_s = time.perf_counter()
        found.append(addresses.finder.find(one.text, limit=_LIMIT))
        took_ms.append((time.perf_counter() - started_s) * 1e3)
    typed_ms = list(_typed(addresses, written[:_TYPED]))
    return {
        **_rights(written, found),
        "place_city": size,
        "place_buildings": files.rows["building"],
        "place_addresses": files.rows["address"],
        "address_p50_ms": round(float(np.percentile(took_ms, 50)), 2),
        "address_p99_ms": round(float(np.percentile(took_ms, 99)), 2),
        "suggest_p99_ms": round(float(np.percentile(typed_ms, 99)), 2),
        "address_index_seconds": seconds,
        "place_load_1m": round(os.getloadavg()[0], 2),
    }


def _city(trial: Trial, say: Callable[[str], None]) -> tuple[CityFiles, str]:
    """The newest whole city of the cache, else the cut, made where need be."""
    whole = sorted(trial.cache.glob("city-full-*/city.json"), key=lambda path: path.stat().st_mtime)
    if whole:
        return _files(whole[-1].parent), "full"
    say("全市还没有生成（zhicheng simulate city），用局部代替")
    return cached_city(CityOrder(trial.pack, size="cut"), trial.cache), "cut"


def _files(root: Path) -> CityFiles:
    layers = {folder.name: tuple(sorted(folder.glob("*.parquet"))) for folder in root.iterdir() if folder.is_dir()}
    rows = {name: sum(pq.read_metadata(path).num_rows for path in paths) for name, paths in layers.items()}
    return CityFiles(root, layers, rows)


def _index(trial: Trial, files: CityFiles, say: Callable[[str], None]) -> tuple[Path, float]:
    """Where the index of the city lies, and how long it took to make it, now or when it was made."""
    folder = trial.cache / f"addresses-{files.root.name}-{_FORM}"
    note = folder / "made.json"
    if note.exists():
        made = json.loads(note.read_text())
        return folder / made["folder"], float(made["seconds"])
    say(f"为 {files.rows['address']:,} 条地址建索引")
    started_s = time.perf_counter()
    buildings = files.read("building", BUILDING_COLUMNS)
    made_at = make_address_index(buildings, _batches(files.layers["address"]), _divisions(trial.pack), folder)
    seconds = round(time.perf_counter() - started_s, 1)
    note.write_text(json.dumps({"folder": made_at.name, "seconds": seconds}))
    return made_at, seconds


def _batches(paths: Sequence[Path]) -> Iterator[pa.RecordBatch]:
    for path in paths:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(_BATCH_ROWS, columns=list(ADDRESS_COLUMNS))


def _divisions(pack: Path) -> dict[str, str]:
    with (pack / "divisions.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


def _typed(addresses: Addresses, written: Sequence[Written]) -> Iterator[float]:
    """How long each suggestion takes while addresses are typed."""
    for one in written:
        for end in range(1, min(len(one.text), _LONGEST_TYPED) + 1):
            started_s = time.perf_counter()
            addresses.suggester.suggest(one.text[:end])
            yield (time.perf_counter() - started_s) * 1e3


def _rights(written: Sequence[Written], found: Sequence[Sequence[AddressMatch]]) -> dict[str, Any]:
    """The share that came first, the share among the five; by what was done to the address, and by score."""
    first, by_habit = [], defaultdict[str, list[bool]](list)
    for one, matches in zip(written, found, strict=True):
        is_right = bool(matches) and matches[0].building_key == one.building_key
        first.append(is_right)
        for habit in one.habits:
            by_habit[habit].append(is_right)
    among = [
        any(match.building_key == one.building_key for match in matches)
        for one, matches in zip(written, found, strict=True)
    ]
    scores = np.array([matches[0].score if matches else 0.0 for matches in found])
    return {
        "place_top1": round(float(np.mean(first)), 4),
        "place_top5": round(float(np.mean(among)), 4),
        "place_n": len(written),
        "place_by_habit": {habit: round(float(np.mean(rights)), 4) for habit, rights in sorted(by_habit.items())},
        "place_by_score": list(_by_score(scores, np.array(first))),
    }


def _by_score(scores: Any, first: Any) -> Iterator[dict[str, Any]]:
    """What is said of the score, and what is right, in bands of it: alike where the score means what it says."""
    for least, below in pairwise(_BANDS):
        inside = (scores >= least) & (scores < below)
        if inside.any():
            said, right = float(scores[inside].mean()), float(first[inside].mean())
            yield {"n": int(inside.sum()), "score": round(said, 3), "right": round(right, 3)}
