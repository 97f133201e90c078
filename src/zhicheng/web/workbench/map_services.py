"""Published services for who looks after them: layers, applications with keys and quotas, calls by day."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.twin.errors.services import QuotaInvalid
from zhicheng.apps.twin.public import (
    SERVICES_PERMISSION,
    last_days,
    list_application_quotas,
    list_calls,
    set_quota,
    total_calls,
)
from zhicheng.apps.twin.values.services import CALLER_LABELS, SERVICE_LABELS, ApplicationQuota, CallLine, Quota
from zhicheng.core.parties.public import request_actor
from zhicheng.core.places.public import list_layers
from zhicheng.kit.clock import now
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show
from zhicheng.web.workbench.once import once

_HERE = "/workbench/twin/services/"
_SPANS = (7, 30, 90)
_MOST_LINES, _MOST_COLUMNS = 60, 31
_ACCESS = {"public": "公开", "signed": "登录后"}


@never_cache
@require_GET
@needs_official(SERVICES_PERMISSION)
def services(request: HttpRequest) -> HttpResponse:
    """The page."""
    actor, at = request_actor(request), now()
    days = next((span for span in _SPANS if request.GET.get("days") == str(span)), 30)
    wanted = last_days(at, days)
    by_layer = {one.name: one for one in total_calls(wanted, "layer", actor=actor)}
    by_day = {one.name: one.calls for one in total_calls(wanted, "day", actor=actor)}
    layers = list_layers()
    labels = {layer.code: layer.label for layer in layers}
    applications = list_application_quotas(actor=actor, now=at)
    names = {key: each.name for each in applications for key in each.keys}
    context = {
        "spans": [(f"?days={span}", f"最近 {span} 天", span == days) for span in _SPANS],
        "tiles": _tiles(by_layer.values()),
        "chart": _chart(by_day, wanted.until, days),
        "layers": [
            {
                "code": layer.code,
                "label": layer.label,
                "access": _ACCESS.get(layer.access, "有权限的人"),
                "calls": f"{by_layer[layer.code].calls:,}" if layer.code in by_layer else "0",
            }
            for layer in layers
        ],
        "applications": [_application(each) for each in applications],
        "lines": [_line(each, labels, names) for each in list_calls(wanted, actor=actor, limit=_MOST_LINES)],
    }
    return show(request, "workbench/twin/services.html", context)


@require_POST
@needs_official(SERVICES_PERMISSION)
def change_quota(request: HttpRequest) -> HttpResponse:
    """Agree on another quota for an application."""
    try:
        account = UUID(request.POST.get("account", ""))
        quota = Quota(int(request.POST.get("per_day", "")), int(request.POST.get("per_minute", "")))
    except ValueError:
        raise QuotaInvalid() from None
    actor, at = request_actor(request), now()
    body = {"account": str(account), "per_day": quota.per_day, "per_minute": quota.per_minute}

    def agree() -> dict[str, Any]:
        set_quota(account, quota, actor=actor, now=at)
        return body

    once(request, "services:quota", body, agree)
    messages.success(request, "配额已保存，几秒钟内生效。")
    return HttpResponseRedirect(_HERE)


def _tiles(totals: Iterable[Any]) -> list[dict[str, Any]]:
    found = list(totals)
    calls, refused = sum(one.calls for one in found), sum(one.refused for one in found)
    sent_mb = sum(one.sent_bytes for one in found) / 1e6
    return [
        _tile("调用", f"{calls:,}", "次"),
        _tile("没有成功的调用", f"{refused:,}", "次"),
        _tile("送出的数据", f"{sent_mb:,.1f}", "MB"),
        _tile("用到的图层", str(len(found)), "个"),
    ]


def _tile(label: str, value: str, unit: str) -> dict[str, Any]:
    return {"label": label, "value": value, "unit": unit, "state": "", "state_words": "", "values": [], "change": ""}


def _chart(by_day: dict[str, int], until: date, days: int) -> dict[str, Any]:
    shown = [until - timedelta(days=back) for back in range(min(days, _MOST_COLUMNS) - 1, -1, -1)]
    rows = [{"label": f"{day.month}-{day.day}", "value": by_day.get(day.isoformat(), 0), "tone": ""} for day in shown]
    return {"title": "每天的调用次数", "unit": "次", "rows": rows, "column": "日期"}


def _application(each: ApplicationQuota) -> dict[str, Any]:
    return {
        "account": str(each.account),
        "name": each.name,
        "keys": each.keys,
        "per_day": each.quota.per_day,
        "per_minute": each.quota.per_minute,
        "is_default": each.is_default,
        "today": f"{each.today:,}",
        "idempotency_key": new_key(),
    }


def _line(each: CallLine, labels: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    who = names.get(each.key, f"已停用的密钥 {each.key}") if each.key else CALLER_LABELS[each.kind]
    return {
        "day": each.day.isoformat(),
        "layer": labels.get(each.layer, each.layer),
        "service": SERVICE_LABELS[each.service],
        "who": who,
        "key": each.key,
        "calls": f"{each.calls:,}",
        "refused": f"{each.refused:,}",
        "sent": f"{each.sent_bytes / 1e6:,.1f} MB",
    }
