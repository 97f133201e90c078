"""The first page after signing in: my queues, what is due first, and for supervisors the units below."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from zhicheng.core.cases.public import Purpose, count_queues, list_cases
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.edge.context import inboxes
from zhicheng.web.shared.notices import notices_context
from zhicheng.web.shared.presenting import unit_name
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.frame import queue_entry, show, split_idle, tool_entries
from zhicheng.web.workbench.tables import queue_table
from zhicheng.web.workbench.units import level_tiles, root_of, scope_of, unit_rows

_SOONEST = 8


@require_GET
@needs_official()
def home(request: HttpRequest) -> HttpResponse:
    """My work now."""
    actor, at = request_actor(request), now()
    counts = count_queues(actor)
    queues = [queue_entry(count, "", at) for count in counts]
    shown, idle = split_idle(queues)
    works = bool(actor.permissions & {"cases.handle", "cases.triage", "cases.arbitrate"})
    soonest = list_cases(actor, CaseFilter(open_only=True), purpose=Purpose.WORK, limit=_SOONEST).rows if works else []
    supervises = actor.permissions & {"cases.supervise", "cases.read_subtree"}
    context: dict[str, Any] = {
        "counts": counts,
        "greeting": f"{actor.name}，{_greeting(at)}",
        "summary": _summary(queues),
        "queues": shown,
        "idle": idle,
        "tools": [] if queues else tool_entries("", actor),
        "soonest": queue_table("soonest", "最先到期", soonest, at) if soonest else None,
        "tiles": level_tiles(actor, at) if "cockpit.view" in actor.permissions else [],
        "tree": [row for row in unit_rows(actor, root_of(actor), at) if row["open"]] if supervises else None,
        "tiles_of": "全市" if scope_of(actor) is None else unit_name(root_of(actor)),
        "tree_url": "/workbench/units/",
        "call_url": "/workbench/calls/" if "appeals.take_call" in actor.permissions else "",
        "notices": (notices_context(request, inboxes(actor), "") or {}).get("notices", [])[:6],
    }
    return show(request, "workbench/home.html", context)


@require_http_methods(["GET", "POST"])
@needs_official()
def messages(request: HttpRequest) -> HttpResponse:
    """Messages of my account and my units."""
    context = notices_context(request, inboxes(request_actor(request)), "/workbench/messages/")
    if context is None:
        return HttpResponseRedirect("/workbench/messages/")
    return show(request, "workbench/messages.html", context)


def _greeting(at: datetime) -> str:
    hour = at.astimezone(CHINA).hour
    return "早上好" if hour < 9 else "上午好" if hour < 12 else "下午好" if hour < 18 else "晚上好"


def _summary(queues: list[dict[str, Any]]) -> str:
    total = sum(queue["count"] for queue in queues)
    late = sum(1 for queue in queues if queue["tone"] == "danger")
    if not queues:
        return "您的角色没有工单队列，从这里开始："
    if not total:
        return "队列都清空了。"
    return f"共有 {min(total, 99)}{'+' if total > 99 else ''} 件在队列里" + (
        f"，{late} 个队列里有超时的。" if late else "。"
    )
