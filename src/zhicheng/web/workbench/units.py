"""For supervisors and leaders: the unit tree with red numbers, and today's service levels."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from zhicheng.apps.appeals.public import service_levels
from zhicheng.apps.appeals.values import ServiceLevel
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import readable_units, unit_loads
from zhicheng.core.cases.values import UnitLoad
from zhicheng.core.parties.public import get_unit_tree, request_actor
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.shared.presenting import unit_name
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.frame import show

_PERIOD = timedelta(days=30)
_CLOSE = 0.03


@require_GET
@needs_official("cases.supervise", "cases.read_subtree")
def tree(request: HttpRequest, code: str = "") -> HttpResponse:
    """A unit and those below it: open, soon late, late; each number leads on."""
    actor, at = request_actor(request), now()
    units = get_unit_tree()
    unit = code or root_of(actor)
    if unit not in units or not units.subtree(unit) & readable_units(actor, units):
        raise CaseNotFound()
    rows = unit_rows(actor, unit, at)
    crumbs = [
        {"name": unit_name(above), "url": f"/workbench/units/{above}/"} for above in reversed(units.ancestors(unit))
    ]
    visible = [crumb for crumb in crumbs if crumb]
    worst = sorted((row for row in rows if row["late"]), key=lambda row: -row["late"])[:8]
    bars = [
        {"label": row["name"], "value": row["late"], "words": f"{row['late']} 件", "tone": "danger", "url": row["url"]}
        for row in worst
    ]
    context = {
        "crumbs": visible,
        "unit": {"name": unit_name(unit)},
        "tiles": [],
        "rows": [row for row in rows if row["open"] or row["own"]],
        "idle": [row for row in rows if not row["open"] and not row["own"]],
        "compare": {"title": "超时最多的单位", "total": max(row["late"] for row in worst), "rows": bars}
        if worst
        else None,
        "export_url": "",
    }
    return show(request, "workbench/unit_tree.html", context)


@require_GET
@needs_official("cases.supervise", "cockpit.view")
def today(request: HttpRequest) -> HttpResponse:
    """The service levels of the last thirty days against the city's targets."""
    at = now()
    context = {
        "title": "服务水平",
        "words": f"近 30 天受理的诉求，截至 {at.astimezone(CHINA):%m月%d日 %H:%M}；由工单记录实时计算",
        "tiles": level_tiles(request_actor(request), at),
        "charts": [],
        "compare": None,
        "table": _level_table(request_actor(request), at),
        "export_url": "",
    }
    return show(request, "workbench/reports.html", context)


def scope_of(actor: Actor) -> frozenset[str] | None:
    """The units whose figures an actor sees; None for the whole city."""
    units = get_unit_tree()
    root = root_of(actor)
    return None if not root or units.get(root).parent is None else units.subtree(root)


def root_of(actor: Actor) -> str:
    """The highest unit that the actor may supervise or read."""
    grants = [grant for grant in actor.grants if grant.permissions & {"cases.supervise", "cases.read_subtree"}]
    units = get_unit_tree()
    return min(
        (grant.unit for grant in grants if grant.unit in units), key=lambda code: len(units.ancestors(code)), default=""
    )


def unit_rows(actor: Actor, unit: str, at: datetime) -> list[dict[str, Any]]:
    """Units directly below one with their work; the unit itself first; empty ones last."""
    if not unit:
        return []
    rows = [_unit_row(load, own=load.unit == unit) for load in unit_loads(actor, unit, at)]
    return sorted(rows, key=lambda row: (not row["own"], -row["late"], -row["warning"], -row["open"], row["name"]))


def _unit_row(load: UnitLoad, *, own: bool) -> dict[str, Any]:
    """One line: the unit's own work leads to the list, the work below it to the units below."""
    units = get_unit_tree()
    listed = f"/workbench/cases/?unit={load.unit}" + ("&own=yes" if own else "")
    return {
        "name": "本单位" if own else unit_name(load.unit),
        "own": own,
        "level": 1,
        "url": f"/workbench/units/{load.unit}/" if units.children(load.unit) and not own else listed,
        "open": load.open,
        "warning": load.warning,
        "late": load.late,
        "on_time_words": "",
        "rating_words": "",
        "ended": units.get(load.unit).ended_date is not None,
    }


def level_tiles(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """The city's promises as tiles."""
    return [level_tile(level) for level in service_levels(at - _PERIOD, at, at, units=scope_of(actor))]


def level_tile(level: ServiceLevel) -> dict[str, Any]:
    """One promise against its target."""
    sign = "≥" if level.direction == "at_least" else "≤"
    value = "—" if level.value is None else f"{level.value * 100:.1f}"
    state, words = _judge(level)
    return {
        "label": level.label,
        "value": value,
        "unit": "%" if level.value is not None else "",
        "target": f"{sign} {level.target:.2%}".replace(".00%", "%"),
        "state": state,
        "state_words": words,
        "change": f"{level.counted:,} 件",
        "values": [],
        "url": "",
    }


def _judge(level: ServiceLevel) -> tuple[str, str]:
    if level.value is None:
        return "", "还没有数据"
    if level.is_met:
        return "good", "达标"
    return ("warning", "接近") if abs(level.value - level.target) <= _CLOSE else ("bad", "未达标")


def _level_table(actor: Actor, at: datetime) -> dict[str, Any]:
    rows = [
        [
            level.label,
            "—" if level.value is None else f"{level.value:.2%}",
            f"{level.target:.2%}",
            f"{level.counted:,}",
            level.explanation,
            level.source,
        ]
        for level in service_levels(at - _PERIOD, at, at, units=scope_of(actor))
    ]
    return {"columns": ["承诺", "实际", "目标", "计入件数", "怎么算", "目标出处"], "rows": rows}
