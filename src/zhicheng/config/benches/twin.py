"""`zhicheng bench twin`: features, tiles, addresses and commands at the size of the city, through HTTP and inside.

Server and client share this machine. The city's files are cached (ZHICHENG_CACHE), and so are the index made of them
and the peers' database: a first run takes longer.
"""

import math
import os
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from pyarrow import parquet

from zhicheng.config.benches.city import BenchCity, running_city
from zhicheng.config.benches.ingest_clients import run_client
from zhicheng.config.benches.twin_city import TwinCity, inner_figures, twin_city
from zhicheng.config.benches.twin_peers import MISSING, Peer, PeerMissing, running_peers
from zhicheng.engines.geo.tiles.matrix import TileId, tiles_over

RUNS, BOXES, TILES, PEER_BOXES = 3, 2_000, 900, 300
_SIDE_M, _LIMIT = 500.0, 100
_CONNECTIONS, _PEER_CONNECTIONS = 2, 4
_ZOOMS = (13, 14, 15, 16, 17)
_MATCH = "/ogc/collections/building/items?f=json&limit={limit}&bbox={bbox}"
_HOW = (
    "bbox: 500 m around a random building, limit 100, all attributes, 2 keep-alive connections, GeoJSON uncompressed; "
    "tile: tiles of zoom 13 to 17 that hold a random building, each asked for once (crowded ones were drawn with the "
    "index); peers: the same boxes and client with 4 connections against each server in the same run, PostGIS 3.3 on "
    "PostgreSQL 15 with a GiST index, clustered, pygeoapi with 2 gunicorn workers, tipg with 2 uvicorn workers, our "
    "door with its one"
)


def measure(*, with_peers: bool = True) -> dict[str, Any]:
    """All figures."""
    with running_city(limits={"ZHICHENG_RATE_OGC": "0"}) as city:
        city.await_index()  # the worker is at rest then
        twin = twin_city(city)
        centres = _centres(twin.files["building"])
        figures = _through_http(city, twin, centres)
        figures |= inner_figures(city, twin)
        figures |= _peers(city, twin, centres) if with_peers else {"peer_ratio": None, "peer_missing": MISSING}
    return {**figures, "how": _HOW, "load_1m": round(os.getloadavg()[0], 2)}


def _through_http(city: BenchCity, twin: TwinCity, centres: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    rng = np.random.default_rng(5)
    _load(city.url, _paths(_MATCH, _boxes(centres, 300, rng)), _CONNECTIONS)
    boxes = [_load(city.url, _paths(_MATCH, _boxes(centres, BOXES, rng)), _CONNECTIONS) for _ in range(RUNS)]
    _say(f"bbox {boxes}")
    wanted = _tile_paths(centres, TILES * (RUNS + 1), rng)
    _load(city.url, wanted[:100], 1)
    tiles = [_load(city.url, wanted[100 + TILES * n : 100 + TILES * (n + 1)], 1) for n in range(RUNS)]
    _say(f"tiles {tiles}")
    return {
        "bbox_p99_ms": _median(boxes, "p99_ms"),
        "bbox_p50_ms": _median(boxes, "p50_ms"),
        "bbox_per_s": _median(boxes, "per_s"),
        "tile_p99_ms": _median(tiles, "p99_ms"),
        "tile_p50_ms": _median(tiles, "p50_ms"),
        "tile_mean_kb": round(tiles[0]["received_mb"] * 1000 / tiles[0]["requests"], 1),
        "buildings": twin.rows["building"],
        "prepared_tiles_s": twin.tiles_s,
        "index_s": twin.index_s,
    }


def _peers(city: BenchCity, twin: TwinCity, centres: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    boxes = _boxes(centres, PEER_BOXES, np.random.default_rng(9))
    try:
        with running_peers(list(twin.files["building"]), twin.cache) as peers:
            found = {peer.name: _compared(city, peer, boxes) for peer in peers}
    except PeerMissing as error:
        return {"peer_ratio": None, "peer_missing": str(error)}
    better = max(found, key=lambda name: float(found[name]["per_s"]))
    return {"peer_ratio": found[better]["ratio"], "peer": better, "peers": found}


def _compared(city: BenchCity, peer: Peer, boxes: list[str]) -> dict[str, Any]:
    """The same boxes here and there, in turns; both must have returned the same number of features."""
    _load(f"http://127.0.0.1:{peer.port}", _paths(peer.path, boxes[:20]), _PEER_CONNECTIONS)
    ratios, theirs, ours = [], {}, {}
    for _ in range(RUNS):
        theirs = _load(f"http://127.0.0.1:{peer.port}", _paths(peer.path, boxes), _PEER_CONNECTIONS)
        ours = _load(city.url, _paths(_MATCH, boxes * 10), _PEER_CONNECTIONS)
        ratios.append(ours["per_s"] / theirs["per_s"])
    _say(f"{peer.name} {theirs}")
    same = ours["returned"] == 10 * theirs["returned"]
    return {
        **theirs,
        "ours_per_s": ours["per_s"],
        "ratio": round(statistics.median(ratios), 1),
        "same_features": int(same),
    }


def _centres(files: Iterable[Path]) -> np.ndarray[Any, np.dtype[np.float64]]:
    columns = [parquet.read_table(path, columns=["longitude", "latitude"]) for path in files]
    return np.concatenate([np.stack([np.asarray(c) for c in table.columns], axis=1) for table in columns])


def _boxes(centres: np.ndarray[Any, np.dtype[np.float64]], count: int, rng: np.random.Generator) -> list[str]:
    chosen = centres[rng.integers(len(centres), size=count)]
    high = _SIDE_M / 2 / 110_600.0
    wide = [_SIDE_M / 2 / (111_320.0 * math.cos(math.radians(latitude))) for latitude in chosen[:, 1]]
    return [
        f"{x - w:.6f},{y - high:.6f},{x + w:.6f},{y + high:.6f}"
        for (x, y), w in zip(chosen.tolist(), wide, strict=True)
    ]


def _tile_paths(centres: np.ndarray[Any, np.dtype[np.float64]], count: int, rng: np.random.Generator) -> list[str]:
    """Tiles that hold a random building, each once, zooms in turn as far as there are enough."""
    found: dict[TileId, None] = {}
    tries = 0
    while len(found) < count + 100 and tries < count * 20:
        longitude, latitude = centres[rng.integers(len(centres))].tolist()
        found[next(tiles_over((longitude, latitude, longitude, latitude), _ZOOMS[tries % len(_ZOOMS)]))] = None
        tries += 1
    base = "/ogc/collections/building/tiles/WebMercatorQuad"
    return [f"{base}/{tile.zoom}/{tile.row}/{tile.column}" for tile in found]


def _paths(template: str, boxes: list[str]) -> list[str]:
    return [template.format(limit=_LIMIT, bbox=box) for box in boxes]


def _load(url: str, paths: list[str], connections: int) -> dict[str, Any]:
    place = urlsplit(url)
    plan = {"host": place.hostname, "port": place.port, "paths": paths, "connections": connections}
    found = run_client("twin_load.py", plan)
    if set(found["statuses"]) - {"200", "204"} or found["requests"] != len(paths):
        raise SystemExit(f"{url}: {found['statuses']} of {len(paths)}")
    return found


def _median(runs: list[dict[str, Any]], name: str) -> float:
    return round(statistics.median(float(run[name]) for run in runs), 2)


def _say(text: str) -> None:
    sys.stderr.write(text[:600] + "\n")
