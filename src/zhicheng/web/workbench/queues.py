"""Queues and search: lists of cases that concern me, keyset paged, filtered, worked through by keyboard."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from zhicheng.core.cases.public import Purpose, count_cases, count_queues, list_cases
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.parties.public import request_actor
from zhicheng.core.places.public import list_divisions
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ErrorKind, ZhichengError
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.frame import show
from zhicheng.web.workbench.tables import queue_table

_PAGE = 25
_ORDERS = {"due", "newest"}
_PAUSABLE = frozenset({"appeal.in_hand"})
_NOTHING_FOUND = {"icon": "search", "title": "没有找到工单", "text": "核对编号，换几个字，或放宽筛选再找。"}
_NOTHING_PAUSED = {
    "icon": "circle-check",
    "title": "没有暂停计时的工单",
    "text": "经批准暂停的工单会列在这里，写明原因。",
}
# Queues whose first action needs no typing, so that many cases can be done at once.
BULK = {
    "appeal.to_accept": [{"code": "accept", "label": "批量签收"}],
    "assist.assist": [{"code": "accept", "label": "批量签收"}],
}


class QueueNotFound(ZhichengError):
    """The actor has no such queue."""

    code = "workbench.queue_not_found"
    kind = ErrorKind.NOT_FOUND
    message = "没有这个队列，或您没有使用它的权限。"


@require_GET
@needs_official()
def queue(request: HttpRequest, code: str) -> HttpResponse:
    """One queue."""
    actor = request_actor(request)
    counts = count_queues(actor)
    found = next((count for count in counts if count.code == code), None)
    if found is None:
        raise QueueNotFound()
    wanted = read_filter(request, queue_code=code)
    context = list_context(request, wanted, code, found.label)
    if code in _PAUSABLE:
        context["filters"]["saved"].append(_paused_view(request, code, current=wanted.paused))
    context["queue"]["bulk"] = BULK.get(code, [])
    total = count_cases(actor, wanted, purpose=Purpose.ANY) if set(request.GET) - {"after", "order"} else found.count
    context["total_words"] = f"共 {'99+' if total > 99 else total} 件"
    return show(request, "workbench/queue.html", {**context, "counts": counts})


@require_GET
@needs_official()
def search(request: HttpRequest) -> HttpResponse:
    """All cases that concern me, open or ended."""
    wanted = read_filter(request, queue_code="")
    return show(request, "workbench/queue.html", list_context(request, wanted, "search", "查工单"))


def read_filter(request: HttpRequest, *, queue_code: str) -> CaseFilter:
    """The filter that the address describes; what is not understood is left out."""
    given = request.GET
    paused = queue_code in _PAUSABLE and given.get("paused") == "yes"
    order = given.get("order", "due" if queue_code and not paused else "newest")
    return CaseFilter(
        queue=queue_code,
        unit=given.get("unit", "")[:40],
        subtree=given.get("own") != "yes",
        text=given.get("q", "").strip()[:100],
        division=given.get("division", "")[:12] if given.get("division", "").isdigit() else "",
        urgent=given.get("urgent") == "yes",
        paused=paused,
        due_before=now() if given.get("late") == "yes" else None,
        open_only=given.get("state") == "open",
        done_only=given.get("state") == "done",
        order=order if order in _ORDERS else "due",
    )


def list_context(request: HttpRequest, wanted: CaseFilter, code: str, label: str) -> dict[str, Any]:
    """One page of a list with its filters and pager."""
    after = request.GET.get("after", "")[:200]
    page = list_cases(request_actor(request), wanted, purpose=Purpose.ANY, after=after, limit=_PAGE)
    query = {name: value for name, value in request.GET.items() if name != "after" and value}
    following = f"?{urlencode({**query, 'after': page.after})}" if page.after else ""
    table = queue_table(code, label, page.rows, now(), order=wanted.order)
    if code == "search" or query:
        table["empty"] = _NOTHING_PAUSED if wanted.paused else _NOTHING_FOUND
    return {
        "queue": table,
        "filters": _filters(request, wanted, code),
        "pager": {"next_url": following, "previous_url": f"?{urlencode(query)}" if after else "", "words": ""},
        "total_words": "",
        "q": wanted.text,
    }


def _paused_view(request: HttpRequest, code: str, *, current: bool) -> dict[str, Any]:
    """A saved view of the cases whose clock stands still, which a list by due time has at its very end."""
    wanted = CaseFilter(queue=code, paused=True)
    count = count_cases(request_actor(request), wanted, purpose=Purpose.ANY)
    return {"label": "暂停计时", "url": f"{request.path}?paused=yes", "current": current, "count": count}


def _filters(request: HttpRequest, wanted: CaseFilter, code: str) -> dict[str, Any]:
    districts = [(area.code, area.name) for city in list_divisions() for area in list_divisions(city.code)]
    given = request.GET
    fields = [
        {"name": "division", "label": "区域", "value": wanted.division, "options": districts},
        {"name": "urgent", "label": "紧急", "value": given.get("urgent", ""), "options": [("yes", "只看紧急")]},
        {"name": "late", "label": "超时", "value": given.get("late", ""), "options": [("yes", "只看超时")]},
    ]
    if code == "search":
        options = [("open", "在办"), ("done", "已办结")]
        fields.append({"name": "state", "label": "状态", "value": given.get("state", ""), "options": options})
    saved = [
        {"label": "全部", "url": request.path, "current": not given},
        {"label": "超时", "url": f"{request.path}?late=yes", "current": given.get("late") == "yes"},
        {"label": "紧急", "url": f"{request.path}?urgent=yes", "current": given.get("urgent") == "yes"},
    ]
    return {
        "action": request.path,
        "q": wanted.text,
        "fields": fields,
        "saved": saved,
        "clear_url": request.path if given else "",
    }
