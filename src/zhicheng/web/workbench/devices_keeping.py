"""Devices kept in order by their managers: registration, approval, maintenance, keys, the end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhicheng.core.parties.public import request_actor
from zhicheng.core.telemetry.public import (
    approve_candidate,
    end_maintenance,
    list_candidates,
    list_models,
    plan_maintenance,
    read_device_file,
    refuse_candidate,
    register_devices,
    retire_device,
    show_key,
)
from zhicheng.core.telemetry.values import DeviceRow
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.devices import HOME, MANAGE, device_page, local
from zhicheng.web.workbench.frame import show

_SHOWN = 200


@never_cache
@require_http_methods(["GET", "POST"])
@needs_official(MANAGE)
def register(request: HttpRequest) -> HttpResponse:
    """Register devices from a file; wrong lines are listed, the others are in."""
    context: dict[str, Any] = {"models": list(list_models().values()), "done": None, "errors": {}, "values": {}}
    if request.method != "POST":
        return show(request, "workbench/devices/register.html", context)
    file = request.FILES.get("file")
    if file is None:
        errors = {"file": ["请选择 CSV 或 XLSX 文件"]}
        return show(request, "workbench/devices/register.html", {**context, "errors": errors}, status=422)
    try:
        done = register_devices(read_device_file(file.read()), actor=request_actor(request), now=now())
    except ZhichengError as error:
        errors = {"file": [str(error)]}
        return show(request, "workbench/devices/register.html", {**context, "errors": errors}, status=error.kind.value)
    return show(request, "workbench/devices/register.html", {**context, "done": done, "shown": done.rejected[:_SHOWN]})


@never_cache
@require_http_methods(["GET", "POST"])
@needs_official(MANAGE)
def pending(request: HttpRequest) -> HttpResponse:
    """Devices that sent before they were registered: approve or refuse."""
    if request.method == "POST":
        return _decide(request)
    return _pending(request)


def _pending(request: HttpRequest, errors: dict[str, list[str]] | None = None, status: int = 200) -> HttpResponse:
    context = {
        "candidates": list_candidates(),
        "options": {"model": [(model.code, model.label) for model in list_models().values()]},
        "errors": errors or {},
        "values": request.POST.dict() if errors else {},
    }
    return show(request, "workbench/devices/pending.html", context, status=status)


def _decide(request: HttpRequest) -> HttpResponse:
    given, actor, at = request.POST, request_actor(request), now()
    key = given.get("key", "")[:64]
    try:
        if given.get("act") == "refuse":
            refuse_candidate(key, given.get("reason", ""), actor=actor, now=at)
            messages.success(request, f"已拒绝设备 {key}，它发来的数据不会保存。")
            return HttpResponseRedirect(f"{HOME}pending/")
        row = DeviceRow(
            1,
            key,
            given.get("name", "").strip()[:255],
            given.get("model", ""),
            _number(given.get("longitude", "")),
            _number(given.get("latitude", "")),
            given.get("unit", "").strip()[:40],
        )
        done = approve_candidate(key, row, actor=actor, now=at)
    except ZhichengError as error:
        return _pending(request, {"key": [str(error)]}, error.kind.value)
    if done.rejected:
        return _pending(request, {"key": [done.rejected[0].reason]}, 422)
    messages.success(request, f"已登记设备 {key}，从现在起保存它的数据。")
    return HttpResponseRedirect(f"{HOME}one/{key}/")


@never_cache
@require_POST
@needs_official(MANAGE)
def maintenance(request: HttpRequest, key: str) -> HttpResponse:
    """Plan a time in which the device raises nothing."""
    given, at = request.POST, now()
    span = (local(given.get("starts_at", "")) or at, local(given.get("ends_at", "")) or at)
    try:
        plan_maintenance(key[:64], span, given.get("reason", ""), actor=request_actor(request), now=at)
    except FieldErrors as error:
        return device_page(request, key, status=422, errors=error.fields, values=given.dict())
    messages.success(request, "已安排维护时段，期间不告警。")
    return HttpResponseRedirect(f"{HOME}one/{key[:64]}/")


@never_cache
@require_POST
@needs_official(MANAGE)
def maintenance_end(request: HttpRequest, key: str, window: int) -> HttpResponse:
    """End a time of maintenance early: alarms that it holds back are raised."""
    end_maintenance(window, actor=request_actor(request), now=now())
    messages.success(request, "维护时段已结束，恢复告警。")
    return HttpResponseRedirect(f"{HOME}one/{key[:64]}/")


@never_cache
@require_POST
@needs_official(MANAGE)
def key(request: HttpRequest, key: str) -> HttpResponse:
    """Show a new key of the device, this once."""
    secret = show_key(key[:64], actor=request_actor(request), now=now())
    return device_page(request, key, secret=secret)


@never_cache
@require_POST
@needs_official(MANAGE)
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """Take the device out of use."""
    if request.POST.get("sure") != "yes":
        return device_page(request, key, status=422, errors={"sure": ["请勾选确认停用"]})
    retire_device(key[:64], actor=request_actor(request), now=now())
    messages.success(request, "设备已停用：不再接收它的数据，历史数据保留。")
    return HttpResponseRedirect(f"{HOME}one/{key[:64]}/")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
