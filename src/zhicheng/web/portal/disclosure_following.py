"""Following a request for information, supplementing and withdrawing it; and a third party's opinion."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhicheng.apps.disclosure.public import CHILD, PROCESS, answer_of, end_if_answered, get_request, get_terms
from zhicheng.apps.disclosure.values import DELIVERIES, OPINIONS, SUPPLIES
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import (
    CaseDetails,
)
from zhicheng.core.cases.values import AttachmentInfo
from zhicheng.kit.clock import now
from zhicheng.web.shared.following import page_of
from zhicheng.web.shared.owning import LookUp, OwnerAct, act_as_owner, followed_case, look_up
from zhicheng.web.shared.presenting import open_clocks, tag_view, timeline, unit_name

_OWNER_ACTIONS = frozenset({"supplement", "withdraw"})
_LOOK_UP = LookUp("portal/disclosure/follow.html", number="请填写编号。", mismatch="编号和查询码对不上，请核对后再试。")
_MOST_FILES = 6


@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Look a request, or a letter that asks for an opinion, up by its number and code."""
    return look_up(request, _LOOK_UP)


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """A request as its applicant sees it."""
    return _page(request, followed_case(request, number, {PROCESS}), {}, {})


@require_POST
def act_on(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Supplement or withdraw one's request."""
    details = followed_case(request, number, {PROCESS})
    if action not in _OWNER_ACTIONS:
        raise CaseNotFound()
    given = {"text": request.POST.get("text", ""), "reason": request.POST.get("reason", "")}
    files = "photos" if action == "supplement" else ""
    refusal = act_as_owner(request, details, OwnerAct(action, given, files, _MOST_FILES, whole="text"))
    if refusal is not None:
        return _page(request, details, given, refusal.errors, status=refusal.status)
    return HttpResponseRedirect(page_of(details.row))


@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, number: str) -> HttpResponse:
    """The letter that asks a third party, and their answer."""
    details = followed_case(request, number, {CHILD})
    if request.method != "POST":
        return _letter(request, details, {}, {})
    given = {"text": request.POST.get("text", ""), "opinion": request.POST.get("opinion", "")}
    refusal = act_as_owner(request, details, OwnerAct("answer", given, "photos", _MOST_FILES, whole="text"))
    if refusal is not None:
        return _letter(request, details, given, refusal.errors, status=refusal.status)
    if details.row.parent is not None:
        end_if_answered(details.row.parent, now())
    return HttpResponseRedirect(page_of(details.row))


def _page(
    request: HttpRequest,
    details: CaseDetails,
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    at, row, info = now(), details.row, get_request(details.row.id)
    offered = {action.code for action in details.actions}
    context = {
        "section": "services",
        "info": info,
        "number": row.number,
        "tag": tag_view(row, details.process, at, public=True),
        "at": row.opened_at,
        "status_words": f"{details.public_state}。",
        "unit": unit_name(row.unit),
        "supply": SUPPLIES.get(info.supply, ""),
        "delivery": DELIVERIES.get(info.delivery, ""),
        "clocks": open_clocks(details, at),
        "answer": _answer(details),
        "files": [_file(file) for file in details.attachments],
        "events": timeline(details, names=False),
        "asked": _asked(details) if "supplement" in offered else "",
        "base": page_of(row),
        "may_withdraw": "withdraw" in offered,
        "values": values,
        "errors": errors,
    }
    return render(request, "portal/disclosure/detail.html", context, status=status)


def _answer(details: CaseDetails) -> dict[str, Any] | None:
    found = next((item for item in reversed(details.history) if item.action == "decide"), None)
    if found is None:
        return None
    facts = details.row.facts
    answer = answer_of(get_terms(), str(facts.get("decision") or ""), str(facts.get("ground") or ""))
    return {"unit": unit_name(found.from_unit), "at": found.at, "text": found.input.get("text", ""), "law": answer}


def _asked(details: CaseDetails) -> str:
    found = next((item for item in reversed(details.history) if item.action == "ask_supplement"), None)
    return str(found.input.get("text", "")) if found else ""


def _file(file: AttachmentInfo) -> dict[str, str]:
    return {"name": file.name, "url": f"/files/{file.id}/", "size": f"{max(1, file.size_bytes // 1024)} KB"}


def _letter(
    request: HttpRequest,
    details: CaseDetails,
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    row, at = details.row, now()
    context = {
        "section": "services",
        "narrow": True,
        "number": row.number,
        "subject": row.facts.get("subject", ""),
        "unit": unit_name(row.unit),
        "tag": tag_view(row, details.process, at, public=True),
        "status_words": f"{details.public_state}。",
        "clocks": open_clocks(details, at),
        "open": any(action.code == "answer" for action in details.actions),
        "opinion": OPINIONS.get(str(row.facts.get("opinion") or ""), ""),
        "opinions": list(OPINIONS.items()),
        "values": values,
        "errors": errors,
    }
    return render(request, "portal/disclosure/opinion.html", context, status=status)
