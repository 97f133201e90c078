"""For the system administrator: whether everything runs, and what to try again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from zhicheng.core.cases.public import case_gauges
from zhicheng.core.ledger.public import ledger_gauges, list_parked, retry_parked
from zhicheng.core.notices.public import notice_gauges, retry_failed
from zhicheng.core.packs.public import NoPackInstalled, current_pack, current_release
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now, words
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show
from zhicheng.web.workbench.once import once

_READERS = ("accounts.manage", "packs.install")
_MOST_PARKED = 50
_HERE = "/workbench/operations/"
# From which age on, in seconds, a waiting row is a sign that a worker stands still.
_SOON_S, _LATE_S = 60.0, 600.0


@require_GET
@needs_official(*_READERS)
def health(request: HttpRequest) -> HttpResponse:
    """What waits, what was given up, what is installed."""
    at = now()
    notices = notice_gauges(at)
    parked = list_parked(limit=_MOST_PARKED)
    tiles = _tiles(at)
    context = {
        "tiles": tiles,
        "overall": _overall([tile["state"] for tile in tiles]),
        "at": at,
        "parked": [
            {
                "type": one.event.type,
                "subject": one.event.subject,
                "at": one.event.at,
                "attempts": one.attempts,
                "failure": one.failure,
            }
            for one in parked
        ],
        "failed_notices": notices.failed_rows,
        "installed": _installed(),
        "idempotency_key": new_key(),
    }
    return show(request, "workbench/operations.html", context)


@require_POST
@needs_official(*_READERS)
def retry_events(request: HttpRequest) -> HttpResponse:
    """Deliver parked events again."""
    return _again(request, "events", retry_parked, "{count} 个搁置的事件已重新投递，一分钟内有结果。")


@require_POST
@needs_official(*_READERS)
def retry_notices(request: HttpRequest) -> HttpResponse:
    """Send failed messages again."""
    return _again(request, "notices", retry_failed, "{count} 条消息已重新排队发送。")


def _again(request: HttpRequest, name: str, retry: Callable[..., int], sentence: str) -> HttpResponse:
    actor, at = request_actor(request), now()
    done = once(request, f"operations:{name}", {}, lambda: {"count": retry(actor=actor.ref, now=at)})
    messages.success(request, sentence.format(count=done["count"]))
    return HttpResponseRedirect(_HERE)


def _tiles(at: datetime) -> list[dict[str, Any]]:
    ledger, notices, cases = ledger_gauges(at), notice_gauges(at), case_gauges(at)
    waiting_events = ledger.outbox_rows - ledger.outbox_parked
    return [
        _waiting("待投递事件", "个", waiting_events, ledger.outbox_oldest_s),
        _given_up("搁置事件", "个", ledger.outbox_parked),
        _waiting("未封存账本条目", "条", ledger.unsealed_rows, ledger.unsealed_oldest_s),
        _waiting("到点未触发的时限", "个", cases.unfired_clocks, cases.unfired_oldest_s),
        _waiting("待发送消息", "条", notices.waiting_rows, notices.waiting_oldest_s),
        _given_up("发送失败的消息", "条", notices.failed_rows),
    ]


def _waiting(label: str, unit: str, count: int, oldest_s: float) -> dict[str, Any]:
    """What is on its way: good while nothing waits long."""
    state, judged = "good", "正常"
    if count and oldest_s >= _SOON_S:
        state, judged = ("bad", "积压") if oldest_s >= _LATE_S else ("warning", "偏慢")
    oldest = f"最早的已等 {words(timedelta(seconds=oldest_s))}" if count and oldest_s else "没有等着的"
    return _tile(label, unit, count, state, judged) | {"change": oldest}


def _given_up(label: str, unit: str, count: int) -> dict[str, Any]:
    """What was tried as often as it may be: good when there is none."""
    return _tile(label, unit, count, *(("bad", "需要处理") if count else ("good", "正常")))


def _tile(label: str, unit: str, count: int, state: str, judged: str) -> dict[str, Any]:
    return {
        "label": label,
        "value": f"{count:,}",
        "unit": unit,
        "state": state,
        "state_words": judged,
        "values": [],
        "change": "",
    }


def _overall(states: list[str]) -> dict[str, str]:
    if "bad" in states:
        return {
            "tone": "danger",
            "icon": "octagon-alert",
            "title": "有需要处理的问题",
            "text": "请看下面标红的项目。积压不消退时，请检查后台进程是否在运行。",
        }
    if "warning" in states:
        return {"tone": "warning", "icon": "triangle-alert", "title": "运行偏慢", "text": "后台处理比平时慢，请留意。"}
    return {"tone": "success", "icon": "circle-check", "title": "运行正常", "text": ""}


def _installed() -> dict[str, Any] | None:
    try:
        release, info = current_release(), current_pack()
    except NoPackInstalled:
        return None
    return {
        "name": info.full_name or info.name,
        "code": release.code,
        "version": release.version,
        "digest": release.digest,
        "at": release.installed_at,
    }
