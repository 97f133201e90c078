"""Keeping made cities, so that each is made once."""

import hashlib
import json
import os
import shutil
from pathlib import Path

from zhicheng.simulator.city.files import CityFiles, open_files
from zhicheng.simulator.city.making import CityOrder, Progress, make_city

_APART = {"__init__", "caching", "writing", "homophones", "seeding"}  # modules that change nothing in the files


def cached_city(order: CityOrder, cache: Path, *, processes: int = 2, progress: Progress | None = None) -> CityFiles:
    """The files of this very city, made at the first call; a change of the simulator or its figures makes others."""
    root = cache / f"city-{order.size}-{_fingerprint(order)}"
    found = open_files(root)
    if found is not None:
        return found
    draft = cache / f".{root.name}-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        make_city(order, draft, processes=processes, progress=progress)
        if not root.exists():  # another process may have made the same meanwhile
            draft.rename(root)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    made = open_files(root)
    if made is None:
        raise FileNotFoundError(root)
    return made


def _fingerprint(order: CityOrder) -> str:
    own = [path for path in sorted(Path(__file__).parent.glob("*.py")) if path.stem not in _APART]
    layers, areas = order.pack / "layers", order.pack / "areas"
    data = [*sorted((layers / "city").glob("*.yaml")), *sorted((layers / "data").glob("*.geojson"))]
    digest = hashlib.sha256()
    for path in (*own, *data, *sorted(areas.glob("*.geojson")), order.pack / "divisions.csv"):
        digest.update(path.read_bytes())
    digest.update(json.dumps([order.seed, order.size, order.areas]).encode())
    return digest.hexdigest()[:16]
