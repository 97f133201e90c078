"""The registry of twin applications (建档立卡): the list with depth, one file, registering, changing, retiring."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from itertools import chain
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhicheng.apps.twin.public import (
    ApplicationFilter,
    change_application,
    get_application,
    list_applications,
    register_application,
    retire_application,
)
from zhicheng.apps.twin.values.applications import (
    DEPTH_LABELS,
    STATE_LABELS,
    Application,
    ApplicationDraft,
    ApplicationState,
    Depth,
)
from zhicheng.apps.twin.values.services import SERVICE_LABELS, Service
from zhicheng.core.parties.public import get_unit_tree, list_accounts, request_actor
from zhicheng.core.parties.values import AccountFilter
from zhicheng.core.places.public import list_layers
from zhicheng.kit.clock import CHINA, now
from zhicheng.kit.errors import FieldErrors
from zhicheng.web.shared.presenting import unit_name
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show
from zhicheng.web.workbench.once import once

READ, MANAGE = "cockpit.view", "services.manage"
_PAGE = 25
_ORDERS = (("depth", "按应用深度"), ("calls", "按调用次数"), ("name", "按名称"))
_STATES = tuple((state.value, label) for state, label in STATE_LABELS.items())
_DEPTHS = tuple((depth.value, label) for depth, label in DEPTH_LABELS.items())
_TONES = {Depth.DEEP: "success", Depth.MEDIUM: "action", Depth.SHALLOW: "warning", Depth.NONE: ""}
_FIELDS = ("name", "unit", "purpose", "state", "url", "contact", "users", "account", "started_on")
_BOM = "\ufeff"  # by which spreadsheets know UTF-8


@require_GET
@needs_official(READ, MANAGE)
def applications(request: HttpRequest) -> HttpResponse:
    """The applications by depth, with what the whole registry holds."""
    given, wanted, labels = request.GET, _filter(request.GET), _layer_labels()
    found = list_applications(wanted, now=now())
    start = int(given["from"]) if given.get("from", "").isdecimal() else 0
    query = {name: given[name] for name in ("q", "state", "depth", "unit", "order") if given.get(name)}
    context = {
        "may_manage": MANAGE in request_actor(request).permissions,
        "filters": {
            "action": request.path,
            "q": wanted.text,
            "placeholder": "应用名称、用途",
            "fields": [
                {"name": "state", "label": "状态", "value": given.get("state", ""), "options": _STATES},
                {"name": "depth", "label": "应用深度", "value": given.get("depth", ""), "options": _DEPTHS},
                {"name": "order", "label": "排列", "value": wanted.order, "options": _ORDERS},
            ],
            "saved": [],
            "clear_url": request.path if query else "",
        },
        "tiles": _tiles(found),
        "rows": [_row(each, labels) for each in found[start : start + _PAGE]],
        "export_url": f"/workbench/twin/applications.csv?{urlencode(query)}",
        "pager": {
            "words": f"共 {len(found):,} 个应用",
            "next_url": f"?{urlencode({**query, 'from': start + _PAGE})}" if start + _PAGE < len(found) else "",
            "previous_url": f"?{urlencode({**query, 'from': max(0, start - _PAGE)})}" if start else "",
        },
    }
    return show(request, "workbench/twin/applications.html", context)


@never_cache
@require_GET
@needs_official(READ, MANAGE)
def export(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    kept = io.StringIO()
    lines = csv.writer(kept)
    lines.writerow(
        ["应用", "所属单位", "状态", "用户数", "用到的图层", "近30天调用", "近30天使用天数", "深度分", "应用深度"]
    )
    labels = _layer_labels()
    for each in list_applications(_filter(request.GET), now=now()):
        row = _row(each, labels)
        used = "、".join(row["layers"])
        numbers = [each.use.calls, each.use.active_days, each.score.points, row["depth"]["label"]]
        lines.writerow([row["name"], row["unit"], row["state"], each.draft.users, used, *numbers])
    response = HttpResponse(_BOM + kept.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"twin-applications-{now().astimezone(CHINA):%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@needs_official(READ, MANAGE)
def application(request: HttpRequest, number: UUID) -> HttpResponse:
    """One file: what was registered, how much it is used, how its depth comes about."""
    found = get_application(number, now=now())
    labels = _layer_labels()
    declared = [labels.get(code, code) for code in found.draft.layers]
    unused = [labels.get(code, code) for code in found.draft.layers if code not in found.use.by_layer]
    context = {
        "row": _row(found, labels),
        "found": found,
        "declared": declared,
        "unused": unused if found.draft.account else [],
        "parts": found.score.parts,
        "used_layers": [(labels.get(code, code), count) for code, count in _most(found.use.by_layer)],
        "used_services": [(SERVICE_LABELS[Service(code)], count) for code, count in _most(found.use.by_service)],
        "may_change": MANAGE in request_actor(request).permissions
        and found.draft.state is not ApplicationState.RETIRED,
        "idempotency_key": new_key(),
    }
    return show(request, "workbench/twin/application.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs_official(MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """Register an application."""
    if request.method != "POST":
        return _form(request, {"state": "running", "users": "0"}, {}, None)
    actor, at, values = request_actor(request), now(), _values(request)

    def make() -> dict[str, str]:
        return {"number": str(register_application(_draft(values), actor=actor, now=at))}

    try:
        number = once(request, "twin:applications:new", values, make)["number"]
    except FieldErrors as error:
        return _form(request, values, error.fields, None)
    messages.success(request, "应用已建档。")
    return HttpResponseRedirect(f"/workbench/twin/applications/{number}/")


@never_cache
@require_http_methods(["GET", "POST"])
@needs_official(MANAGE)
def change(request: HttpRequest, number: UUID) -> HttpResponse:
    """Change what was registered."""
    found = get_application(number, now=now())
    if request.method != "POST":
        return _form(request, _given(found), {}, found)
    values = _values(request)
    try:
        change_application(number, _draft(values), _version(request), actor=request_actor(request), now=now())
    except FieldErrors as error:
        return _form(request, values, error.fields, found)
    messages.success(request, "档案已更新。")
    return HttpResponseRedirect(f"/workbench/twin/applications/{number}/")


@require_POST
@needs_official(MANAGE)
def retire(request: HttpRequest, number: UUID) -> HttpResponse:
    """Take an application out of use."""
    actor, reason = request_actor(request), request.POST.get("reason", "")
    try:
        retire_application(number, reason, _version(request), actor=actor, now=now())
    except FieldErrors as error:
        messages.error(request, "；".join(chain.from_iterable(error.fields.values())))
    else:
        messages.success(request, "应用已退役，档案保留。")
    return HttpResponseRedirect(f"/workbench/twin/applications/{number}/")


def _version(request: HttpRequest) -> int:
    """The version that was shown; none that exists where the form says nothing."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


def _filter(given: Mapping[str, str]) -> ApplicationFilter:
    state, depth, order = given.get("state", ""), given.get("depth", ""), given.get("order", "")
    return ApplicationFilter(
        text=given.get("q", "").strip()[:60],
        unit=given.get("unit", ""),
        state=ApplicationState(state) if state in dict(_STATES) else None,
        depth=Depth(depth) if depth in dict(_DEPTHS) else None,
        order=order if order in dict(_ORDERS) else "depth",
    )


def _row(each: Application, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": each.draft.name,
        "url": f"/workbench/twin/applications/{each.number}/",
        "unit": unit_name(each.draft.unit),
        "state": STATE_LABELS[each.draft.state],
        "depth": {"label": DEPTH_LABELS[each.score.depth], "tone": _TONES[each.score.depth]},
        "points": each.score.points,
        "calls": f"{each.use.calls:,}",
        "days": each.use.active_days,
        "layers": [labels.get(code, code) for code, _ in _most(each.use.by_layer)],
        "users": f"{each.draft.users:,}",
    }


def _tiles(found: list[Application]) -> list[dict[str, Any]]:
    running = [each for each in found if each.draft.state is ApplicationState.RUNNING]
    deep = sum(each.score.depth is Depth.DEEP for each in running)
    idle = sum(each.score.depth is Depth.NONE for each in running)
    numbers = (
        ("在用应用", len(running), "个"),
        ("深度应用", deep, "个"),
        ("近 30 天没有调用", idle, "个"),
        ("近 30 天调用", sum(each.use.calls for each in found), "次"),
    )
    return [
        {"label": label, "value": f"{value:,}", "unit": unit, "state": "", "values": []}
        for label, value, unit in numbers
    ]


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _layer_labels() -> dict[str, str]:
    return {layer.code: layer.label for layer in list_layers()}


def _values(request: HttpRequest) -> dict[str, Any]:
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    return {**given, "layers": request.POST.getlist("layers")}


def _given(found: Application) -> dict[str, Any]:
    draft = found.draft
    return {
        "name": draft.name,
        "unit": draft.unit,
        "purpose": draft.purpose,
        "state": draft.state.value,
        "url": draft.url,
        "contact": draft.contact,
        "users": str(draft.users),
        "account": str(draft.account or ""),
        "started_on": draft.started_on.isoformat() if draft.started_on else "",
        "layers": list(draft.layers),
    }


def _draft(values: Mapping[str, Any]) -> ApplicationDraft:
    errors: dict[str, list[str]] = {}
    users = values["users"] or "0"
    if not users.isdecimal():
        errors["users"] = ["用户数应是不小于 0 的整数"]
    started = None
    try:
        started = date.fromisoformat(values["started_on"]) if values["started_on"] else None
    except ValueError:
        errors["started_on"] = ["请写成 2026-05-01 这样的日期"]
    account = None
    try:
        account = UUID(values["account"]) if values["account"] else None
    except ValueError:
        errors["account"] = ["请从名单里选择接口账号"]
    if errors:
        raise FieldErrors(errors)
    return ApplicationDraft(
        name=values["name"],
        unit=values["unit"],
        purpose=values["purpose"],
        state=ApplicationState(values["state"]) if values["state"] in dict(_STATES) else ApplicationState.RUNNING,
        url=values["url"],
        contact=values["contact"],
        users=int(users),
        layers=tuple(values["layers"]),
        account=account,
        started_on=started,
    )


def _form(
    request: HttpRequest, values: dict[str, Any], errors: Mapping[str, list[str]], found: Application | None
) -> HttpResponse:
    tree = get_unit_tree()
    services = list_accounts(AccountFilter(kind="service"), now=now(), limit=200).accounts
    units = sorted(
        unit.code for unit in tree.all().values() if unit.kind in {"government", "department", "street_office"}
    )
    context = {
        "found": found,
        "values": values,
        "errors": errors,
        "options": {
            "unit": [(code, unit_name(code)) for code in units],
            "state": [pair for pair in _STATES if pair[0] != ApplicationState.RETIRED.value],
            "account": [("", "没有接口账号"), *((str(each.id), each.name) for each in services)],
            "layers": [(layer.code, layer.label) for layer in list_layers()],
        },
        "idempotency_key": new_key(),
    }
    return show(request, "workbench/twin/application_form.html", context, status=422 if errors else 200)
