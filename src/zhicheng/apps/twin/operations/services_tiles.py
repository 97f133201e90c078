"""Drawing the crowded tiles of a layer beforehand."""

import gzip
import threading
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


class TileDrawer:
    """Draws one layer at a time in a thread of its own: what else the worker has to do does not wait for it."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def start_next(self) -> bool:
        """Begin with the next layer whose index has no tiles yet; False where there is none, or one is being drawn."""
        if self._thread is not None and self._thread.is_alive():
            return False
        for layer in list_layers():
            reader = _undrawn(layer.code) if layer.has_shapes else None
            if reader is not None:
                self._thread = threading.Thread(target=_draw, args=(reader,), name="tiles", daemon=True)
                self._thread.start()
                return True
        return False

    def finish(self) -> None:
        """Wait for what is being drawn."""
        if self._thread is not None:
            self._thread.join()


_drawer = TileDrawer()


def prepare_tiles(at: datetime) -> int:
    """Begin to draw the tiles of the next layer that needs some; 0 where nothing was begun. Called by the worker."""
    del at
    return int(_drawer.start_next())


def draw_crowded(reader: LayerReader) -> int:
    """Draw the crowded tiles of a layer, each zoom only below crowded ones; how many."""
    return write_tiles(reader.folder, _crowded(reader))


def _undrawn(code: str) -> LayerReader | None:
    try:
        reader = open_layer(code)
    except (LayerEmpty, LayerUnknown):
        return None
    return None if has_tiles(reader.folder) else reader


def _draw(reader: LayerReader) -> None:
    try:
        count = draw_crowded(reader)
    except OSError as error:  # the index was replaced meanwhile, or the disk is full
        _log.warning("tiles not drawn", layer=reader.layer.code, error=str(error)[:200])
        return
    _log.info("tiles drawn", layer=reader.layer.code, version=reader.version.version, tiles=count)


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
