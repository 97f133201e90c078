"""`zhicheng bench twin-inside`: what the twin does in one process, without HTTP. Called by `bench twin`."""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from zhicheng.apps.twin.public import ask_city
from zhicheng.config import environment
from zhicheng.config.benches.placing import Trial, measure_places
from zhicheng.core.parties.values import system_actor
from zhicheng.core.places.public import LayerReader, open_layer
from zhicheng.engines.geo.index import locate_first, search_boxes, to_cells
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError

RUNS = 3
_BOXES, _POINTS, _ADDRESSES = 200_000, 1_000_000, 3_000
_HALF = (500.0 / 2 / (111_320.0 * 0.9237), 500.0 / 2 / 110_600.0)
_LIMIT = 100


def measure_inside(cache: Path) -> dict[str, Any]:
    """Boxes and points a second, addresses and commands in words."""
    reader = open_layer("building")
    rng = np.random.default_rng(3)
    centres = reader.centres(rng.integers(reader.count, size=_POINTS).astype(np.int32))
    boxes = np.concatenate([centres - _HALF, centres + _HALF], axis=1)[:_BOXES]
    return {
        "bbox_engine_per_s": _per_s(_BOXES, lambda: _search(reader, boxes)),
        "point_engine_per_s": _per_s(_POINTS, lambda: locate_first(reader.tree, reader.ragged, centres)),
        **_words(),
        **_addresses(cache),
        "inside_load_1m": round(os.getloadavg()[0], 2),
    }


def _search(reader: LayerReader, boxes: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    search_boxes(reader.tree, to_cells(boxes), _LIMIT)


def _per_s(count: int, work: Callable[[], object]) -> int:
    """The median of three runs, after one that compiles and brings the pages in."""
    work()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return round(count / statistics.median(times))


def _addresses(cache: Path) -> dict[str, Any]:
    """Twelve million addresses, asked for the way people write them."""
    found = measure_places(Trial(environment.pack_root(), cache, _ADDRESSES), say=_say)
    if found["place_city"] != "full":
        return {"address_p99_ms": None, "address_missing": "zhicheng simulate city --full"}
    names = ("address_p99_ms", "address_p50_ms", "suggest_p99_ms", "place_addresses", "address_index_seconds")
    return {name: found[name] for name in names}


def _words() -> dict[str, Any]:
    """From words to the answer with what the map draws; the pack's commands about layers that the city has."""
    asked = list(_commands())
    for text in asked[:10]:
        _ask_ms(text)
    times = sorted(took for text in asked for took in [_ask_ms(text)] if took is not None)
    if not times:
        return {"words_p99_ms": None, "words_missing": "没有一条指令答得上来"}
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    return {"words_p99_ms": round(p99, 1), "words_p50_ms": round(statistics.median(times), 1), "words_n": len(times)}


def _ask_ms(text: str) -> float | None:
    """None where there is no answer."""
    begun = time.perf_counter()
    try:
        answer = ask_city(text, actor=system_actor("bench"), now=now())
    except ZhichengError:
        return None
    took = (time.perf_counter() - begun) * 1000
    return None if answer.understood.refusal else took


def _commands() -> Iterator[str]:
    for path in sorted((environment.pack_root() / "evaluation").glob("commands*.yaml")):
        for each in yaml.safe_load(path.read_text(encoding="utf-8"))["commands"]:
            if "want" in each:
                yield each["say"]


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
