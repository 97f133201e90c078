"""The wall: one page for the big screen, the desk and the phone; every number is counted from the records.

The city, a district, a street or a community: `area` in the address says which, and each opens the next finer ones.
"""

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhicheng.apps.appeals.public import get_taxonomy, today_numbers
from zhicheng.core.cases.public import (
    Purpose,
    area_loads,
    area_numbers,
    count_categories,
    list_cases,
    list_open_points,
)
from zhicheng.core.cases.values import CaseFilter, CaseRow
from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import Actor
from zhicheng.core.places.public import area_geojson
from zhicheng.core.telemetry.values import ALARM_PROCESS
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.cockpit.alarms import VIEW, alarms_of
from zhicheng.web.cockpit.areas import Area, area_of, child_names, children_words, crumbs, finer
from zhicheng.web.cockpit.figures import indicator_tiles
from zhicheng.web.cockpit.overlays import overlays
from zhicheng.web.shared.presenting import due_view, place_words, unit_name
from zhicheng.web.shared.signin import NotForYou, needs_official
from zhicheng.web.workbench.units import level_tiles, scope_of

_SOON = 8
_EVENTS = 15
_MOST_POINTS = 5000
_LEVELS = {"district", "street", "community", "grid"}
_TOP_ITEMS = 8
_MOST_AREAS = 10


@require_GET
@needs_official("cockpit.view")
def wall(request: HttpRequest) -> HttpResponse:
    """The whole page; what stands on it is fetched again every half minute, and when another area is opened."""
    actor, at, area = request_actor(request), now(), area_of(request.GET.get("area", ""))
    midnight = at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    child, inside = finer(area), "" if area.level == "city" else area.code
    due = CaseFilter(open_only=True, due_after=at, division=inside)
    soon = list_cases(actor, due, purpose=Purpose.WORK, limit=_SOON).rows
    newest = list_cases(actor, CaseFilter(order="newest", division=inside), purpose=Purpose.WORK, limit=_EVENTS).rows
    context = {
        "title": "城市运行" if not inside else area.name,
        "area": area,
        "crumbs": crumbs(area),
        "areas_url": f"/cockpit/areas/{child}.geojson" + (f"?within={inside}" if inside else ""),
        "points_url": "/cockpit/points.geojson" + (f"?area={inside}" if inside else ""),
        "events_url": "/events/cockpit",
        "tiles": _area_tiles(actor, area, midnight, at) if inside else _city_tiles(actor, midnight, at),
        "soon": [_soon(row, at) for row in soon],
        "events": [_event(row) for row in newest],
        "areas": _areas(area, area_loads(actor, child, at, within=inside)),
        "items": _items(count_categories(actor, midnight, division=inside)),
        "indicators": indicator_tiles(inside),
        "alarms": alarms_of(actor, area, at),
        "overlays": overlays(actor),
        "updated_words": f"截至 {at.astimezone(CHINA):%H:%M}",
    }
    return render(request, "cockpit/wall.html", context)


@never_cache
@require_GET
@needs_official("cockpit.view")
def alarms(request: HttpRequest) -> HttpResponse:
    """The part with the alarms alone: asked for whenever one was raised or ended."""
    actor, area = request_actor(request), area_of(request.GET.get("area", ""))
    if VIEW not in actor.permissions:
        raise NotForYou()
    return render(request, "cockpit/alarms.html", {"alarms": alarms_of(actor, area, now()), "area": area})


@require_GET
@needs_official("cockpit.view")
def points(request: HttpRequest) -> HttpResponse:
    """Open cases on the map, the most pressing first; nothing personal."""
    at, area = now(), area_of(request.GET.get("area", ""))
    inside = "" if area.level == "city" else area.code
    found = list_open_points(request_actor(request), _MOST_POINTS, division=inside)
    return JsonResponse({"type": "FeatureCollection", "features": [_feature(row, at) for row in found]})


@require_GET
@needs_official("cockpit.view")
def areas(request: HttpRequest, level: str) -> HttpResponse:
    """Outlines with the open and late cases in them, all of a level or those `within` an area."""
    wanted = level if level in _LEVELS else "district"
    around = area_of(request.GET.get("within", ""))
    inside = "" if around.level == "city" else around.code
    found = area_loads(request_actor(request), wanted, now(), within=inside)
    loads = {load["division"]: load for load in found}
    collection = json.loads(area_geojson(wanted, within=inside or None))
    for feature in collection["features"]:
        load = loads.get(feature["properties"]["code"], {})
        feature["properties"] |= {"open": load.get("open", 0), "late": load.get("late", 0), "level": wanted}
    return JsonResponse(collection)


def _city_tiles(actor: Actor, midnight: datetime, at: datetime) -> list[dict[str, Any]]:
    numbers = today_numbers(midnight, midnight + timedelta(days=1), at, units=scope_of(actor))
    counted = [_count_tile("今天受理", numbers.opened), _count_tile("今天答复", numbers.replied)]
    return [*counted, *level_tiles(actor, at)]


def _area_tiles(actor: Actor, area: Area, midnight: datetime, at: datetime) -> list[dict[str, Any]]:
    numbers = area_numbers(actor, area.code, midnight, at)
    found = [
        _count_tile("今天受理", numbers.opened, area.code),
        _count_tile("今天办结", numbers.ended, area.code),
        _count_tile("正在办理", numbers.open, area.code),
        _count_tile("已超时", numbers.late, area.code),
    ]
    found[-1]["state"] = "bad" if numbers.late else ""
    return found


def _count_tile(label: str, value: int, division: str = "") -> dict[str, Any]:
    url = "/workbench/cases/" + (f"?division={division}" if division else "")
    return {"label": label, "value": f"{value:,}", "unit": "件", "state": "", "values": [], "url": url}


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
    is_alarm = row.process == ALARM_PROCESS
    return {
        "at": row.opened_at.astimezone(CHINA),
        "title": f"{'设备告警' if is_alarm else '新诉求'}：{row.title}",
        "text": unit_name(row.unit),
        "tone": "danger" if is_alarm else "",
        "url": f"/workbench/cases/{row.number}/",
    }


def _areas(area: Area, loads: list[dict[str, Any]]) -> dict[str, Any] | None:
    if not loads:
        return None
    names = child_names(area)
    rows = [
        {
            "label": names.get(load["division"], load["division"]),
            "value": load["open"],
            "words": f"{load['open']} 件" + (f"，超时 {load['late']}" if load["late"] else ""),
            "tone": "danger" if load["late"] else "",
            "url": _area_url(load["division"], area),
        }
        for load in sorted(loads, key=lambda load: -load["open"])[:_MOST_AREAS]
    ]
    title = f"{children_words(area)}未办结"
    return {"title": title, "total": max(row["value"] for row in rows) or 1, "rows": rows}


def _area_url(code: str, area: Area) -> str:
    """One more level of the cockpit; below a community the list of its cases."""
    return f"/workbench/cases/?division={area.code}" if area.level == "community" else f"/cockpit/?area={code}"


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
