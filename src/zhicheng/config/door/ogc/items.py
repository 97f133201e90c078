"""Features of a layer: pages of them, one of them, and whole layers as files."""

import asyncio
import json
from datetime import UTC
from typing import Any
from urllib.parse import quote

import numpy as np
import shapely
from starlette.responses import Response, StreamingResponse

from zhicheng.apps.twin.errors.services import PageGone
from zhicheng.apps.twin.public import count_rows, select_rows
from zhicheng.config.door.ogc.asking import FORMATS, ItemsRequest, form_of, read_items
from zhicheng.config.door.ogc.downloads import csv_parts, parquet_parts
from zhicheng.config.door.ogc.pages import feature_page, items_page
from zhicheng.config.door.ogc.serving import Call, packed, page
from zhicheng.config.door.ogc.systems import CRS84, System, from_wgs84, system_named
from zhicheng.core.places.public import FeatureUnknown, LayerEmpty, LayerReader, LayerUnknown, open_layer
from zhicheng.kit.clock import now

_FEW = 200
_GEOJSON = FORMATS["json"]


async def items(call: Call) -> Response:
    """`/collections/{layer}/items`."""
    asked = await read_items(call.request, call.layer)
    reader = await _version(call, asked)
    if asked.form in {"csv", "parquet"}:
        return _file(call, asked, reader)
    if asked.query.where is None and not asked.count and (asked.limit or 0) <= _FEW:
        rows, matched = _chosen(reader, asked)
    else:
        rows, matched = await asyncio.to_thread(_chosen, reader, asked)
    more = len(rows) > (asked.limit or 0)
    rows = rows[: asked.limit]
    links = _links(call, asked, reader, int(rows[-1]) if more else None)
    if asked.form == "html":
        return page(await asyncio.to_thread(items_page, call, reader, rows, links))
    head = _head(links, len(rows), matched)
    if len(rows) <= _FEW:
        features = _features(reader, rows, asked.system)
    else:
        features = await asyncio.to_thread(_features, reader, rows, asked.system)
    content = b"%b%b]}" % (head, b",".join(features))
    headers = {"content-crs": f"<{asked.system.uri}>", "cache-control": call.cache_control}
    return await packed(call.request, content, headers, _GEOJSON)


async def item(call: Call) -> Response:
    """`/collections/{layer}/items/{key}`."""
    reader = await call.reader()
    key = call.request.path_params["key"]
    form = form_of(call.request, {"json": _GEOJSON, "html": "text/html"})
    name = call.request.query_params.get("crs")
    system = system_named(name, "crs") if name else CRS84
    row = await asyncio.to_thread(reader.row_of, key)
    if row is None:
        raise FeatureUnknown(layer=call.layer.label, key=key[:60])
    if form == "html":
        return page(await asyncio.to_thread(feature_page, call, reader, row))
    (feature,) = _features(reader, np.array([row], np.int32), system)
    here = f"{call.base}/collections/{call.layer.code}"
    links = [
        {"href": f"{here}/items/{quote(key)}", "rel": "self", "type": _GEOJSON},
        {"href": here, "rel": "collection", "type": "application/json"},
    ]
    content = feature[:-1] + b',"links":' + _json(links) + b"}"
    headers = {"content-crs": f"<{system.uri}>", "cache-control": call.cache_control}
    return await packed(call.request, content, headers, _GEOJSON)


async def _version(call: Call, asked: ItemsRequest) -> LayerReader:
    """The version that a list belongs to: rows of one mean nothing in another."""
    reader = await call.reader()
    if asked.after is None or asked.after[0] == reader.version.version:
        return reader
    try:
        return await asyncio.to_thread(open_layer, call.layer.code, asked.after[0])
    except (LayerEmpty, LayerUnknown, FileNotFoundError):
        raise PageGone(layer=call.layer.label) from None


def _chosen(reader: LayerReader, asked: ItemsRequest) -> tuple[Any, int | None]:
    """One row more than the page shows, so that it is known whether there is a next one."""
    after = asked.after[1] if asked.after else -1
    rows = select_rows(reader, asked.query, limit=(asked.limit or 0) + 1, after=after)
    return rows, count_rows(reader, asked.query) if asked.count else None


def _links(call: Call, asked: ItemsRequest, reader: LayerReader, last: int | None) -> list[dict[str, str]]:
    here = f"{call.base}/collections/{call.layer.code}/items"
    links = [
        {"href": asked.link(here), "rel": "self", "type": _GEOJSON},
        {"href": asked.link(here, f="html"), "rel": "alternate", "type": "text/html"},
        {"href": here.removesuffix("/items"), "rel": "collection", "type": "application/json"},
    ]
    if last is not None:
        after = f"{reader.version.version}.{last}"
        links.append({"href": asked.link(here, after=after), "rel": "next", "type": _GEOJSON})
    return links


def _head(links: list[dict[str, str]], returned: int, matched: int | None) -> bytes:
    at = now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    total = f',"numberMatched":{matched}' if matched is not None else ""
    head = f'{{"type":"FeatureCollection","timeStamp":"{at}","numberReturned":{returned}{total},"links":'
    return head.encode() + _json(links) + b',"features":['


def _features(reader: LayerReader, rows: Any, system: System) -> list[bytes]:
    """Features as bytes, their coordinates in the system asked for."""
    features = reader.features(rows)
    if system is CRS84 or not reader.layer.has_shapes:
        return features
    moved = from_wgs84(reader.shapes(rows), system)
    return [_with_shape(feature, shape, system) for feature, shape in zip(features, moved, strict=True)]


def _with_shape(feature: bytes, shape: Any, system: System) -> bytes:
    body = json.loads(feature)
    digits = 2 if system.uri.endswith("3857") else 8
    body["geometry"] = json.loads(shapely.to_geojson(shape), parse_float=lambda text: round(float(text), digits))
    return _json(body)


def _file(call: Call, asked: ItemsRequest, reader: LayerReader) -> Response:
    after = asked.after[1] if asked.after else -1
    name = f"{call.layer.code}-{reader.version.version}.{asked.form}"
    make = csv_parts if asked.form == "csv" else parquet_parts
    media = "text/csv; charset=utf-8" if asked.form == "csv" else FORMATS["parquet"]
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
        "access-control-allow-origin": "*",
    }
    return StreamingResponse(make(reader, asked.query, asked.limit, after), 200, headers, media)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
