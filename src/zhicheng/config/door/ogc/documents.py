"""The documents that describe the service: landing page, conformance, collections, queryables, tile sets."""

from typing import Any

from zhicheng.apps.twin.public import TILE_LAST_ZOOM, tile_columns, zoom_range
from zhicheng.config.door.ogc.systems import CRS84, SYSTEMS
from zhicheng.core.lake.values import Column, ColumnType
from zhicheng.core.places.values import GEOMETRY, Layer
from zhicheng.engines.geo.tiles.matrix import HALF_M, TOP_SCALE

Json = dict[str, Any]
MATRIX_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
MVT = "application/vnd.mapbox-vector-tile"
_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
_FEATURES, _FILTER, _CQL2, _TILES = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/",
    "http://www.opengis.net/spec/cql2/1.0/conf/",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/",
)
CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    *(_FEATURES + name for name in ("core", "geojson", "html", "oas30")),
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    *(_FILTER + name for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")),
    *(
        _CQL2 + name
        for name in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "arithmetic",
        )
    ),
    *(_TILES + name for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")),
)
_SHAPE_FORMAT = {"point": "geometry-point", "line": "geometry-linestring", "polygon": "geometry-polygon"}
_TYPES: dict[ColumnType, Json] = {
    ColumnType.BOOLEAN: {"type": "boolean"},
    ColumnType.INTEGER: {"type": "integer"},
    ColumnType.DECIMAL: {"type": "number"},
    ColumnType.REAL: {"type": "number"},
    ColumnType.TEXT: {"type": "string"},
    ColumnType.DATE: {"type": "string", "format": "date"},
    ColumnType.TIMESTAMP: {"type": "string", "format": "date-time"},
}
_POINT_ORIGIN = [-HALF_M, HALF_M]


def link(href: str, rel: str, media: str = "application/json", title: str = "") -> Json:
    """A link of a document."""
    return {"href": href, "rel": rel, "type": media, **({"title": title} if title else {})}


def landing(base: str) -> Json:
    """The first page."""
    return {
        "title": "智城地图服务",
        "description": "全市图层的要素查询、矢量瓦片和下载。说明见 docs/guide/ogc.md。",
        "links": [
            link(f"{base}/", "self", title="本页"),
            link(f"{base}/?f=html", "alternate", "text/html", "本页（网页）"),
            link(f"{base}/api", "service-desc", "application/vnd.oai.openapi+json;version=3.0", "接口定义"),
            link(f"{base}/conformance", "conformance", title="符合的标准"),
            link(f"{base}/collections", "data", title="图层清单"),
            link(f"{base}/tileMatrixSets", _REL + "tiling-schemes", title="瓦片方案"),
        ],
    }


def collections(base: str, shown: list[tuple[Layer, Any]]) -> Json:
    """All layers that the caller may see, each with its bounds where they are known."""
    return {
        "links": [
            link(f"{base}/collections", "self"),
            link(f"{base}/collections?f=html", "alternate", "text/html", "本页（网页）"),
        ],
        "crs": [system.uri for system in SYSTEMS],
        "collections": [collection(base, layer, bounds) for layer, bounds in shown],
    }


def collection(base: str, layer: Layer, bounds: Any) -> Json:
    """One layer."""
    here = f"{base}/collections/{layer.code}"
    links = [
        link(here, "self"),
        link(f"{here}?f=html", "alternate", "text/html", "本页（网页）"),
        link(f"{here}/items", "items", "application/geo+json", "要素"),
        link(f"{here}/items?f=html", "items", "text/html", "要素（网页）"),
        link(f"{here}/items?f=csv", "enclosure", "text/csv", "整层下载 CSV"),
        link(f"{here}/items?f=parquet", "enclosure", "application/vnd.apache.parquet", "整层下载 GeoParquet"),
        link(f"{here}/queryables", _REL + "queryables", "application/schema+json", "可以筛选的列"),
    ]
    found: Json = {
        "id": layer.code,
        "title": layer.label,
        "description": f"{layer.source}" + ("（示意数据）" if layer.illustrative else ""),
        "attribution": layer.source,
        "itemType": "feature",
        "crs": [system.uri for system in SYSTEMS] if layer.has_shapes else [CRS84.uri],
        "storageCrs": CRS84.uri,
        "links": links,
    }
    if layer.licence:
        found["license"] = layer.licence
    if layer.has_shapes:
        links.append(link(f"{here}/tiles", _REL + "tilesets-vector", title="矢量瓦片"))
        if bounds is not None:
            found["extent"] = {"spatial": {"bbox": [list(bounds)], "crs": CRS84.uri}}
    return found


def queryables(base: str, layer: Layer) -> Json:
    """What may be filtered by, as JSON Schema."""
    properties: Json = {column.code: _property(column) for column in layer.shown if column.type in _TYPES}
    if layer.has_shapes:
        shape = {"format": _SHAPE_FORMAT[layer.geometry], "x-ogc-role": "primary-geometry", "title": "图形"}
        properties[GEOMETRY] = shape
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base}/collections/{layer.code}/queryables",
        "type": "object",
        "title": layer.label,
        "properties": properties,
        "additionalProperties": False,
    }


def _property(column: Column) -> Json:
    found = {"title": column.label + (f"（{column.unit}）" if column.unit else ""), **_TYPES[column.type]}
    if column.codes:
        found["oneOf"] = [{"const": code, "title": label} for code, label in column.codes.items()]
    return found


def tile_sets(base: str, layer: Layer) -> Json:
    """The tile sets of a layer: there is one."""
    here = f"{base}/collections/{layer.code}/tiles"
    entry = {
        "title": layer.label,
        "dataType": "vector",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "tileMatrixSetURI": MATRIX_URI,
        "links": [
            link(f"{here}/WebMercatorQuad", "self"),
            link(f"{base}/tileMatrixSets/WebMercatorQuad", _REL + "tiling-scheme"),
            _tile_link(here),
        ],
    }
    return {"links": [link(here, "self")], "tilesets": [entry]}


def tile_set(base: str, layer: Layer, bounds: Any) -> Json:
    """The tile set of a layer in WebMercatorQuad."""
    here = f"{base}/collections/{layer.code}/tiles"
    zooms = zoom_range(layer)
    west, south, east, north = bounds
    return {
        "title": layer.label,
        "dataType": "vector",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "tileMatrixSetURI": MATRIX_URI,
        "boundingBox": {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84.uri},
        "layers": [
            {
                "id": layer.code,
                "dataType": "vector",
                "geometryDimension": {"point": 0, "line": 1, "polygon": 2}[layer.geometry],
                "minTileMatrix": str(zooms.first),
                "maxTileMatrix": str(zooms.last),
                "propertiesSchema": {
                    "type": "object",
                    "properties": {code: _property(layer.column(code)) for code in tile_columns(layer, zooms.last)},
                },
            }
        ],
        "links": [
            link(f"{here}/WebMercatorQuad", "self"),
            link(f"{here}/WebMercatorQuad/tilejson", "describedby", title="TileJSON"),
            link(f"{base}/tileMatrixSets/WebMercatorQuad", _REL + "tiling-scheme"),
            _tile_link(here),
        ],
    }


def tile_json(base: str, layer: Layer, bounds: Any) -> Json:
    """TileJSON 3.0, as MapLibre reads it."""
    zooms = zoom_range(layer)
    west, south, east, north = bounds
    fields = {code: layer.column(code).label for code in tile_columns(layer, zooms.last)}
    return {
        "tilejson": "3.0.0",
        "name": layer.label,
        "attribution": layer.source,
        "tiles": [f"{base}/collections/{layer.code}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"],
        "minzoom": zooms.first,
        "maxzoom": zooms.last,
        "bounds": [west, south, east, north],
        "center": [(west + east) / 2, (south + north) / 2, zooms.first],
        "vector_layers": [{"id": layer.code, "description": layer.label, "fields": fields}],
    }


def _tile_link(here: str) -> Json:
    template = f"{here}/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    return {**link(template, "item", MVT), "templated": True}


def tile_matrix_sets(base: str) -> Json:
    """The tiling schemes: there is one."""
    entry = {
        "id": "WebMercatorQuad",
        "title": "网络墨卡托四叉",
        "uri": MATRIX_URI,
        "links": [link(f"{base}/tileMatrixSets/WebMercatorQuad", "self")],
    }
    return {"tileMatrixSets": [entry]}


def tile_matrix_set(base: str) -> Json:
    """WebMercatorQuad. Source: OGC 17-083r4, annex D.1."""
    return {
        "id": "WebMercatorQuad",
        "title": "网络墨卡托四叉",
        "uri": MATRIX_URI,
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "links": [link(f"{base}/tileMatrixSets/WebMercatorQuad", "self")],
        "tileMatrices": [_matrix(zoom) for zoom in range(TILE_LAST_ZOOM + 1)],
    }


def _matrix(zoom: int) -> Json:
    return {
        "id": str(zoom),
        "scaleDenominator": TOP_SCALE / (1 << zoom),
        "cellSize": 2 * HALF_M / 256 / (1 << zoom),
        "pointOfOrigin": _POINT_ORIGIN,
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": 1 << zoom,
        "matrixHeight": 1 << zoom,
    }
