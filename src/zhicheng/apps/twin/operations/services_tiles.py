"""Drawing the crowded tiles of a layer beforehand."""

import gzip
from collections.abc import Iterator
from datetime import datetime

import structlog

from zhicheng.apps.twin.gate.tile_files import PreparedTile, has_tiles, write_tiles
from zhicheng.apps.twin.queries.services_tiles import make_tile, zoom_range
from zhicheng.core.places.public import LayerEmpty, LayerReader, LayerUnknown, list_layers, open_layer
from zhicheng.engines.geo.tiles.matrix import TileId, tiles_over

_log = structlog.get_logger("zhicheng.twin")
CROWDED = 2_500
"""A tile of more features than this is drawn beforehand; the others are quick enough when they are asked for."""


def prepare_tiles(at: datetime) -> int:
    """Draw for each layer whose index has none yet; how many layers. Called by the worker."""
    del at
    return sum(_prepare(layer.code) for layer in list_layers() if layer.has_shapes)


def draw_crowded(reader: LayerReader) -> int:
    """Draw the crowded tiles of a layer, each zoom only below crowded ones; how many."""
    return write_tiles(reader.folder, _crowded(reader))


def _prepare(code: str) -> bool:
    try:
        reader = open_layer(code)
        if has_tiles(reader.folder):
            return False
        count = draw_crowded(reader)
    except (LayerEmpty, LayerUnknown, FileNotFoundError):
        return False
    _log.info("tiles drawn", layer=code, version=reader.version.version, tiles=count)
    return True


def _crowded(reader: LayerReader) -> Iterator[tuple[TileId, PreparedTile]]:
    bounds = reader.bounds()
    if bounds is None:
        return
    zooms = zoom_range(reader.layer)
    waiting = list(tiles_over(bounds, zooms.first))
    while waiting:
        tile = waiting.pop()
        if len(reader.in_box(*tile.box(), limit=CROWDED + 1)) <= CROWDED:
            continue
        made = make_tile(reader, tile)
        yield tile, PreparedTile(gzip.compress(made.content, 6), made.features, made.dropped)
        if tile.zoom < zooms.last:
            waiting.extend(tile.children())
