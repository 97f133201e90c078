"""Asking for government information: what it is, the form, the receipt. No account and no script needed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from zhicheng.apps.disclosure.public import (
    LONGEST_DESCRIPTION,
    MOST_FILES,
    PROCESS,
    check_request,
    get_terms,
    list_answering_units,
    submit_request,
)
from zhicheng.apps.disclosure.values import APPLICANTS, DELIVERIES, SUPPLIES, DisclosureDraft, SubmittedDisclosure
from zhicheng.core.cases.public import Purpose, get_case_as_requester, list_cases, process_of
from zhicheng.core.cases.values import CaseFilter, CaseRow
from zhicheng.core.ledger.errors import IdempotencyKeyReused
from zhicheng.core.ledger.public import idempotency_key, recall
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.parties.errors import (
    CodeNotSent,
    CodeTooSoon,
    CodeWrong,
    InvalidIdentifier,
    TooManyAttempts,
    TooManyCodes,
)
from zhicheng.core.parties.public import check_sms_code, get_unit_tree, request_actor, request_sms_code
from zhicheng.core.parties.values import ActorKind, Unit
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.files import read_files
from zhicheng.web.shared.following import page_of, remember_case
from zhicheng.web.shared.presenting import due_view, open_clocks, tag_view, unit_name
from zhicheng.web.signin.session import address_of

_TEXTS = ("title", "description", "document_number", "name", "id_number", "phone", "email", "address", "unit")
_CHOSEN = {"applicant": "person", "supply": "electronic", "delivery": "online"}
_FAR = {"government": "区政府和市政府", "department": "部门", "street_office": "街道办事处", "center": "中心"}
_SENT_BEFORE = "这张表单刚才已经提交过一件申请。如果这是另一件，请再按一次提交。"
Errors = Mapping[str, list[str]]


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """What can be asked for, how long it takes, what may be answered; my requests when I am signed in."""
    terms, actor, at = get_terms(), request_actor(request), now()
    mine: list[dict[str, Any]] = []
    if actor.party_id is not None:
        wanted = CaseFilter(process=PROCESS, order="newest")
        mine = [thing(row, at) for row in list_cases(actor, wanted, purpose=Purpose.OWN, limit=20).rows]
    context = {
        "section": "services",
        "narrow": True,
        "mine": mine,
        "decisions": list(terms.decisions.values()),
        "grounds": list(terms.grounds.values()),
        "remedies": list(terms.remedies.values()),
        "regulation": terms.regulation,
    }
    return render(request, "portal/disclosure/front.html", context)


@sensitive_post_parameters("id_number", "phone", "code", "name", "address", "email")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form. One of its buttons sends a code to the telephone, the other sends the request."""
    get_terms()
    if request.method != "POST":
        return _form(request, {**_CHOSEN, "unit": request.GET.get("unit", "")[:40]}, {})
    values = _values(request)
    if request.POST.get("act") == "code":
        return _send_code(request, values)
    check_rate(request, "submit")
    try:
        return _submit(request, values)
    except FieldErrors as error:
        return _form(request, values, error.fields, status=422)
    except IdempotencyKeyReused:
        return _form(request, {**values, "idempotency_key": ""}, {"title": [_SENT_BEFORE]}, status=422)


@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """The receipt. It can be opened again in the same browser; the code is shown nowhere else."""
    receipt = request.session.get("disclosure_receipt")
    if not receipt:
        return HttpResponseRedirect("/disclosure/follow/")
    details = get_case_as_requester(UUID(receipt["case"]))
    context = {
        "section": "services",
        "narrow": True,
        "receipt": receipt,
        "unit": unit_name(details.row.unit),
        "url": page_of(details.row),
        "clocks": open_clocks(details, now()),
    }
    return render(request, "portal/disclosure/sent.html", context)


def thing(row: CaseRow, at: datetime) -> dict[str, Any]:
    """One of my requests, for portal/thing.html."""
    process = process_of(row.definition)
    needs_me = row.state == "supplementing"
    url = page_of(row)
    return {
        "number": row.number,
        "title": row.title,
        "url": url,
        "tag": tag_view(row, process, at, public=True),
        "at": row.opened_at,
        "clock": None,
        "chip": due_view(row, at),
        "next": f"{unit_name(row.unit)}：{process.states[row.state].public}。",
        "needs_me": needs_me,
        "action": {"label": "去补正", "url": f"{url}#supplement"} if needs_me else None,
    }


def unit_options(first: str) -> list[dict[str, Any]]:
    """Agencies that take requests, in groups for components/controls/picker.html."""
    tree, city = get_unit_tree(), set(get_unit_tree().children(None))
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for unit in list_answering_units():
        near = unit.parent is None or unit.parent in city
        label = f"市级{_FAR[unit.kind]}" if near and unit.kind == "department" else _group(unit, tree.get)
        groups.setdefault(label, []).append((unit.code, unit.name, ""))
    named = [{"label": label, "options": options} for label, options in groups.items()]
    return [{"label": "", "options": [("", first, "")]}, *named]


def _group(unit: Unit, get: Any) -> str:
    if unit.kind == "government" or unit.parent is None:
        return _FAR[unit.kind]
    return f"{get(unit.parent).name}·{_FAR[unit.kind]}"


def _values(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    texts = {name: post.get(name, "") for name in _TEXTS}
    chosen = {name: post.get(name, "") for name in _CHOSEN}
    return {**texts, **chosen, "code": "", "idempotency_key": post.get("idempotency_key", "") or uuid4().hex}


def _send_code(request: HttpRequest, values: dict[str, Any]) -> HttpResponse:
    """Send a code and show the form again with everything that was typed."""
    check_rate(request, "signin")
    try:
        request_sms_code(values["phone"][:40], address=address_of(request), now=now())
    except CodeTooSoon as error:
        return _form(request, values, {}, notice=str(error))
    except (InvalidIdentifier, TooManyCodes, TooManyAttempts, CodeNotSent) as error:
        return _form(request, values, {"phone": [str(error)]}, status=error.kind.value)
    return _form(request, values, {}, notice="验证码已经发到您的手机，五分钟内有效。选过的附件请重新选择。")


def _submit(request: HttpRequest, values: Mapping[str, Any]) -> HttpResponse:
    actor, at = request_actor(request), now()
    given = {name: values[name] for name in (*_TEXTS, *_CHOSEN)}
    code = request.POST.get("code", "").strip()[:20]
    draft = DisclosureDraft(**given, phone_verified=bool(code))
    key = idempotency_key(f"disclosure:{actor.ref}", values["idempotency_key"], given)
    if not _was_sent(key, at):
        check_request(draft, actor=actor, now=at)
        if actor.kind is not ActorKind.RESIDENT:
            _check_code(draft.phone, code, at)
    draft = replace(draft, files=tuple(read_files(request, "files", MOST_FILES, at)))
    done = submit_request(draft, actor=actor, now=at, key=key)
    request.session["disclosure_receipt"] = _receipt(done, with_code=actor.kind is not ActorKind.RESIDENT)
    remember_case(request, done.case_id)
    return HttpResponseRedirect("/disclosure/sent/")


def _was_sent(key: IdempotencyKey, at: datetime) -> bool:
    """Whether this very form came before: its code is used up, and its receipt is shown again."""
    return recall(key, now=at) is not None


def _check_code(phone: str, code: str, at: datetime) -> None:
    try:
        check_sms_code(phone, code, now=at)
    except (CodeWrong, InvalidIdentifier) as error:
        raise FieldErrors({"code": [str(error)]}) from error


def _receipt(done: SubmittedDisclosure, *, with_code: bool) -> dict[str, Any]:
    return {
        "case": done.case_id.hex,
        "number": done.number,
        "code": done.follow_code if with_code else "",
        "chosen": done.chosen,
    }


def _form(
    request: HttpRequest, values: Mapping[str, Any], errors: Errors, *, notice: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "section": "services",
        "narrow": True,
        "values": values,
        "errors": errors,
        "notice": notice,
        "idempotency_key": values.get("idempotency_key") or uuid4().hex,
        "needs_phone": request_actor(request).kind is not ActorKind.RESIDENT,
        "applicants": list(APPLICANTS.items()),
        "supplies": list(SUPPLIES.items()),
        "deliveries": list(DELIVERIES.items()),
        "units": unit_options("不确定，请根据内容帮我找"),
        "text_limit": LONGEST_DESCRIPTION,
        "most_files": MOST_FILES,
    }
    return render(request, "portal/disclosure/new.html", context, status=status)
