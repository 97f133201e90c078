"""The city of full size for `zhicheng bench twin`: made once, installed once, its indexes kept for the next run."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhicheng.config import environment
from zhicheng.config.benches.city import BenchCity

LAYERS = ("building", "parcel", "facility", "charging_station", "road", "district", "street", "community", "grid")
_CALL = "from zhicheng.config.cli import main; raise SystemExit(main())"


@dataclass(frozen=True)
class TwinCity:
    """The files of the city, and where what was made of them is kept."""

    files: Mapping[str, tuple[Path, ...]]
    rows: Mapping[str, int]
    cache: Path
    index_s: float
    tiles_s: float


def twin_city(city: BenchCity) -> TwinCity:
    """The full city in a running one: its files from the cache, its layers served."""
    cache = Path(os.environ.get("ZHICHENG_CACHE") or environment.REPOSITORY / ".bench").resolve()
    made = json.loads(_zhicheng(city, "simulate", "city", "--full", "--cache", str(cache), "--json").splitlines()[-1])
    files = Path(made["folder"])
    kept = cache / f"twin-{files.name}"
    figures = _restored(city, kept) or _installed(city, cache, kept)
    layers = {folder.name: tuple(sorted(folder.glob("*.parquet"))) for folder in files.iterdir() if folder.is_dir()}
    return TwinCity(layers, made["rows"], kept, figures["index_s"], figures["tiles_s"])


def inner_figures(city: BenchCity, twin: TwinCity) -> dict[str, Any]:
    """What is measured without HTTP, in a process of that city."""
    said = _zhicheng(city, "bench", "twin-inside", "--cache", str(twin.cache.parent))
    return dict(json.loads(said.splitlines()[-1]))


def _restored(city: BenchCity, kept: Path) -> dict[str, float] | None:
    """Indexes from an earlier run, if they are still read by this program."""
    marked = kept / "installed.json"
    if not marked.exists():
        return None
    for folder in ("lake", "places"):
        shutil.copytree(kept / folder, city.home / folder, dirs_exist_ok=True, copy_function=os.link)
    time.sleep(5)
    lines = _zhicheng(city, "layer", "list").splitlines()
    served = {line.split()[0] for line in lines if "没有数据" not in line}
    if not served.issuperset(LAYERS):
        return None
    return dict(json.loads(marked.read_text(encoding="utf-8")))


def _installed(city: BenchCity, cache: Path, kept: Path) -> dict[str, float]:
    """Install, draw the crowded tiles, and keep both."""
    begun = time.perf_counter()
    _zhicheng(city, "simulate", "city", "--full", "--install", "--layers", ",".join(LAYERS), "--cache", str(cache))
    index_s = round(time.perf_counter() - begun, 1)
    begun = time.perf_counter()
    _await_tiles(city)
    figures = {"index_s": index_s, "tiles_s": round(time.perf_counter() - begun, 1)}
    shutil.rmtree(kept / "lake", ignore_errors=True)
    shutil.rmtree(kept / "places", ignore_errors=True)
    for layer in LAYERS:
        shutil.copytree(city.home / "places" / layer, kept / "places" / layer)
        shutil.copytree(city.home / "lake" / f"layer_{layer}", kept / "lake" / f"layer_{layer}")
    (kept / "installed.json").write_text(json.dumps(figures), encoding="utf-8")
    return figures


def _await_tiles(city: BenchCity) -> None:
    """The worker draws them; twenty minutes would mean that it does not."""
    deadline = time.monotonic() + 1200
    while time.monotonic() < deadline:
        if all(list((city.home / "places" / layer).glob("*/tiles.places.npy")) for layer in LAYERS):
            return
        time.sleep(0.5)
    raise SystemExit("the worker did not draw the tiles")


def _zhicheng(city: BenchCity, *arguments: str) -> str:
    settings = {**os.environ, "ZHICHENG_HOME": str(city.home), "ZHICHENG_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-c", _CALL, *arguments]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = f"{done.stdout[-500:]}\n{done.stderr[-3000:]}"
        raise SystemExit(f"zhicheng {' '.join(arguments)}: {done.returncode}\n{said}")
    return done.stdout
