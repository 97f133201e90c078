"""The addresses under `/ogc`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from zhicheng.apps.twin.errors.services import QueryInvalid, ServiceEmpty
from zhicheng.apps.twin.values.services import Caller, Service
from zhicheng.config.door.ogc import documents
from zhicheng.config.door.ogc.access import Doorkeeper
from zhicheng.config.door.ogc.asking import FORMATS, form_of
from zhicheng.config.door.ogc.items import item, items
from zhicheng.config.door.ogc.meter import CallMeter
from zhicheng.config.door.ogc.openapi import api_document
from zhicheng.config.door.ogc.pages import landing_page, layer_page
from zhicheng.config.door.ogc.serving import Call, OgcServices, about_all, base_of, document, of_layer, page
from zhicheng.config.door.ogc.tiles import tile, tile_json, tile_set, tile_sets
from zhicheng.core.places.values import Layer

_FORMS = {"json": "application/json", "html": "text/html"}
_OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


@asynccontextmanager
async def ogc_services() -> AsyncIterator[OgcServices]:
    """What the routes need while the door is open."""
    meter = CallMeter()
    async with meter:
        yield OgcServices(Doorkeeper(), meter)


async def landing(request: Request, services: OgcServices, caller: Caller) -> Response:
    """`/ogc/`."""
    if form_of(request, _FORMS) == "html":
        return page(landing_page(await services.door.visible(caller)))
    return document(documents.landing(base_of(request)))


async def conformance(request: Request, services: OgcServices, caller: Caller) -> Response:
    """`/ogc/conformance`."""
    del request, services, caller
    return document({"conformsTo": list(documents.CONFORMANCE)})


async def api(request: Request, services: OgcServices, caller: Caller) -> Response:
    """`/ogc/api`."""
    layers = await services.door.visible(caller)
    return document(api_document(base_of(request), layers), _OPENAPI)


async def collections(request: Request, services: OgcServices, caller: Caller) -> Response:
    """`/ogc/collections`: the layers that the caller may see."""
    layers = await services.door.visible(caller)
    if form_of(request, _FORMS) == "html":
        return page(landing_page(layers))
    shown = [(layer, await _bounds(services, layer)) for layer in layers]
    return document(documents.collections(base_of(request), shown))


async def collection(call: Call) -> Response:
    """`/ogc/collections/{layer}`."""
    bounds = await _bounds(call.services, call.layer)
    if form_of(call.request, _FORMS) == "html":
        reader = await call.reader()
        return page(layer_page(call.layer, bounds, reader.count))
    return document(documents.collection(call.base, call.layer, bounds))


async def queryables(call: Call) -> Response:
    """`/ogc/collections/{layer}/queryables`."""
    return document(documents.queryables(call.base, call.layer), "application/schema+json")


async def matrix_sets(request: Request, services: OgcServices, caller: Caller) -> Response:
    """`/ogc/tileMatrixSets`."""
    del services, caller
    return document(documents.tile_matrix_sets(base_of(request)))


async def matrix_set(request: Request, services: OgcServices, caller: Caller) -> Response:
    """`/ogc/tileMatrixSets/WebMercatorQuad`."""
    del services, caller
    return document(documents.tile_matrix_set(base_of(request)))


async def _bounds(services: OgcServices, layer: Layer) -> Any:
    try:
        return (await services.door.reader(layer)).bounds()
    except ServiceEmpty:
        return None


def _is_download(request: Request) -> bool:
    try:
        return form_of(request, FORMATS) in {"csv", "parquet"}
    except QueryInvalid:
        return False  # said by the handler


_items, _downloads = of_layer(Service.FEATURES, items), of_layer(Service.DOWNLOAD, items)


async def _items_or_download(request: Request) -> Response:
    return await (_downloads if _is_download(request) else _items)(request)


async def _to_landing(request: Request) -> Response:
    del request
    return RedirectResponse("/ogc/", 308)


_LAYER = "/ogc/collections/{layer}"
_QUAD = _LAYER + "/tiles/WebMercatorQuad"

OGC_ROUTES = [
    Route("/ogc", _to_landing),
    Route("/ogc/", about_all(landing)),
    Route("/ogc/conformance", about_all(conformance)),
    Route("/ogc/api", about_all(api)),
    Route("/ogc/collections", about_all(collections)),
    Route(_LAYER, of_layer(Service.FEATURES, collection)),
    Route(_LAYER + "/queryables", of_layer(Service.FEATURES, queryables)),
    Route(_LAYER + "/items", _items_or_download, methods=["GET", "POST"]),
    Route(_LAYER + "/items/{key:path}", of_layer(Service.FEATURES, item)),
    Route(_LAYER + "/tiles", of_layer(Service.TILES, tile_sets)),
    Route(_QUAD, of_layer(Service.TILES, tile_set)),
    Route(_QUAD + "/tilejson", of_layer(Service.TILES, tile_json)),
    Route(_QUAD + "/{zoom}/{row}/{column}", of_layer(Service.TILES, tile)),
    Route("/ogc/tileMatrixSets", about_all(matrix_sets)),
    Route("/ogc/tileMatrixSets/WebMercatorQuad", about_all(matrix_set)),
]
