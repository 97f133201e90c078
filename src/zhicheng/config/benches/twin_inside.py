"""`zhicheng bench twin-inside`: what the twin's engines do in one process, without HTTP. Called by `bench twin`."""

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from zhicheng.core.places.public import LayerReader, open_layer
from zhicheng.engines.geo.index import locate_first, search_boxes, to_cells

RUNS = 3
_BOXES, _POINTS = 200_000, 1_000_000
_HALF = (500.0 / 2 / (111_320.0 * 0.9237), 500.0 / 2 / 110_600.0)
_LIMIT = 100


def measure_inside() -> dict[str, Any]:
    """Boxes and points a second."""
    reader = open_layer("building")
    rng = np.random.default_rng(3)
    centres = reader.centres(rng.integers(reader.count, size=_POINTS).astype(np.int32))
    boxes = np.concatenate([centres - _HALF, centres + _HALF], axis=1)[:_BOXES]
    return {
        "bbox_engine_per_s": _per_s(_BOXES, lambda: _search(reader, boxes)),
        "point_engine_per_s": _per_s(_POINTS, lambda: locate_first(reader.tree, reader.ragged, centres)),
        "engine_load_1m": round(os.getloadavg()[0], 2),
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
