"""The OpenAPI 3.0 document of the service, made for the layers that the caller may see."""

from typing import Any

from zhicheng.config.door.ogc.asking import MOST_LIMIT
from zhicheng.core.places.values import Layer

Json = dict[str, Any]


def api_document(base: str, layers: list[Layer]) -> Json:
    """All paths with their parameters."""
    codes = [layer.code for layer in layers]
    return {
        "openapi": "3.0.3",
        "info": {"title": "智城地图服务", "version": "1.0.0", "description": "OGC API：要素、瓦片和下载。"},
        "servers": [{"url": base}],
        "paths": _paths(codes),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "接口密钥"}},
            "schemas": {"problem": _PROBLEM},
        },
        "security": [{}, {"key": []}],
    }


def _paths(codes: list[str]) -> Json:
    layer = _path("layer", {"type": "string", **({"enum": codes} if codes else {})}, "图层")
    tile = [_path(name, {"type": "integer"}, label) for name, label in _TILE_PARTS]
    return {
        "/": _get("首页", [], "application/json"),
        "/conformance": _get("符合的标准", [], "application/json"),
        "/collections": _get("图层清单", [], "application/json"),
        "/collections/{layer}": _get("一个图层", [layer], "application/json"),
        "/collections/{layer}/queryables": _get("可以筛选的列", [layer], "application/schema+json"),
        "/collections/{layer}/items": _get("要素", [layer, *_ITEMS], "application/geo+json"),
        "/collections/{layer}/items/{key}": _get(
            "一个要素", [layer, _path("key", {"type": "string"}, "要素的编号"), _CRS], "application/geo+json"
        ),
        "/collections/{layer}/tiles": _get("瓦片集清单", [layer], "application/json"),
        "/collections/{layer}/tiles/WebMercatorQuad": _get("瓦片集", [layer], "application/json"),
        "/collections/{layer}/tiles/WebMercatorQuad/{zoom}/{row}/{column}": _get(
            "一张矢量瓦片", [layer, *tile], "application/vnd.mapbox-vector-tile"
        ),
        "/tileMatrixSets": _get("瓦片方案", [], "application/json"),
        "/tileMatrixSets/WebMercatorQuad": _get("网络墨卡托四叉", [], "application/json"),
    }


_TILE_PARTS = (("zoom", "级别"), ("row", "行号，从北向南"), ("column", "列号"))
_PROBLEM = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("type", "title", "detail", "code", "english", "request_id")},
}
_REFUSALS = {"400": "参数有误", "401": "需要登录或接口密钥", "403": "没有权限", "404": "没有找到", "429": "超过配额"}


def _get(summary: str, parameters: list[Json], media: str) -> Json:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    answers = {"200": {"description": summary, "content": {media: {"schema": {}}}}}
    refusals = {status: {"description": said, "content": problem} for status, said in _REFUSALS.items()}
    return {"get": {"summary": summary, "parameters": parameters, "responses": {**answers, **refusals}}}


def _path(name: str, schema: Json, label: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": label}


def _query(name: str, schema: Json, label: str) -> Json:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": label,
        "style": "form",
        "explode": False,
    }


_TEXT: Json = {"type": "string"}
_CRS = _query("crs", {"type": "string", "format": "uri"}, "坐标系")
_ITEMS = [
    _query(
        "bbox",
        {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        "范围：西、南、东、北",
    ),
    _query("bbox-crs", {"type": "string", "format": "uri"}, "范围的坐标系"),
    _CRS,
    _query("limit", {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": 10}, "一页的个数"),
    _query("datetime", _TEXT, "时间或时间段"),
    _query("filter", _TEXT, "CQL2 筛选条件"),
    _query("filter-lang", {"type": "string", "enum": ["cql2-text", "cql2-json"]}, "筛选条件的写法"),
    _query("filter-crs", {"type": "string", "format": "uri"}, "筛选条件里图形的坐标系"),
    _query("count", {"type": "boolean"}, "true：另外数出符合条件的总数（numberMatched），会慢一些"),
    _query("f", {"type": "string", "enum": ["json", "html", "csv", "parquet"]}, "格式"),
]
