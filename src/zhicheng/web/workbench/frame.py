"""What every page of the workbench has around it: navigation with queues, counts and the nearest clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhicheng.core.cases.public import count_queues
from zhicheng.core.cases.values import QueueCount
from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import now
from zhicheng.web.shared.presenting import left_words

_ICONS = {
    "triage": "route",
    "arbitration": "scale",
    "to_accept": "bell",
    "in_hand": "inbox",
    "follow_up": "triangle-alert",
    "answered": "check",
    "assist": "users",
}
_STEADY = "appeal."  # queues that keep their place; any other shows while it holds something
_FEW = 3  # so many empty queues need no folding
_TOOLS = (
    ("接电话", "headset", "/workbench/calls/", ("appeals.take_call",)),
    ("在线咨询", "headset", "/workbench/assistant/", ("cases.handle", "cases.triage")),
    (
        "查工单",
        "search",
        "/workbench/cases/",
        ("cases.handle", "cases.supervise", "cases.triage", "cases.read_subtree", "appeals.take_call"),
    ),
    ("单位督办", "network", "/workbench/units/", ("cases.supervise", "cases.read_subtree")),
    ("免申即享", "badge-check", "/workbench/benefits/", ("benefits.run", "benefits.approve", "benefits.pay")),
    ("证照", "id-card", "/workbench/licences/", ("licences.read",)),
    ("设备", "list-checks", "/workbench/devices/", ("devices.view", "devices.manage")),
    ("窗口核验", "badge-check", "/workbench/identities/", ("parties.prove",)),
    ("公开申请", "file-text", "/workbench/disclosure/", ("cases.handle", "cases.supervise", "cases.read_subtree")),
    ("今日报表", "chart-column", "/workbench/reports/today/", ("cases.supervise", "cockpit.view")),
    ("指标", "trending-up", "/workbench/indicators/", ("cockpit.view",)),
    ("一件事成效", "list-checks", "/workbench/reports/savings/", ("cockpit.view",)),
    ("问地图", "search", "/workbench/twin/ask/", ("cockpit.view", "cases.handle", "cases.supervise", "cases.triage")),
    ("孪生底座", "layers", "/workbench/twin/", ("cockpit.view", "cases.handle", "cases.supervise", "services.manage")),
    ("地图服务", "network", "/workbench/twin/services/", ("services.manage",)),
    ("驾驶舱", "layout-grid", "/cockpit/", ("cockpit.view",)),
    ("账号与授权", "users", "/workbench/accounts/", ("accounts.manage", "security.manage")),
    ("运行状况", "list-checks", "/workbench/operations/", ("accounts.manage", "packs.install")),
    ("审计", "lock", "/workbench/audit/", ("ledger.audit",)),
)


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the workbench inside its frame; a page that has counted its queues hands them over as `counts`."""
    actor = request_actor(request)
    counts = context["counts"] if "counts" in context else count_queues(actor)
    frame = {"nav": navigation(request.path, actor, counts, now()), "counts": counts, "q": ""}
    return render(request, template, {**frame, **context}, status=status)


def navigation(path: str, actor: Actor, counts: Sequence[QueueCount], at: datetime) -> list[dict[str, Any]]:
    """Sections of the menu: my queues, then the tools that my permissions open."""
    shown, idle = split_idle([queue_entry(count, path, at) for count in counts])
    mine = [_entry("首页", "house", "/workbench/", path), *shown]
    tools = tool_entries(path, actor)
    account = [_entry("消息", "bell", "/workbench/messages/", path), _entry("我的账号", "user", "/account/", path)]
    return [
        {"title": "我的队列", "entries": mine, "idle": idle},
        {"title": "工具", "entries": tools},
        {"title": "账号", "entries": account},
    ]


def split_idle(queues: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The queues that are shown, and the empty ones that are folded away: nobody works through a wall of zeros."""
    idle = [
        queue
        for queue in queues
        if not queue["count"] and not queue["current"] and not queue["code"].startswith(_STEADY)
    ]
    return ([queue for queue in queues if queue not in idle], idle) if len(idle) > _FEW else (list(queues), [])


def tool_entries(path: str, actor: Actor) -> list[dict[str, Any]]:
    """The tools that the actor's permissions open."""
    return [_entry(label, icon, url, path) for label, icon, url, needed in _TOOLS if actor.permissions & set(needed)]


def queue_entry(count: QueueCount, path: str, at: datetime) -> dict[str, Any]:
    """A queue with its size and the clock that rings first."""
    entry = _entry(
        count.label, _ICONS.get(count.code.rpartition(".")[2], "list"), f"/workbench/queues/{count.code}/", path
    )
    chip = due_chip(count.nearest_due_at, at)
    tone = {"late": "danger", "warning": "warning"}.get(chip["state"], "") if chip else ""
    words = "没有等着的事" if not count.count else "" if chip else "没有在走的时限"
    return {**entry, "code": count.code, "count": count.count, "tone": tone, "clock": chip, "words": words}


def due_chip(due_at: datetime | None, at: datetime) -> dict[str, Any] | None:
    """A due time as a chip; None where nothing is due."""
    if due_at is None:
        return None
    left = (due_at - at).total_seconds()
    state = "late" if left < 0 else "warning" if left < 3600 else "running"
    return {"state": state, "words": left_words(due_at - at), "left_s": round(left), "ticking": True}


def _entry(label: str, icon: str, url: str, path: str) -> dict[str, Any]:
    return {"label": label, "icon": icon, "url": url, "current": path == url, "count": None, "tone": "", "clock": None}
