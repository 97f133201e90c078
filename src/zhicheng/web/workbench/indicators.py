"""Indicators: the catalogue with a search, and one indicator with its course, its areas and what it means."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhicheng.apps.governance.public import (
    area_name,
    by_area,
    explain,
    get_catalogue,
    get_indicator,
    latest_values,
    list_alerts,
    may_see_rows,
    owner_unit,
    series,
    words_of,
)
from zhicheng.apps.governance.values import (
    CITY,
    EVERY_LABELS,
    LEVEL_LABELS,
    LEVELS,
    STATE_LABELS,
    STEP_LABELS,
    AreaValue,
    Indicator,
    Standing,
    State,
)
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import get_unit_tree, request_actor
from zhicheng.core.places.public import division_path, get_division
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.frame import show

VIEW = "cockpit.view"
TONES: Mapping[State, str] = {
    State.OK: "success",
    State.ATTENTION: "warning",
    State.ALARM: "danger",
    State.MISSING: "",
}
_BETTER = {"up": "越高越好", "down": "越低越好", "none": "不分好坏"}
_TRENDS = {"up": "上升", "down": "下降", "flat": "持平", "": ""}
_FILTERS = (("", "全部"), ("alarm", "预警"), ("attention", "关注"), ("missing", "缺数据"))


@never_cache
@require_GET
@needs_official(VIEW)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every indicator by group, narrowed by words, group or state."""
    words, wanted = request.GET.get("q", "").strip()[:60], request.GET.get("state", "")
    group, area = request.GET.get("group", ""), _area(request)
    known = get_catalogue()
    found = latest_values(area)
    counts = {state.value: sum(each.state is state for each in found.values()) for state in State}
    groups: list[dict[str, Any]] = [
        {"label": each.label, "rows": [_row(known.indicators[code], found[code], area) for code in each.indicators]}
        for each in known.groups
        if group in ("", each.code)
    ]
    for each in groups:
        each["rows"] = [row for row in each["rows"] if _matches(row, words) and wanted in ("", row["state"])]
    context = {
        "groups": [each for each in groups if each["rows"]],
        "choices": [("", "全部分组"), *((each.code, each.label) for each in known.groups)],
        "group": group,
        "words": words,
        "state": wanted,
        "filters": [
            (code, label, counts.get(code, len(found)), _link(request, state=code)) for code, label in _FILTERS
        ],
        "total": len(found),
        "area": area_name(area or current_pack().city_division),
    }
    return show(request, "workbench/indicators/list.html", context)


def _matches(row: Mapping[str, Any], words: str) -> bool:
    told = f"{row['label']} {row['code']} {row['read']}".lower()
    return all(word in told for word in words.lower().split())


def _row(indicator: Indicator, standing: Standing, area: str) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "label": indicator.label,
        "read": indicator.read,
        "url": f"/workbench/indicators/{indicator.code}/" + (f"?area={area}" if area else ""),
        "text": standing.text,
        "state": standing.state.value,
        "state_label": STATE_LABELS[standing.state],
        "tone": TONES[standing.state],
        "reason": standing.reason,
        "period": standing.period,
        "trend": _TRENDS[standing.trend],
        "target": "" if indicator.target is None else words_of(indicator.target, indicator),
    }


@never_cache
@require_GET
@needs_official(VIEW)
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator in an area: value, course, parts, definition."""
    indicator, area = get_indicator(code), _area(request)
    base = get_catalogue().bases[indicator.base]
    step = request.GET.get("step", "")
    step = step if step in base.steps else ""
    standing = latest_values(area, [code])[code]
    points = [{"period": each.period, "value": each.value, "reason": each.reason} for each in series(code, area, step)]
    context = {
        "indicator": indicator,
        "standing": _row(indicator, standing, area) | {"previous": words_of(standing.previous, indicator)},
        "area": {"code": area, "name": area_name(area or current_pack().city_division)},
        "parents": _parents(request, area),
        "points": points,
        "table": [_cell(each, indicator) for each in reversed(points)],
        "lines": _lines(indicator),
        "steps": _steps(request, base.steps, step or standing.step),
        "areas": _areas(request, indicator, area),
        "facts": _facts(indicator, area),
        "explained": _explained(request, indicator, area, standing),
        "alerts": [
            {"area": area_name(each.area), "state": STATE_LABELS[each.state], "item": each}
            for each in list_alerts(code=code, ended=True, count=10)
        ],
        "export_url": f"/workbench/indicators/{code}/series.csv?{urlencode({'area': area, 'step': step})}",
    }
    return show(request, "workbench/indicators/one.html", context)


def _area(request: HttpRequest) -> str:
    """The area asked for; empty for the city.

    Raises:
        DivisionNotFound: there is none with this code.
    """
    area = request.GET.get("area", "")[:15]
    return "" if area in ("", current_pack().city_division) else get_division(area).code


def _link(request: HttpRequest, **changes: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name in {"q", "group", "state", "area", "step"}}
    return "?" + urlencode({name: value for name, value in {**kept, **changes}.items() if value})


def _parents(request: HttpRequest, area: str) -> list[dict[str, str]]:
    """The way back up, widest first."""
    if not area:
        return []
    codes = reversed(division_path(area)[1:])
    city = current_pack().city_division
    return [{"name": area_name(code), "url": _link(request, area="" if code == city else code)} for code in codes]


def _cell(point: Mapping[str, Any], indicator: Indicator) -> dict[str, str]:
    return {"period": point["period"], "text": words_of(point["value"], indicator), "reason": point["reason"]}


def _lines(indicator: Indicator) -> list[dict[str, Any]]:
    limits = indicator.thresholds
    drawn = ((limits.alarm, "danger"), (limits.attention, "warning"), (indicator.target, "quiet"))
    return [{"value": value, "tone": tone} for value, tone in drawn if value is not None]


def _steps(request: HttpRequest, steps: Sequence[str], current: str) -> list[dict[str, Any]]:
    return [
        {"label": STEP_LABELS[step], "url": _link(request, step=step), "current": step == current} for step in steps
    ]


def _areas(request: HttpRequest, indicator: Indicator, area: str) -> dict[str, Any]:
    """The parts of the area, one level down; a bar for each."""
    level = get_division(area).level if area else CITY
    below = LEVELS[LEVELS.index(level) + 1] if level in LEVELS[:-1] else ""
    if below not in indicator.levels:
        return {"label": "", "rows": []}
    found = by_area(indicator.code, below, area)
    most = max((abs(each.value) for each in found if each.value is not None), default=0.0)
    ordered = sorted(found, key=lambda each: (each.value is None, -(each.value or 0.0), each.area))
    return {"label": LEVEL_LABELS[below], "rows": [_part(request, each, most) for each in ordered]}


def _part(request: HttpRequest, found: AreaValue, most: float) -> dict[str, Any]:
    return {
        "name": found.name,
        "url": _link(request, area=found.area),
        "text": found.text,
        "share": round(100 * abs(found.value) / most) if found.value is not None and most else 0,
        "tone": TONES[found.state],
        "state": STATE_LABELS[found.state],
        "reason": found.reason,
    }


def _facts(indicator: Indicator, area: str) -> list[tuple[str, str]]:
    """What is written about the indicator: label and words."""
    base, limits, tree = get_catalogue().bases[indicator.base], indicator.thresholds, get_unit_tree()
    unit = owner_unit(indicator, area)
    facts = [
        ("代码", indicator.code),
        ("怎样读", indicator.read),
        ("主管单位", tree.get(unit).name if unit in tree else unit),
        ("数据来源", base.source),
        ("计算频次", f"{EVERY_LABELS[base.every]}，按{'、'.join(STEP_LABELS[step] for step in base.steps)}统计"),
        ("方向", _BETTER[indicator.better.value]),
        ("目标", words_of(indicator.target, indicator) if indicator.target is not None else ""),
        ("关注线", words_of(limits.attention, indicator) if limits.attention is not None else ""),
        ("预警线", words_of(limits.alarm, indicator) if limits.alarm is not None else ""),
        ("没有数据时", "记为 0" if indicator.is_zero_when_none else "显示缺数据，不以 0 代替"),
        ("最少样本", f"{indicator.least} 行" if indicator.least else ""),
    ]
    return [(label, words) for label, words in facts if words]


def _explained(request: HttpRequest, indicator: Indicator, area: str, standing: Standing) -> dict[str, Any]:
    """The query with the versions it was run on, and the way to the rows."""
    found = explain(indicator.code, area, standing.period, count=0) if standing.period else None
    mine = may_see_rows(request_actor(request), indicator, area)
    has_rows = found is not None and bool(found.rows_sql)
    query = urlencode({"area": area, "period": standing.period})
    return {
        "sql": found.sql if found else indicator.value,
        "versions": [f"{name} 第 {number} 版" for name, number in sorted(found.versions.items())] if found else [],
        "rows_url": f"/workbench/indicators/{indicator.code}/rows/?{query}" if has_rows and mine else "",
        "refused": has_rows and not mine,
        "summed_only": not has_rows,
    }
