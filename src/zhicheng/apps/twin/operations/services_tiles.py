"""Drawing the crowded tiles of a layer beforehand."""

import gzip
import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from zhicheng.apps.twin.gate.tile_files import PreparedTile, has_tiles, write_tiles
from zhicheng.apps.twin.queries.services_tiles import make_tile, zoom_range
from zhicheng.core.places.public import LayerEmpty, LayerReader, LayerUnknown, list_layers, open_layer
from zhicheng.engines.geo.tiles.matrix import TileId, tiles_over

logger = logging.getLogger(__name__)
CROWDED = 2_500
"""A tile of more features than this is drawn beforehand; the others are quick enough when they are asked for."""
_AGAIN = timedelta(minutes=10)


class TileDrawer:
    """Draws one layer at a time in a thread of its own: what else the worker has to do does not wait for it.

    A layer that could not be drawn is tried again after ten minutes; the others go on meanwhile.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._failed: dict[Path, datetime] = {}

    def start_next(self, at: datetime) -> bool:
        """Begin with the next layer whose index has no tiles yet; False where there is none, or one is being drawn."""
        if self._thread is not None and self._thread.is_alive():
            return False
        self._failed = {folder: failed for folder, failed in self._failed.items() if at < failed + _AGAIN}
        for layer in list_layers():
            reader = _undrawn(layer.code) if layer.has_shapes else None
            if reader is not None and reader.folder not in self._failed:
                self._thread = threading.Thread(target=self._draw, args=(reader, at), name="tiles", daemon=True)
                self._thread.start()
                return True
        return False

    def finish(self) -> None:
        """Wait for what is being drawn."""
        if self._thread is not None:
            self._thread.join()

    def _draw(self, reader: LayerReader, at: datetime) -> None:
        try:
            count = draw_crowded(reader)
        except Exception:  # the index was replaced, the disk is full, a shape is odd: the other layers go on
            self._failed[reader.folder] = at
            logger.exception("tiles not drawn: %s", reader.layer.code)
            return
        logger.info("tiles drawn: %s, version %d, %d tiles", reader.layer.code, reader.version.version, count)


_drawer = TileDrawer()


def prepare_tiles(at: datetime) -> int:
    """Begin to draw the tiles of the next layer that needs some; 0 where nothing was begun. Called by the worker."""
    return int(_drawer.start_next(at))


def draw_crowded(reader: LayerReader) -> int:
    """Draw the crowded tiles of a layer, each zoom only below crowded ones; how many."""
    return write_tiles(reader.folder, _crowded(reader))


def _undrawn(code: str) -> LayerReader | None:
    try:
        reader = open_layer(code)
    except (LayerEmpty, LayerUnknown):
        return None
    return None if has_tiles(reader.folder) else reader


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
