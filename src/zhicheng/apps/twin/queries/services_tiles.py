"""Tiles of a layer, made from its index."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from zhicheng.apps.twin.queries.services_features import Reader
from zhicheng.core.places.values import Layer
from zhicheng.engines.geo.tiles.drawing import BUFFER, EXTENT, draw
from zhicheng.engines.geo.tiles.encoding import Features, Tile, attributes_of, encode
from zhicheng.engines.geo.tiles.flat import flat_from_ragged
from zhicheng.engines.geo.tiles.matrix import TileId

MOST_BYTES = 512 * 1024
KEY_FROM = 15
"""From this zoom on a tile carries each object's key, so that a click leads to it."""
LAST_ZOOM = 18
"""Maps draw deeper zooms from tiles of this one."""
_MOST_FEATURES = 30_000
_TOLERANCE = 4.0  # units of 1/4096 tile: half a pixel of a tile drawn with 512
_EMPTY = Tile(b"", 0, 0)


@dataclass(frozen=True)
class ZoomRange:
    """From which zoom to which a layer is drawn."""

    first: int
    last: int


def zoom_range(layer: Layer) -> ZoomRange:
    """The zooms at which there are tiles."""
    return ZoomRange(layer.tiles.from_zoom if layer.tiles else 0, LAST_ZOOM)


def make_tile(reader: Reader, tile: TileId, *, most_bytes: int = MOST_BYTES) -> Tile:
    """One tile, drawn now."""
    rows, left_out = _largest(reader, reader.in_box(*tile.box(BUFFER / EXTENT), limit=reader.count))
    if not len(rows):
        return _EMPTY
    shapes = flat_from_ragged(reader.ragged, rows)
    drawn = draw(shapes, tile, tolerance=_TOLERANCE if tile.zoom < LAST_ZOOM - 2 else 1.0)
    seen = np.flatnonzero(drawn.sizes > 0)
    if not len(seen):
        return _EMPTY
    table = reader.table(rows, list(tile_columns(reader.layer, tile.zoom)))
    columns = {name: table.column(name).combine_chunks() for name in table.column_names}
    features = Features(shapes.kinds, rows.astype(np.int64) + 1, drawn, attributes_of(columns))
    made = encode(reader.layer.code, features, most_bytes=most_bytes)
    return Tile(made.content, made.features, made.dropped + left_out)


def tile_columns(layer: Layer, zoom: int) -> tuple[str, ...]:
    """The attributes that a tile carries."""
    chosen = layer.tiles.columns if layer.tiles else ((layer.name,) if layer.name else ())
    columns = (*chosen, layer.key) if zoom >= KEY_FROM else chosen
    return tuple(dict.fromkeys(columns))


def _largest(reader: Reader, rows: Any) -> tuple[Any, int]:
    """As many rows as are worth drawing, those with the largest boxes, and how many were left out."""
    if len(rows) <= _MOST_FEATURES or reader.layer.geometry == "point":
        return rows, 0
    boxes = reader.tree.boxes[rows].astype(np.int64)
    sizes = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    kept = np.sort(np.argpartition(-sizes, _MOST_FEATURES)[:_MOST_FEATURES])
    return rows[kept], len(rows) - len(kept)
