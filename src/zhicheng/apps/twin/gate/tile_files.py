"""Tiles drawn beforehand: one file of tiles and one of places beside the index that they were drawn from.

Both are put in their place by a rename, the places last: what is seen is whole.
"""

import os
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhicheng.engines.geo.tiles.matrix import TileId

TILES, PLACES = "tiles.bin", "tiles.places.npy"
_PLACE = np.dtype([("tile", "<u8"), ("start", "<u8"), ("length", "<u4"), ("features", "<u4"), ("dropped", "<u4")])
_MOST_OPEN = 64


@dataclass(frozen=True)
class PreparedTile:
    """A tile as it was drawn: gzip."""

    content: bytes
    features: int
    dropped: int


@dataclass(frozen=True)
class _Opened:
    places: NDArray[Any]
    content: NDArray[np.uint8]


_opened: OrderedDict[Path, _Opened] = OrderedDict()


def write_tiles(folder: Path, tiles: Iterable[tuple[TileId, PreparedTile]]) -> int:
    """Keep tiles beside an index; how many.

    Raises:
        OSError: the disk is full, or the index was removed.
    """
    places, at = [], 0
    draft = folder / f".{TILES}.{os.getpid()}"
    with draft.open("wb") as file:
        for tile, made in tiles:
            file.write(made.content)
            places.append((_number(tile), at, len(made.content), made.features, made.dropped))
            at += len(made.content)
    draft.replace(folder / TILES)
    draft_places = folder / f".{PLACES}.{os.getpid()}.npy"
    np.save(draft_places, np.sort(np.array(places, _PLACE), order="tile"))
    draft_places.replace(folder / PLACES)
    return len(places)


def has_tiles(folder: Path) -> bool:
    """Whether tiles were drawn for an index."""
    return (folder / PLACES).exists()


def prepared_tile(folder: Path, tile: TileId) -> PreparedTile | None:
    """A tile that was drawn beforehand."""
    opened = _opened.get(folder) or _open(folder)
    if opened is None:
        return None
    number = _number(tile)
    at = int(np.searchsorted(opened.places["tile"], np.uint64(number)))
    if at >= len(opened.places) or int(opened.places["tile"][at]) != number:
        return None
    _, start, length, features, dropped = opened.places[at].item()
    return PreparedTile(opened.content[start : start + length].tobytes(), features, dropped)


def _open(folder: Path) -> _Opened | None:
    try:
        places = np.load(folder / PLACES)
        path = folder / TILES
        content = np.memmap(path, np.uint8, "r") if path.stat().st_size else np.empty(0, np.uint8)
    except FileNotFoundError:
        return None
    _opened[folder] = opened = _Opened(places, content)
    while len(_opened) > _MOST_OPEN:
        _opened.popitem(last=False)
    return opened


def _number(tile: TileId) -> int:
    return tile.zoom << 48 | tile.row << 24 | tile.column
