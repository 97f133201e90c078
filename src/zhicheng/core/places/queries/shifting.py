"""Whether the positions of a file are in GCJ-02 or BD-09 though nobody said so: tried against what the city knows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhicheng.core.places.errors import LayerEmpty, LayerUnknown, PlacesNotInstalled
from zhicheng.core.places.gate.reader import LayerReader
from zhicheng.core.places.policy.atlas import Atlas
from zhicheng.core.places.queries.known import get_known
from zhicheng.core.places.queries.opening import open_layer
from zhicheng.core.places.values import Layer
from zhicheng.engines.geo.index import Box, metres_per_degree
from zhicheng.engines.geo.shifts import FEWEST, Shift, compare_shift
from zhicheng.engines.geo.systems import to_wgs84

Points = NDArray[np.float64]
Penalty = Callable[[Points], NDArray[np.float64]]
SYSTEMS = {"gcj02": "GCJ-02（高德、腾讯等地图）", "bd09": "BD-09（百度地图）"}
_MOST = 1500
_AREAS = ("grid", "community", "street", "district")


@dataclass(frozen=True)
class Sample:
    """Some rows of a file: the middles of their shapes (n, 2), their keys, and the areas they say they are in."""

    centres: Points
    keys: Sequence[str]
    areas: Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class FoundShift:
    """Which system the positions seem to be in, and why."""

    system: str
    against: str
    shift: Shift


def city_bounds() -> Box | None:
    """The box around all outlines of the city; None where it has none."""
    try:
        outlines = get_known().atlas.outlines
    except PlacesNotInstalled:
        return None
    boxes = np.array([outline.bounds for outline in outlines.values()]).reshape(-1, 4)
    if not len(boxes):
        return None
    (west, south), (east, north) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def find_shift(layer: Layer, sample: Sample) -> FoundShift | None:
    """The system that the positions seem to be in instead of WGS84; None where they are as they should be."""
    if len(sample.centres) < FEWEST:
        return None
    chosen = np.linspace(0, len(sample.centres) - 1, min(_MOST, len(sample.centres))).astype(int)
    some = Sample(
        sample.centres[chosen],
        [sample.keys[row] for row in chosen.tolist()],
        {level: [codes[row] for row in chosen.tolist()] for level, codes in sample.areas.items()},
    )
    found = [FoundShift(name, *tried) for name in SYSTEMS for tried in _tried(layer, some, name)]
    best: dict[str, FoundShift] = {}
    for shift in found:
        known = best.get(shift.against)
        if shift.shift.is_certain and (known is None or shift.shift.left < known.shift.left):
            best[shift.against] = shift
    return max(best.values(), key=lambda shift: shift.shift.better - shift.shift.worse, default=None)


def _tried(layer: Layer, sample: Sample, system: str) -> Iterator[tuple[str, Shift]]:
    undone = to_wgs84(system)(sample.centres)
    for against, least, penalty in _penalties(layer, sample):
        yield against, compare_shift(penalty(sample.centres), penalty(undone), least=least)


def _penalties(layer: Layer, sample: Sample) -> Iterator[tuple[str, float, Penalty]]:
    """What positions can be tried against: named, with the least difference that counts."""
    try:
        atlas = get_known().atlas
    except PlacesNotInstalled:
        atlas = None
    if atlas is not None:
        yield "本市的边界", 0.5, lambda points: _outside(atlas, points)
    level = next((level for level in _AREAS if level in sample.areas), "")
    if atlas is not None and level:
        yield "数据自己写的区划", 0.5, lambda points: _elsewhere(atlas, points, sample.areas[level])
    before = _opened(layer.code)
    if before is not None:
        yield "同一图层现有的位置", 50.0, lambda points: _moved(before, sample.keys, points)


def _opened(code: str) -> LayerReader | None:
    try:
        reader = open_layer(code)
    except (LayerEmpty, LayerUnknown):
        return None
    return reader if reader.layer.has_shapes and reader.count else None


def _outside(atlas: Atlas, points: Points) -> NDArray[np.float64]:
    return np.array([float(atlas.find(x, y) is None) for x, y in points.tolist()])


def _elsewhere(atlas: Atlas, points: Points, codes: Sequence[str | None]) -> NDArray[np.float64]:
    found = (atlas.find(x, y) for x, y in points.tolist())
    return np.array(
        [
            float(code is not None and (place is None or code not in (place.grid, *place.divisions)))
            for code, place in zip(codes, found, strict=True)
        ]
    )


def _moved(before: LayerReader, keys: Sequence[str], points: Points) -> NDArray[np.float64]:
    rows = [before.row_of(key) for key in keys]
    known = np.array([row is not None for row in rows])
    moved = np.zeros(len(points))
    if known.any():
        old = before.centres(np.array([row for row in rows if row is not None], np.int64))
        scale = np.array(metres_per_degree(float(old[0, 1])))
        moved[known] = np.hypot(*((points[known] - old) * scale).T)
    return moved
