"""What a request for features asks, read from its parameters and checked against the layer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import shapely
from starlette.datastructures import QueryParams
from starlette.requests import Request

from zhicheng.apps.twin.errors.services import QueryInvalid
from zhicheng.apps.twin.public import FeatureQuery, filter_columns
from zhicheng.config.door.ogc.systems import CRS84, System, system_named, to_wgs84
from zhicheng.core.lake.values import ColumnType
from zhicheng.core.places.values import GEOMETRY, Layer
from zhicheng.engines.cql2.checking import Kind, check_filter
from zhicheng.engines.cql2.jsonform import parse_json
from zhicheng.engines.cql2.literals import span_between, span_of
from zhicheng.engines.cql2.text import parse_text
from zhicheng.engines.cql2.tree import MOST_TEXT, FilterInvalid, Literal, Node, Operation, Property, Shape

FORMATS = {
    "json": "application/geo+json",
    "html": "text/html",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}
DEFAULT_LIMIT, MOST_LIMIT = 10, 10_000
_KNOWN = frozenset(
    {
        "bbox", "bbox-crs", "crs", "limit", "datetime", "filter", "filter-lang", "filter-crs", "count", "f", "after",
    }
)  # fmt: skip
_LANGUAGES = {"cql2-text": parse_text, "cql2-json": parse_json}


@dataclass(frozen=True)
class ItemsRequest:
    """What is wanted: which features, how many (None: all), behind which row of which version, in which form."""

    query: FeatureQuery
    limit: int | None
    after: tuple[int, int] | None
    system: System
    count: bool
    form: str
    given: Mapping[str, str]
    written: str

    def link(self, base: str, **changed: str) -> str:
        """The address of this request with some parameters changed."""
        if self.written and self.given.keys().isdisjoint(changed):  # as it was written: nothing to encode
            query = "&".join([self.written, *(f"{name}={value}" for name, value in changed.items())])
        else:
            query = urlencode({**self.given, **changed})
        return f"{base}?{query}" if query else base


async def read_items(request: Request, layer: Layer) -> ItemsRequest:
    """The request for features of a layer; a filter in CQL2 JSON may come as the body of a POST.

    Raises:
        QueryInvalid: a parameter cannot be used.
        FilterInvalid: the filter cannot be read or does not fit.
    """
    params = request.query_params
    if request.method == "POST":
        body = (await _body(request)).decode(errors="replace")
        params = QueryParams([*params.multi_items(), *([("filter", body)] if body.strip() else [])])
    _check_known(params, layer)
    form = form_of(request, FORMATS)
    parts = [*_properties(params, layer), *_time(params, layer)]
    if filter_text := params.get("filter"):
        parts.append(_filter(filter_text, params))
    where = Operation("and", tuple(parts)) if len(parts) > 1 else parts[0] if parts else None
    if where is not None:
        check_filter(where, filter_columns(layer))
    return ItemsRequest(
        FeatureQuery(_box(params), where),
        _limit(params.get("limit"), form),
        _after(params.get("after")),
        system_named(params["crs"], "crs") if "crs" in params else CRS84,
        _flag(params.get("count")),
        form,
        dict(params),
        "" if request.method == "POST" else request.scope["query_string"].decode("latin-1"),
    )


async def _body(request: Request) -> bytes:
    found = b""
    async for part in request.stream():
        found += part
        if len(found) > MOST_TEXT * 4:
            raise QueryInvalid("filter", "条件太长。", f"a filter may have {MOST_TEXT} characters at most")
    return found


def form_of(request: Request, known: Mapping[str, str]) -> str:
    """The form asked for: by `f`, else by what the client accepts, else the first.

    Raises:
        QueryInvalid: `f` names an unknown one.
    """
    if wanted := request.query_params.get("f"):
        for name, media in known.items():
            if wanted in {name, media}:
                return name
        raise QueryInvalid("f", f"可用的格式：{'、'.join(known)}。", f"f is one of {', '.join(known)}")
    accepted = request.headers.get("accept", "")
    for part in accepted.split(","):
        media = part.split(";")[0].strip()
        for name, ours in known.items():
            if media in {ours, "application/json" if name == "json" else ours}:
                return name
    return next(iter(known))


def _check_known(params: QueryParams, layer: Layer) -> None:
    for name in params:
        if name not in _KNOWN and (name not in filter_columns(layer) or name == GEOMETRY):
            raise QueryInvalid(
                name[:40], "没有这个参数，图层也没有这一列。", f"unknown parameter {name[:40]!r}: no such property"
            )
        if len(params.getlist(name)) > 1:
            raise QueryInvalid(name[:40], "只能写一次。", f"parameter {name[:40]!r} is given more than once")


def _box(params: QueryParams) -> tuple[float, float, float, float] | None:
    text = params.get("bbox")
    if text is None:
        return None
    problem = QueryInvalid(
        "bbox",
        "应是西、南、东、北四个数字，用逗号分开。",
        "bbox has four (or six) finite numbers: west,south,east,north",
    )
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise problem from None
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise problem
    system = system_named(params["bbox-crs"], "bbox-crs") if "bbox-crs" in params else CRS84
    if system is CRS84:
        west, south, east, north = numbers
    else:
        west, south, east, north = to_wgs84(shapely.multipoints([numbers[:2], numbers[2:]]), system).bounds
    if south > north or west > east:
        raise problem
    return west, south, east, north


def _limit(text: str | None, form: str) -> int | None:
    if text is None:
        return None if form in {"csv", "parquet"} else DEFAULT_LIMIT
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise QueryInvalid("limit", "应是 1 以上的整数。", "limit is a whole number of at least 1")
    return min(int(text), MOST_LIMIT if form in {"json", "html"} else 1 << 31)


def _after(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    version, _, row = text.partition(".")
    if not (version.isdecimal() and row.isdecimal() and len(text) < 40):
        raise QueryInvalid("after", "请原样使用上一页给出的链接。", "follow the next link as it was given")
    return int(version), int(row)


def _flag(text: str | None) -> bool:
    if text not in {None, "", "true", "false"}:
        raise QueryInvalid("count", "应是 true 或 false。", "count is true or false")
    return text == "true"


def _properties(params: QueryParams, layer: Layer) -> list[Node]:
    return [
        Operation("=", (Property(name), _value(name, text, filter_columns(layer)[name])))
        for name, text in params.items()
        if name not in _KNOWN
    ]


def _value(name: str, text: str, kind: Kind) -> Node:
    if kind is Kind.TEXT:
        return Literal(text)
    if kind is Kind.TIME:
        return span_of(text)
    if kind is Kind.BOOLEAN and text in {"true", "false"}:
        return Literal(text == "true")
    try:
        number = float(text)
        if kind is Kind.NUMBER and math.isfinite(number):
            return Literal(number)
    except ValueError:
        pass
    raise QueryInvalid(name, f"这一列要的是{kind.value}。", f"the property {name!r} is a {kind.name.lower()}")


def _time(params: QueryParams, layer: Layer) -> list[Node]:
    """`datetime` looks at the first column that holds a time; without one everything matches."""
    text = params.get("datetime")
    if not text:
        return []
    first, slash, last = text.partition("/")
    try:
        span = span_between(first, last) if slash else span_of(text)
    except FilterInvalid:
        raise QueryInvalid(
            "datetime", "应如 2026-01-05T08:00:00Z，或 2026-01-01/2026-02-01、2026-01-01/..。", "datetime is RFC 3339"
        ) from None
    timed = [column for column in layer.shown if column.type in {ColumnType.TIMESTAMP, ColumnType.DATE}]
    return [Operation("t_intersects", (Property(timed[0].code), span))] if timed else []


def _filter(text: str, params: QueryParams) -> Node:
    language = params.get("filter-lang", "cql2-json" if text.lstrip().startswith("{") else "cql2-text")
    parse = _LANGUAGES.get(language)
    if parse is None:
        raise QueryInvalid("filter-lang", "应是 cql2-text 或 cql2-json。", "filter-lang is cql2-text or cql2-json")
    node = parse(text)
    name = params.get("filter-crs")
    return _moved(node, system_named(name, "filter-crs")) if name else node


def _moved(node: Node, system: System) -> Node:
    """Shapes of a filter in WGS84."""
    if isinstance(node, Shape):
        return Shape(to_wgs84(node.shape, system))
    if isinstance(node, Operation):
        return replace(node, args=tuple(_moved(arg, system) for arg in node.args))
    return node
