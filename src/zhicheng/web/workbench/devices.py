"""Devices for officials: a list, one device with what it measures, an alarm with its reasons and its devices."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhicheng.core.parties.public import request_actor
from zhicheng.core.places.public import list_divisions
from zhicheng.core.telemetry.public import (
    DeviceFilter,
    alarms_of_device,
    course_of,
    gaps_of,
    get_alarm,
    get_device,
    list_devices,
    list_maintenance,
    list_models,
    list_rules,
    may_manage_device,
)
from zhicheng.kit.clock import CHINA, now, words
from zhicheng.web.shared.presenting import place_words, unit_name
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show

VIEW, MANAGE = "devices.view", "devices.manage"
HOME = "/workbench/devices/"
STATES = {
    "online": {"label": "在线", "tone": "success", "icon": "circle-check"},
    "offline": {"label": "离线", "tone": "warning", "icon": "triangle-alert"},
    "alarm": {"label": "告警", "tone": "danger", "icon": "bell"},
    "unheard": {"label": "未上线", "tone": "", "icon": "circle"},
    "retired": {"label": "已停用", "tone": "", "icon": "ban"},
}
SEVERITIES = {"notice": "提示", "warning": "警告", "critical": "紧急"}
_PAGE = 25
_SPANS = {"6": "6 小时", "24": "24 小时", "168": "7 天"}
_POINTS = 96


@never_cache
@require_GET
@needs_official(VIEW, MANAGE)
def listing(request: HttpRequest) -> HttpResponse:
    """Devices by key, name, model and area, in the order of their registration."""
    given, at = request.GET, now()
    models = [(model.code, model.label) for model in list_models().values()]
    areas = [(each.code, each.name) for each in list_divisions(_city())]
    wanted = DeviceFilter(
        text=given.get("q", "").strip()[:64],
        model=_one_of(given.get("model", ""), dict(models)),
        area=_one_of(given.get("area", ""), dict(areas)),
        state="retired" if given.get("state") == "retired" else "active",
    )
    after = int(given["after"]) if given.get("after", "").isdecimal() and len(given["after"]) < 19 else 0
    page = list_devices(wanted, now=at, after=after, limit=_PAGE)
    query = {"q": wanted.text, "model": wanted.model, "area": wanted.area, "state": wanted.state}
    context = {
        "filters": {
            "action": request.path,
            "q": wanted.text,
            "placeholder": "设备编号或名称的开头",
            "fields": [
                {"name": "model", "label": "型号", "value": wanted.model, "options": models},
                {"name": "area", "label": "区域", "value": wanted.area, "options": areas},
                {"name": "state", "label": "使用情况", "value": wanted.state, "options": [("retired", "已停用")]},
            ],
            "saved": [],
            "clear_url": request.path if given else "",
        },
        "devices": [_row(device, at) for device in page.devices],
        "may_manage": MANAGE in request_actor(request).permissions,
        "pager": {
            "next_url": f"?{urlencode({**query, 'after': page.after})}" if page.after else "",
            "previous_url": f"?{urlencode(query)}" if after else "",
            "words": f"每页 {_PAGE} 台，先登记的在前",
        },
    }
    return show(request, "workbench/devices/list.html", context)


@never_cache
@require_GET
@needs_official(VIEW, MANAGE)
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One device."""
    return device_page(request, key)


def device_page(request: HttpRequest, key: str, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a device, with what a form has to say."""
    at = now()
    device = get_device(key[:64], now=at)
    hours = _one_of(request.GET.get("hours", ""), _SPANS) or "24"
    since = at - timedelta(hours=int(hours))
    context = {
        "device": {**_row(device, at), "site": device.site, "registered_at": device.registered_at},
        "spans": [{"value": value, "label": label, "current": value == hours} for value, label in _SPANS.items()],
        "streams": [_stream(each, since, at) for each in device.measured],
        "alarms": [_alarm_line(line) for line in alarms_of_device(device.thing)],
        "windows": list_maintenance(device.thing, now=at),
        "rules": [_rule(rule) for rule in list_rules().values() if rule.model == device.model],
        "may_manage": device.state != "retired" and may_manage_device(request_actor(request), device),
        "idempotency_key": new_key(),
        "values": {},
        "errors": {},
        **more,
    }
    return show(request, "workbench/devices/device.html", context, status=status)


@never_cache
@require_GET
@needs_official(VIEW, MANAGE)
def alarm(request: HttpRequest, number: str) -> HttpResponse:
    """Why an alarm was raised, and at which devices."""
    found, members = get_alarm(number[:24])
    context = {
        "alarm": {**found, "severity_words": SEVERITIES.get(found["severity"], "")},
        "members": [{**member, "url": f"{HOME}one/{member['key']}/"} for member in members],
        "case_url": f"/workbench/cases/{found['number']}/",
    }
    return show(request, "workbench/devices/alarm.html", context)


def _row(device: Any, at: datetime) -> dict[str, Any]:
    model = list_models().get(device.model)
    place = device.community or device.street or device.district
    return {
        "key": device.key,
        "name": device.name,
        "model": model.label if model else device.model or "其他",
        "tag": STATES[device.state],
        "place": place_words(place) if place else "城区以外",
        "unit": unit_name(device.unit) if device.unit else "",
        "point": "" if device.longitude is None else f"{device.longitude:.6f}，{device.latitude:.6f}",
        "seen": f"{words(at - device.last_seen)}前" if device.last_seen else "还没有数据",
        "values": [{"label": each.label, "words": _value(each)} for each in device.measured if each.at],
        "url": f"{HOME}one/{device.key}/",
    }


def _value(measured: Any) -> str:
    if measured.value is None:
        return str(measured.text or "—")[:60]
    return f"{measured.value:.4g} {measured.unit}".strip()


def _stream(measured: Any, since: datetime, until: datetime) -> dict[str, Any]:
    """A stream with its course: about a hundred points, each the mean of its step."""
    step = timedelta(minutes=5) if until - since <= timedelta(hours=30) else timedelta(hours=1)
    rows = course_of(measured.stream, since=since, until=until, step=step)
    every = max(1, len(rows) // _POINTS)
    gaps = gaps_of(measured.stream, measured.interval_s, since=since, until=until)
    return {
        "code": measured.code,
        "label": measured.label,
        "unit": measured.unit,
        "value": _value(measured) if measured.at else "—",
        "at": measured.at,
        "points": [row["mean"] for row in rows[::every]],
        "least": f"{min(row['min'] for row in rows):.4g}" if rows else "—",
        "most": f"{max(row['max'] for row in rows):.4g}" if rows else "—",
        "count": sum(row["count"] for row in rows),
        "recent": [{"at": row["at"], "mean": f"{row['mean']:.4g}", "count": row["count"]} for row in rows[-12:][::-1]],
        "gaps": [{"from": begin, "to": end, "words": words(end - begin)} for begin, end in gaps],
    }


def _alarm_line(line: Any) -> dict[str, Any]:
    rule = list_rules().get(line.rule)
    state = "已办结" if line.is_closed else "已恢复" if line.cleared_at else "告警中"
    return {
        "number": line.number,
        "label": rule.label if rule else line.rule,
        "raised_at": line.raised_at,
        "state": state,
        "times": line.times,
        "url": f"{HOME}alarms/{line.number}/",
    }


def _rule(rule: Any) -> dict[str, str]:
    return {"label": rule.label, "severity": SEVERITIES.get(rule.severity, ""), "source": rule.source}


def _one_of(value: str, known: dict[str, Any]) -> str:
    return value if value in known else ""


def _city() -> str:
    [city, *_] = [each.code for each in list_divisions()] or [""]
    return city


def local(text: str) -> datetime | None:
    """A local time as a form sends it."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=CHINA)
    except ValueError:
        return None
