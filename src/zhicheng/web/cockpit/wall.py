"""The wall: one page for the big screen, the desk and the phone; every number is counted from the records."""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhicheng.apps.appeals.public import get_taxonomy, today_numbers
from zhicheng.core.cases.public import Purpose, area_loads, count_categories, list_cases, list_open_points
from zhicheng.core.cases.values import CaseFilter, CaseRow
from zhicheng.core.parties.public import request_actor
from zhicheng.core.places.public import area_geojson, get_division
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.shared.presenting import due_view, place_words, unit_name
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.units import level_tiles, scope_of

_SOON = 8
_EVENTS = 15
_MOST_POINTS = 5000
_LEVELS = {"district", "street"}
_TOP_ITEMS = 8


@require_GET
@needs_official("cockpit.view")
def wall(request: HttpRequest) -> HttpResponse:
    """The whole page; the numbers on it are fetched again every half minute."""
    actor, at = request_actor(request), now()
    midnight = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    numbers = today_numbers(midnight, midnight + timedelta(days=1), at, units=scope_of(actor))
    soon = list_cases(actor, CaseFilter(open_only=True, due_after=at), purpose=Purpose.WORK, limit=_SOON).rows
    newest = list_cases(actor, CaseFilter(order="newest"), purpose=Purpose.WORK, limit=_EVENTS).rows
    loads = area_loads(actor, "district", at)
    context = {
        "title": "城市运行",
        "areas_url": "/cockpit/areas/district.geojson",
        "points_url": "/cockpit/points.geojson",
        "events_url": "/events/cockpit",
        "tiles": [
            _count_tile("今天受理", numbers.opened),
            _count_tile("今天答复", numbers.replied),
            *level_tiles(actor, at),
        ],
        "soon": [_soon(row, at) for row in soon],
        "events": [_event(row) for row in newest],
        "areas": _areas(loads),
        "items": _items(count_categories(actor, midnight)),
        "updated_words": f"截至 {at.astimezone(CHINA):%H:%M}",
    }
    return render(request, "cockpit/wall.html", context)


@require_GET
@needs_official("cockpit.view")
def points(request: HttpRequest) -> HttpResponse:
    """Open cases on the map, the most pressing first; nothing personal."""
    at = now()
    features = [_feature(row, at) for row in list_open_points(request_actor(request), _MOST_POINTS)]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_GET
@needs_official("cockpit.view")
def areas(request: HttpRequest, level: str) -> HttpResponse:
    """Outlines with the open and late cases in them."""
    wanted = level if level in _LEVELS else "district"
    loads = {load["division"]: load for load in area_loads(request_actor(request), wanted, now())}
    collection = json.loads(area_geojson(wanted))
    for feature in collection["features"]:
        load = loads.get(feature["properties"]["code"], {})
        feature["properties"] |= {"open": load.get("open", 0), "late": load.get("late", 0)}
    return JsonResponse(collection)


def _count_tile(label: str, value: int) -> dict[str, Any]:
    return {"label": label, "value": f"{value:,}", "unit": "件", "state": "", "values": [], "url": "/workbench/cases/"}


def _soon(row: CaseRow, at: datetime) -> dict[str, Any]:
    place = place_words(row.division)
    return {
        "title": row.title,
        "url": f"/workbench/cases/{row.number}/",
        "unit": unit_name(row.unit),
        "place": place,
        "clock": due_view(row, at),
    }


def _event(row: CaseRow) -> dict[str, Any]:
    return {
        "at": row.opened_at.astimezone(CHINA),
        "title": f"新诉求：{row.title}",
        "text": unit_name(row.unit),
        "tone": "",
        "url": f"/workbench/cases/{row.number}/",
    }


def _areas(loads: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not loads:
        return None
    rows = [
        {
            "label": get_division(load["division"]).name,
            "value": load["open"],
            "words": f"{load['open']} 件" + (f"，超时 {load['late']}" if load["late"] else ""),
            "tone": "danger" if load["late"] else "",
            "url": f"/workbench/cases/?division={load['division']}",
        }
        for load in sorted(loads, key=lambda load: -load["open"])[:10]
    ]
    return {"title": "各区未办结", "total": max(row["value"] for row in rows) or 1, "rows": rows}


def _items(counts: "Counter[str]") -> dict[str, Any] | None:
    taxonomy = get_taxonomy()
    rows = [
        {"label": taxonomy.label(code), "value": count, "words": f"{count} 件", "url": ""}
        for code, count in counts.most_common(_TOP_ITEMS)
    ]
    return {"title": "今天诉求最多", "total": rows[0]["value"], "rows": rows} if rows else None


def _feature(row: CaseRow, at: datetime) -> dict[str, Any]:
    late = row.due_at is not None and row.due_at < at
    soon = row.due_at is not None and row.due_at < at + timedelta(hours=4)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.longitude, row.latitude]},
        "properties": {
            "number": row.number,
            "title": row.title,
            "state": "late" if late else "warning" if soon else "open",
            "url": f"/workbench/cases/{row.number}/",
        },
    }
