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
    Purpose,
    act,
    add_draft_attachment,
    get_case,
    get_case_as_requester,
    get_case_by_secret,
    list_numbers,
)
from zhicheng.core.cases.values import ActCommand, AttachmentInfo
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.files import read_files
from zhicheng.web.shared.following import followed_cases, page_of, remember_case
from zhicheng.web.shared.presenting import open_clocks, tag_view, timeline, unit_name

_OWNER_ACTIONS = frozenset({"supplement", "withdraw"})
_NEEDED = {"number": "请填写编号。", "code": "请填写查询码。"}
_PROOF = frozenset({"requester"})


@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Look a request, or a letter that asks for an opinion, up by its number and code."""
    context: dict[str, Any] = {"section": "mine", "narrow": True, "values": {}, "errors": {}}
    if request.method != "POST":
        return render(request, "portal/disclosure/follow.html", context)
    check_rate(request, "follow")
    values = {name: request.POST.get(name, "").strip()[:40] for name in _NEEDED}
    context["values"] = values
    context["errors"] = {name: [words] for name, words in _NEEDED.items() if not values[name]}
    if context["errors"]:
        return render(request, "portal/disclosure/follow.html", context, status=422)
    try:
        row = get_case_by_secret(values["number"], values["code"]).row
    except CaseNotFound:
        context["errors"] = {"number": ["编号和查询码对不上，请核对后再试。"]}
        return render(request, "portal/disclosure/follow.html", context, status=404)
    remember_case(request, row.id)
    return HttpResponseRedirect(page_of(row))


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """A request as its applicant sees it."""
    return _page(request, _owned(request, number, PROCESS), {}, {})


@require_POST
def act_on(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Supplement or withdraw one's request."""
    details = _owned(request, number, PROCESS)
    if action not in _OWNER_ACTIONS:
        raise CaseNotFound()
    check_rate(request, "submit")
    given = {"text": request.POST.get("text", ""), "reason": request.POST.get("reason", "")}
    try:
        _act(request, details, action, given)
    except FieldErrors as error:
        return _page(request, details, given, error.fields, status=422)
    except ZhichengError as error:
        return _page(request, details, given, {"text": [str(error)]}, status=error.kind.value)
    return HttpResponseRedirect(page_of(details.row))


@require_http_methods(["GET", "POST"])
def opinion(request: HttpRequest, number: str) -> HttpResponse:
    """The letter that asks a third party, and their answer."""
    details = _owned(request, number, CHILD)
    if request.method != "POST":
        return _letter(request, details, {}, {})
    check_rate(request, "submit")
    given = {"text": request.POST.get("text", ""), "opinion": request.POST.get("opinion", "")}
    try:
        _act(request, details, "answer", given)
    except FieldErrors as error:
        return _letter(request, details, given, error.fields, status=422)
    except ZhichengError as error:
        return _letter(request, details, given, {"text": [str(error)]}, status=error.kind.value)
    if details.row.parent is not None:
        end_if_answered(details.row.parent, now())
    return HttpResponseRedirect(page_of(details.row))


def _act(request: HttpRequest, details: CaseDetails, action: str, given: Mapping[str, Any]) -> None:
    at, actor = now(), request_actor(request)
    sent = request.POST.get("idempotency_key", "")
    key = idempotency_key(f"owner:{details.row.id}:{action}", sent, dict(given)) if sent else None
    files = read_files(request, "photos", 6, at) if action != "withdraw" else []
    photos = [str(add_draft_attachment(file, actor=actor, now=at)) for file in files]
    act(ActCommand(details.row.id, action, {**given, "photos": photos}, proofs=_PROOF, key=key), actor, at)


def _owned(request: HttpRequest, number: str, process: str) -> CaseDetails:
    """The case, when it is the asker's own or this browser has proven that it may follow it.

    Raises:
        CaseNotFound: neither, or a case of another kind.
    """
    found = _proven(request, number.strip().upper()[:40])
    if found.row.process != process:
        raise CaseNotFound()
    return found


def _proven(request: HttpRequest, wanted: str) -> CaseDetails:
    actor = request_actor(request)
    if actor.party_id is not None:
        try:
            return get_case(actor, wanted, Purpose.OWN)
        except CaseNotFound:
            pass
    followed = list_numbers(followed_cases(request))
    found = next((case_id for case_id, number in followed.items() if number == wanted), None)
    if found is None:
        raise CaseNotFound()
    return get_case_as_requester(found)


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
        "events": applicant_events(details),
        "asked": _asked(details) if "supplement" in offered else "",
        "base": page_of(row),
        "may_withdraw": "withdraw" in offered,
        "values": values,
        "errors": errors,
    }
    return render(request, "portal/disclosure/detail.html", context, status=status)


def applicant_events(details: CaseDetails) -> list[dict[str, Any]]:
    """The history; who asks is an applicant here."""
    return [
        {**event, "actor": "申请人"} if event["actor"] == "诉求人" else event
        for event in timeline(details, names=False)
    ]


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
