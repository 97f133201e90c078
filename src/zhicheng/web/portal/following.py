"""Following an appeal: as its owner, by number and code, or by a signed link; and what the owner may do."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhicheng.apps.appeals.public import PROCESS, get_appeal, get_taxonomy
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import (
    CaseDetails,
    case_of_link,
    get_case_as_requester,
)
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.following import page_of, remember_case
from zhicheng.web.shared.owning import LookUp, OwnerAct, act_as_owner, followed_case, look_up
from zhicheng.web.shared.presenting import open_clocks, place_line, place_words, tag_view, timeline, unit_name

OWNER_ACTIONS = frozenset({"rate", "supplement", "withdraw"})
_PHOTOS = 3
_LOOK_UP = LookUp(
    "portal/appeal_follow.html",
    number="请填写诉求编号。",
    mismatch="编号和查询码对不上，请核对后再试。查询码是提交时给出的 8 位字符。",
)
_REPLIED = frozenset({"replied", "follow_up", "closed", "merged"})


@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Look an appeal up by its number and code."""
    return look_up(request, _LOOK_UP)


@require_GET
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A signed link from a message: opens the case without an account."""
    check_rate(request, "follow")
    found = get_case_as_requester(case_of_link(token[:300]))
    remember_case(request, found.row.id)
    return HttpResponseRedirect(page_of(found.row))


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """An appeal as its owner sees it."""
    return _page(request, followed_case(request, number, {PROCESS}), {}, {})


@require_POST
def act_on(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Rate, add to, or withdraw one's appeal."""
    details = followed_case(request, number, {PROCESS})
    if action not in OWNER_ACTIONS:
        raise CaseNotFound()
    files = "photos" if action == "supplement" else ""
    wanted = OwnerAct(action, _input(request, action), files, _PHOTOS, whole="text")
    refusal = act_as_owner(request, details, wanted)
    if refusal is None:
        return HttpResponseRedirect(f"/appeals/{details.row.number}/")
    names = {"score": "stars", "text": "comment" if action == "rate" else "text"}
    shown = {names.get(field, field): sentences for field, sentences in refusal.errors.items()}
    return _page(request, details, dict(request.POST.items()), shown, status=refusal.status)


def _input(request: HttpRequest, action: str) -> dict[str, Any]:
    post = request.POST
    if action == "rate":
        solved = {"yes": "", "partly": "（部分解决）", "no": "（没有解决）"}.get(post.get("solved", ""), "")
        return {"score": post.get("stars", ""), "text": (post.get("comment", "") + solved).strip()}
    return {"text": post.get("text", ""), "reason": post.get("reason", "")}


def _page(
    request: HttpRequest,
    details: CaseDetails,
    values: Mapping[str, Any],
    errors: Mapping[str, list[str]],
    *,
    status: int = 200,
) -> HttpResponse:
    at, row = now(), details.row
    offered = {action.code for action in details.actions}
    base = f"/appeals/{row.number}"
    context = {
        "section": "mine",
        "appeal": _appeal(details),
        "status_words": f"{details.public_state}。",
        "next": _next(details),
        "clocks": open_clocks(details, at),
        "reply": _reply(details),
        "events": timeline(details, names=False),
        "why": _reasons(details),
        "map": _map(details),
        "rating": {"url": f"{base}/rate/", "stars": 0, "comment": "", "until": None} if "rate" in offered else None,
        "withdraw_url": f"{base}/withdraw/" if "withdraw" in offered else "",
        "supplement_url": f"{base}/supplement/" if "supplement" in offered else "",
        "values": values,
        "errors": errors,
        "back_url": "/my/appeals/" if request_actor(request).party_id else "/appeals/follow/",
    }
    return render(request, "portal/appeal_detail.html", context, status=status)


def _appeal(details: CaseDetails) -> dict[str, Any]:
    row, info = details.row, get_appeal(details.row.id)
    return {
        "number": row.number,
        "title": row.title,
        "text": info.text,
        "place": place_line(row.division, info.address) or "没有写明地点",
        "unit": unit_name(row.unit),
        "item": get_taxonomy().label(row.category) if row.category else "待确定",
        "tag": tag_view(row, details.process, now(), public=True),
        "at": row.opened_at,
        "anonymous": info.anonymous,
        "joined": info.supporters,
        "photos": _photos(details, after_reply=False),
    }


def _photos(details: CaseDetails, *, after_reply: bool) -> list[dict[str, Any]]:
    replied_at = next((item.at for item in details.history if item.action == "reply"), None)
    return [
        {"url": f"/files/{file.id}/", "alt": file.name, "name": file.name}
        for file in details.attachments
        if file.media_type.startswith("image/")
        and (replied_at is not None and file.owner.startswith("account:")) == after_reply
    ]


def _reply(details: CaseDetails) -> dict[str, Any] | None:
    found = next((item for item in reversed(details.history) if item.action == "reply"), None)
    if found is None or details.row.state not in _REPLIED:
        return None
    unit, text = unit_name(found.from_unit), found.input.get("text", "")
    photos = _photos(details, after_reply=True) if details.row.state != "merged" else []
    return {"unit": unit, "at": found.at, "text": text, "photos": photos, "legal": ""}


def _next(details: CaseDetails) -> str:
    return {
        "received": "分拨员正在确定承办单位。",
        "assigned": f"等{unit_name(details.row.unit)}签收。",
        "arbitration": "承办单位有不同意见，正在裁定。",
        "handling": "承办人办结后会答复您，并请您评价。",
        "replied": "请您评价；7 天内没有评价会自动办结。",
        "follow_up": "上一级单位会在 24 小时内跟进。",
    }.get(details.row.state, "")


def _reasons(details: CaseDetails) -> list[dict[str, Any]]:
    info = get_appeal(details.row.id)
    candidates = [
        {"label": found.label, "percent": round(found.probability * 100), "chosen": found.code == details.row.category}
        for found in info.candidates
    ]
    return [
        {
            "title": f"为什么由{unit_name(str(details.row.facts.get('lead') or details.row.unit))}承办",
            "summary": info.reasons[0] if info.reasons else "",
            "candidates": candidates,
            "steps": list(info.reasons[1:]),
            "rule": {"label": "诉求分类与职责清单", "version": info.model, "source": "城市包职责清单"},
            "contest": "觉得分错了？请用“补充说明”告诉我们，由工作人员处理。",
        }
    ]


def _map(details: CaseDetails) -> dict[str, Any] | None:
    row = details.row
    if row.longitude is None:
        return None
    center = current_pack().center
    marker = f"{row.longitude:.6f},{row.latitude:.6f}"
    return {
        "label": "诉求位置",
        "areas_url": "/areas/district.geojson",
        "center": marker or f"{center[0]},{center[1]}",
        "zoom": 13,
        "marker": marker,
        "fallback": place_words(row.division),
    }
