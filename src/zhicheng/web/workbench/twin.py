"""The city's twin in the workbench: what layers there are, what is where, one object with all that belongs to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhicheng.core.parties.public import request_actor
from zhicheng.core.places.errors import ColumnUnknown, DivisionNotFound, FeatureUnknown, LayerEmpty
from zhicheng.core.places.public import (
    get_division,
    layer_versions,
    linked_to,
    links_of,
    open_layer,
    search_places,
    suggest_places,
)
from zhicheng.core.places.values import Layer, LayerColumn, PlaceHit
from zhicheng.kit.clock import CHINA
from zhicheng.web.shared.layers import visible_layers
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.frame import show

_NEAR_M, _NEAR_EACH = 500.0, 5
_PAGE, _MEMBERS, _COLUMNS = 50, 20, 6
_SHAPES = {"point": "点", "line": "线", "polygon": "面", "none": "无图形"}
_AREAS = ("district", "street", "community", "grid")
_OTHERS = {"landmark": "地标", "division": "行政区划", "address": "地址"}


@require_GET
@needs_official()
def home(request: HttpRequest) -> HttpResponse:
    """The layers of the city; what a search finds, or what is near a point."""
    actor, text = request_actor(request), request.GET.get("q", "").strip()
    layers = visible_layers(actor)
    labels = _labels(layers)
    context = {
        "text": text,
        "search": {
            "action": "/workbench/twin/",
            "label": "搜索地点、楼栋、地址",
            "placeholder": "名称、地址或拼音首字母",
            "value": text,
            "suggestions_url": "/workbench/twin/suggest/",
        },
        "hits": [_hit_line(hit, labels) for hit in search_places(text, limit=30)] if text else [],
        "near": _near(request.GET.get("near", ""), layers),
        "layers": [_layer_line(layer) for layer in layers],
    }
    return show(request, "workbench/twin/home.html", context)


@require_GET
@needs_official()
def suggest(request: HttpRequest) -> HttpResponse:
    """Rows under the search box."""
    text, labels = request.GET.get("q", "").strip(), _labels(visible_layers(request_actor(request)))
    lines = [_hit_line(hit, labels) for hit in suggest_places(text, limit=10)] if text else []
    rows = [{"label": line["title"], "kind": line["kind"], "url": line["url"], "icon": "map-pin"} for line in lines]
    return render(request, "components/suggestions.html", {"suggestions": [row for row in rows if row["url"]]})


@require_GET
@needs_official()
def layer(request: HttpRequest, code: str) -> HttpResponse:
    """The objects of one layer, page by page, with its definition and versions."""
    found = _one_of(visible_layers(request_actor(request)), code)
    after = _number(request.GET.get("after"), -1)
    columns = _first_columns(found)
    context: dict[str, Any] = {"layer": _layer_line(found), "definition": found, "columns": columns, "rows": []}
    try:
        reader = open_layer(code)
    except LayerEmpty:
        return show(request, "workbench/twin/layer.html", context | {"title": found.label})
    rows = list(range(after + 1, min(after + 1 + _PAGE, reader.count)))
    held = reader.table(rows, [column.code for column in columns])
    cells = zip(*(held.column(column.code).to_pylist() for column in columns), strict=True)
    last = rows[-1] if rows else after
    context |= {
        "title": found.label,
        "rows": [_object_line(found, columns, values) for values in cells],
        "versions": [_version_line(version) for version in layer_versions(code, count=10)],
        "pager": {
            "words": f"第 {after + 2:,}–{last + 1:,} 个，共 {reader.count:,} 个" if rows else "",
            "next_url": f"?after={last}" if last + 1 < reader.count else "",
            "previous_url": _previous(after),
        },
    }
    return show(request, "workbench/twin/layer.html", context)


@require_GET
@needs_official()
def thing(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """One object: what is known of it, what it belongs to, what belongs to it, where it lies."""
    layers = visible_layers(request_actor(request))
    found, labels = _one_of(layers, code), _labels(layers)
    try:
        reader = open_layer(code)
        above = links_of(code, key)
    except (LayerEmpty, FeatureUnknown) as error:
        raise Http404(str(error)) from error
    row = reader.row_of(key)
    if row is None:
        raise Http404(key)
    held = reader.table([row], [column.code for column in found.shown if column.code in reader.columns])
    values = held.to_pylist()[0]
    point = reader.centres(np.array([row], np.int32))[0].tolist() if found.has_shapes else None
    above_lines = [_link_line(link.layer, link.key, link.title, labels) for link in reversed(above[1:])]
    context = {
        "title": str(values.get(found.name) or key),
        "layer": found,
        "key": key,
        "facts": [_fact(column, values.get(column.code)) for column in found.shown if column.code in values],
        "above": above_lines,
        "below": list(_members(found, key, layers, request)),
        "map": _map(found, point) if point else None,
        "near_url": f"/workbench/twin/?near={point[0]:.6f},{point[1]:.6f}" if point else "",
        "feature_url": f"/ogc/collections/{code}/items/{key}",
        "cases_url": _cases_url(values),
        "version": _version_line(reader.version),
    }
    return show(request, "workbench/twin/thing.html", context)


def _one_of(layers: Sequence[Layer], code: str) -> Layer:
    for found in layers:
        if found.code == code:
            return found
    raise Http404(code)


def _labels(layers: Sequence[Layer]) -> dict[str, str]:
    return {found.code: found.label for found in layers}


def _layer_line(found: Layer) -> dict[str, Any]:
    try:
        reader = open_layer(found.code)
    except LayerEmpty:
        state: dict[str, Any] = {"count": None, "version": None}
    else:
        state = {"count": f"{reader.count:,}", "version": _version_line(reader.version)}
    return {
        "code": found.code,
        "label": found.label,
        "url": f"/workbench/twin/{found.code}/",
        "shape": _SHAPES[found.geometry],
        "source": found.source,
        "illustrative": found.illustrative,
        **state,
    }


def _version_line(version: Any) -> dict[str, Any]:
    return {"number": version.version, "at": version.at.astimezone(CHINA), "rows": f"{version.rows:,}"}


def _first_columns(found: Layer) -> tuple[LayerColumn, ...]:
    """The key, the name, then the next ones: as many as fit beside each other."""
    first = [found.column(code) for code in dict.fromkeys([found.key, found.name]) if code]
    rest = [column for column in found.shown if column not in first and not column.code.endswith("_key")]
    return tuple([*first, *rest][:_COLUMNS])


def _object_line(found: Layer, columns: Sequence[LayerColumn], values: Sequence[Any]) -> dict[str, Any]:
    cells = [words_of(column, value) for column, value in zip(columns, values, strict=True)]
    return {"url": f"/workbench/twin/{found.code}/{values[0]}/", "cells": cells}


def _fact(column: LayerColumn, value: Any) -> dict[str, Any]:
    return {"label": column.label, "words": words_of(column, value), "unit": column.unit if value is not None else ""}


def words_of(column: LayerColumn, value: Any) -> str:
    """A value as people read it; what is not known is a dash."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, int) and not column.codes:
        return str(value) if column.code.endswith("year") else f"{value:,}"
    if column.code in _AREAS[:3]:
        return _division_name(str(value))
    return str(column.codes.get(str(value), value))


def _division_name(code: str) -> str:
    try:
        return get_division(code).name
    except DivisionNotFound:
        return code


def _hit_line(hit: PlaceHit, known: Mapping[str, str]) -> dict[str, Any]:
    label = known.get(hit.layer) or _OTHERS.get(hit.layer, "")
    url = f"/workbench/twin/{hit.layer}/{hit.key}/" if hit.layer in known else ""
    if not url and hit.point is not None:
        url = f"/workbench/twin/?near={hit.point.longitude:.6f},{hit.point.latitude:.6f}"
    metres = f"{hit.metres:,.0f} 米" if hit.metres is not None else ""
    return {"title": hit.title, "detail": hit.detail, "kind": label, "url": url, "metres": metres}


@dataclass(frozen=True)
class _Spot:
    longitude: float
    latitude: float


def _near(text: str, layers: Sequence[Layer]) -> dict[str, Any] | None:
    spot = _spot(text)
    if spot is None:
        return None
    groups = [group for found in layers if found.has_shapes for group in _near_of(found, spot)]
    return {
        "words": f"{text} 周围 {_NEAR_M:.0f} 米",
        "groups": groups,
        "map": _map(None, [spot.longitude, spot.latitude]),
    }


def _spot(text: str) -> _Spot | None:
    parts = text.split(",")
    try:
        longitude, latitude = (float(part) for part in parts)
    except ValueError:
        return None
    return _Spot(longitude, latitude) if -180 <= longitude <= 180 and -90 <= latitude <= 90 else None


def _near_of(found: Layer, spot: _Spot) -> Iterator[dict[str, Any]]:
    if found.code in _AREAS:
        return
    try:
        reader = open_layer(found.code)
    except LayerEmpty:
        return
    rows, metres = reader.near(spot.longitude, spot.latitude, _NEAR_M, _NEAR_EACH)
    if not len(rows):
        return
    name = found.name if found.name in reader.columns else found.key
    held = reader.table(rows, list(dict.fromkeys([found.key, name])))
    keys, names = held.column(found.key).to_pylist(), held.column(name).to_pylist()
    items = [
        {"title": title or key, "url": f"/workbench/twin/{found.code}/{key}/", "metres": f"{far:,.0f} 米"}
        for key, title, far in zip(keys, names, metres.tolist(), strict=True)
    ]
    yield {"label": found.label, "items": items}


def _link_line(code: str, key: str, title: str, known: Mapping[str, str]) -> dict[str, str]:
    return {
        "label": known.get(code, ""),
        "title": title,
        "url": f"/workbench/twin/{code}/{key}/" if code in known else "",
    }


def _members(found: Layer, key: str, layers: Sequence[Layer], request: HttpRequest) -> Iterator[dict[str, Any]]:
    """What belongs to an object, layer by layer, a page of each."""
    for other in layers:
        if not other.has_column(f"{found.code}_key") or other.code == found.code:
            continue
        after = _number(request.GET.get(f"after_{other.code}"), -1)
        try:
            page = linked_to(found.code, key, other.code, after=after, limit=_MEMBERS)
        except (LayerEmpty, ColumnUnknown):
            continue
        if page.items:
            items = [{"title": item.title, "url": f"/workbench/twin/{other.code}/{item.key}/"} for item in page.items]
            more = f"?{urlencode({f'after_{other.code}': page.after})}#{other.code}" if page.after is not None else ""
            yield {"code": other.code, "label": other.label, "items": items, "more_url": more}


def _map(found: Layer | None, point: Sequence[float]) -> dict[str, Any]:
    place = f"{point[0]:.6f},{point[1]:.6f}"
    label = found.label if found else "这一点"
    return {
        "label": f"{label}的位置",
        "areas_url": "/areas/district.geojson",
        "center": place,
        "zoom": "12",
        "marker": place,
        "fallback": f"经度 {point[0]:.6f}，纬度 {point[1]:.6f}",
    }


def _cases_url(values: dict[str, Any]) -> str:
    """The cases of the smallest division that an object names."""
    known = [str(values[level]) for level in reversed(_AREAS[:3]) if values.get(level)]
    return f"/workbench/cases/?division={known[0]}" if known else ""


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isdecimal() else otherwise


def _previous(after: int) -> str:
    return "" if after < 0 else f"?after={after - _PAGE}" if after >= _PAGE else "?"
