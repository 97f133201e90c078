"""Vector tiles of a layer, and what describes them."""

import asyncio
import gzip
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from zhicheng.apps.twin.errors.services import NoTiles, QueryInvalid, TileOutside
from zhicheng.apps.twin.public import make_tile, prepared_tile, zoom_range
from zhicheng.config.door.ogc import documents
from zhicheng.config.door.ogc.serving import Call, document
from zhicheng.core.places.public import LayerReader
from zhicheng.engines.geo.tiles.matrix import TileId

_MOST_KEPT_BYTES = 64 * 1024 * 1024
_WORLD = (-180.0, -85.0, 180.0, 85.0)


@dataclass(frozen=True)
class Packed:
    """A tile as it is sent: gzip, how many features, how many left out."""

    content: bytes
    features: int
    dropped: int


class TileCache:
    """Tiles that were asked for lately, the least recently used go first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Packed] = OrderedDict()
        self._bytes = 0

    def get(self, name: str) -> Packed | None:
        """A tile, if it is kept."""
        found = self._kept.get(name)
        if found is not None:
            self._kept.move_to_end(name)
        return found

    def keep(self, name: str, tile: Packed) -> None:
        """Keep a tile."""
        if name not in self._kept:
            self._kept[name] = tile
            self._bytes += len(tile.content) + 200
        while self._bytes > _MOST_KEPT_BYTES:
            _, old = self._kept.popitem(last=False)
            self._bytes -= len(old.content) + 200


_cache = TileCache()


async def tile(call: Call) -> Response:
    """`/collections/{layer}/tiles/WebMercatorQuad/{zoom}/{row}/{column}`."""
    wanted = _tile_id(call)
    reader = await call.reader()
    name = f"{call.layer.code}-{reader.folder.name}-{wanted.zoom}-{wanted.row}-{wanted.column}"
    headers = {
        "etag": f'"{name}"',
        "cache-control": call.cache_control,
        "access-control-allow-origin": "*",
        "vary": "Accept-Encoding",
    }
    if f'"{name}"' in call.request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    made = _cache.get(name)
    if made is None:
        made = await asyncio.to_thread(_make, reader, wanted)
        _cache.keep(name, made)
    headers["x-tile-features"] = str(made.features)
    if made.dropped:
        headers["x-tile-dropped"] = str(made.dropped)
    if not made.features:
        return Response(None, 204, headers)
    content = made.content
    if "gzip" in call.request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, 200, headers, documents.MVT)


async def tile_sets(call: Call) -> Response:
    """`/collections/{layer}/tiles`."""
    _check_drawn(call)
    return document(documents.tile_sets(call.base, call.layer))


async def tile_set(call: Call) -> Response:
    """`/collections/{layer}/tiles/WebMercatorQuad`."""
    return document(documents.tile_set(call.base, call.layer, await _bounds(call)))


async def tile_json(call: Call) -> Response:
    """`/collections/{layer}/tiles/WebMercatorQuad/tilejson`."""
    return document(documents.tile_json(call.base, call.layer, await _bounds(call)))


def _make(reader: LayerReader, wanted: TileId) -> Packed:
    prepared = prepared_tile(reader.folder, wanted)
    if prepared is not None:
        return Packed(prepared.content, prepared.features, prepared.dropped)
    made = make_tile(reader, wanted)
    return Packed(gzip.compress(made.content, 1), made.features, made.dropped)


def _tile_id(call: Call) -> TileId:
    _check_drawn(call)
    params = call.request.path_params
    texts = [params["zoom"], params["row"], params["column"].removesuffix(".mvt").removesuffix(".pbf")]
    if not all(text.isascii() and text.isdigit() and len(text) < 9 for text in texts):
        raise QueryInvalid("zoom/row/column", "应是整数。", "zoom, row and column are whole numbers")
    wanted = TileId(*map(int, texts))
    zooms = zoom_range(call.layer)
    if not wanted.exists or not zooms.first <= wanted.zoom <= zooms.last:
        raise TileOutside(layer=call.layer.label, least=zooms.first, most=zooms.last)
    return wanted


def _check_drawn(call: Call) -> None:
    if not call.layer.has_shapes:
        raise NoTiles(layer=call.layer.label)


async def _bounds(call: Call) -> Any:
    _check_drawn(call)
    return (await call.reader()).bounds() or _WORLD
