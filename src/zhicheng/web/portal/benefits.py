"""Benefits that nobody has to ask for: what I get and why, what I do not get and why not, what is wrong about me."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.benefits.errors import IdentityNeeded
from zhicheng.apps.benefits.public import (
    confirm_entitlement,
    correct_fact,
    get_benefit,
    get_my_entitlement,
    list_about_me,
    list_benefits,
    list_my_entitlements,
    period_words,
    why_granted,
    why_me,
    yuan,
)
from zhicheng.apps.benefits.values import Benefit, CorrectFact, Entitlement, Told
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import CaseDetails, Purpose, list_cases, process_of
from zhicheng.core.cases.values import CaseFilter
from zhicheng.core.lake.public import get_entity
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.owning import OwnerAct, act_as_owner, owned_case
from zhicheng.web.shared.presenting import open_clocks, tag_view, timeline, unit_name
from zhicheng.web.shared.signin import needs_account

PROCESSES = frozenset({"benefit_correction", "benefit_reclaim"})
OWNER_ACTIONS = frozenset({"object", "withdraw"})
_ANSWERS = {
    "yes": ("符合条件", "success"),
    "no": ("不符合条件", ""),
    "unknown": ("情况不明，待核实", "warning"),
    "failed": ("没有算成，已转人工", "danger"),
}
CONTEST = "对结果有异议，可以先提出更正，由工作人员核对；也可以自知道之日起 60 日内依法申请行政复议。"


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every benefit, for everybody to read."""
    context = {
        "section": "services",
        "people": [_card(each) for each in list_benefits(audience="person")],
        "companies": [_card(each) for each in list_benefits(audience="company")],
    }
    return render(request, "portal/benefits/catalogue.html", context)


@never_cache
@require_GET
@needs_account
def mine(request: HttpRequest) -> HttpResponse:
    """What I get, and what the rules say about me today."""
    actor, at = request_actor(request), now()
    context: dict[str, Any] = {"section": "mine", "narrow": True, "unknown_me": ""}
    try:
        granted = list_my_entitlements(actor)
        told = list_about_me(actor, now=at)
    except IdentityNeeded as error:
        return render(request, "portal/benefits/mine.html", {**context, "unknown_me": str(error)})
    page = list_cases(actor, CaseFilter(processes=PROCESSES, order="newest"), purpose=Purpose.OWN, limit=20)
    context |= {
        "granted": [_line(each) for each in granted],
        "told": [_answer(each) for each in told if each.outcome in {"yes", "unknown"}],
        "others": [_answer(each) for each in told if each.outcome not in {"yes", "unknown"}],
        "cases": [
            {
                "title": row.title,
                "url": f"/my/benefits/cases/{row.number}/",
                "tag": tag_view(row, process_of(row.definition), at, public=True),
            }
            for row in page.rows
        ],
    }
    return render(request, "portal/benefits/mine.html", context)


@never_cache
@require_GET
@needs_account
def entitlement(request: HttpRequest, number: int) -> HttpResponse:
    """One amount of mine: how it was decided, where it is."""
    actor = request_actor(request)
    found = get_my_entitlement(actor, number)
    context = {
        "section": "mine",
        "narrow": True,
        "line": _line(found),
        "payments": found.payments,
        "told": _answer(why_granted(actor, number)),
        "contest": CONTEST,
        "can_confirm": found.needs_confirm and found.confirmed_at is None and found.stopped_at is None,
    }
    return render(request, "portal/benefits/entitlement.html", context)


@require_POST
@needs_account
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm what I get; once more changes nothing."""
    confirm_entitlement(number, actor=request_actor(request), now=now())
    messages.success(request, "已确认，下一批发放到您的社会保障卡账户。")
    return HttpResponseRedirect(f"/my/benefits/{number}/")


@never_cache
@require_GET
@needs_account
def benefit(request: HttpRequest, code: str) -> HttpResponse:
    """Why I get a benefit, or why not; and what may be wrong about me."""
    return _benefit_page(request, get_benefit(code), {}, {})


@require_POST
@needs_account
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Say that a fact is wrong: a case for the department."""
    check_rate(request, "submit")
    found, actor = get_benefit(code), request_actor(request)
    given = {name: request.POST.get(name, "").strip() for name in ("fact", "claim", "doorstep")}
    command = CorrectFact(found.code, given["fact"], given["claim"], given["doorstep"] == "yes")
    key = request.POST.get("idempotency_key", "")
    wanted = idempotency_key(f"benefit:{actor.ref}:{code}", key, given) if key else None
    try:
        opened = correct_fact(command, actor=actor, now=now(), key=wanted)
    except FieldErrors as error:
        return _benefit_page(request, found, given, error.fields, status=422)
    return HttpResponseRedirect(f"/my/benefits/cases/{opened.number}/")


@never_cache
@require_GET
@needs_account
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A correction or a refund of mine."""
    return _case_page(request, owned_case(request, number, PROCESSES), {}, {})


@require_POST
@needs_account
def act_on(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Object to a refund, or withdraw a correction."""
    details = owned_case(request, number, PROCESSES)
    if action not in OWNER_ACTIONS:
        raise CaseNotFound()
    given = {"text": request.POST.get("text", "").strip()}
    refusal = act_as_owner(request, details, OwnerAct(action, given))
    if refusal is not None:
        return _case_page(request, details, given, refusal.errors, status=refusal.status)
    return HttpResponseRedirect(f"/my/benefits/cases/{details.row.number}/")


def _benefit_page(
    request: HttpRequest, found: Benefit, values: Mapping[str, str], errors: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    actor = request_actor(request)
    context: dict[str, Any] = {
        "section": "services",
        "narrow": True,
        "benefit": _card(found),
        "doorstep": found.doorstep,
        "contest": CONTEST,
        "values": values,
        "errors": errors,
        "idempotency_key": uuid4().hex,
        "unknown_me": "",
    }
    try:
        context["told"] = _answer(why_me(actor, found.code, now=now()))
        context["options"] = {"fact": _facts(found), "doorstep": (("yes", "请工作人员上门核对"),)}
    except IdentityNeeded as error:
        context["unknown_me"] = str(error)
    return render(request, "portal/benefits/benefit.html", context, status=status)


def _facts(found: Benefit) -> list[tuple[str, str]]:
    entity = get_entity(found.audience)
    return [(column.code, column.label) for column in entity.columns if column.code != entity.key]


def _case_page(
    request: HttpRequest,
    details: CaseDetails,
    values: Mapping[str, str],
    errors: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    at, row = now(), details.row
    offered = {action.code for action in details.actions} & OWNER_ACTIONS
    url = f"/my/benefits/cases/{row.number}"
    context = {
        "section": "mine",
        "narrow": True,
        "case": {"number": row.number, "title": row.title, "at": row.opened_at, "unit": unit_name(row.unit)},
        "task": row.facts.get("task", "") if row.process == "benefit_reclaim" else "",
        "tag": tag_view(row, details.process, at, public=True),
        "status_words": details.public_state,
        "clocks": open_clocks(details, at),
        "events": timeline(details, names=False),
        "object_url": f"{url}/object/" if "object" in offered else "",
        "withdraw_url": f"{url}/withdraw/" if "withdraw" in offered else "",
        "values": values,
        "errors": errors,
        "idempotency_key": uuid4().hex,
    }
    return render(request, "portal/benefits/case.html", context, status=status)


def _card(each: Benefit) -> dict[str, str]:
    return {
        "code": each.code,
        "label": each.label,
        "summary": each.summary,
        "period": each.period_label,
        "per": "按户" if each.per == "household" else "",
        "source": each.legal_source,
        "url": f"/benefits/{each.code}/",
    }


def _line(each: Entitlement) -> dict[str, Any]:
    tone = "danger" if each.stopped_at else ("success" if each.state_words == "已到账" else "")
    return {
        "label": each.label,
        "period": period_words(each.period),
        "amount": yuan(each.amount_cents),
        "tag": {"label": each.state_words, "tone": tone, "icon": ""},
        "url": f"/my/benefits/{each.id}/",
        "benefit_url": f"/benefits/{each.benefit}/",
    }


def _answer(told: Told) -> dict[str, Any]:
    label, tone = _ANSWERS.get(told.outcome, ("", ""))
    return {
        "label": told.benefit.label,
        "url": f"/benefits/{told.benefit.code}/",
        "tag": {"label": label, "tone": tone, "icon": ""},
        "amount": yuan(told.amount_cents) if told.amount_cents is not None else "",
        "lines": told.lines,
        "rules": told.rules,
        "on": told.on,
        "version": told.table_version,
        "excluded": told.excluded_by,
    }
