"""Runs of benefits: planned by one, compared with the last, approved by another, executed in the background."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.benefits.public import (
    approve_run,
    compare_run,
    get_run,
    list_benefits,
    list_reclaims,
    list_runs,
    period_words,
    plan_run,
    read_claim,
    yuan,
)
from zhicheng.apps.benefits.values import STAGE_LABELS, Compared, PlanRun, Run
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import get_case
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.parties.public import list_account_names, request_actor
from zhicheng.kit.clock import CHINA, now
from zhicheng.kit.errors import ZhichengError
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.forms import new_key
from zhicheng.web.workbench.frame import show
from zhicheng.web.workbench.once import once

RUN, APPROVE, PAY = "benefits.run", "benefits.approve", "benefits.pay"
_ANY = (RUN, APPROVE, PAY)
AUDIENCES = (("person", "个人和家庭"), ("company", "企业"))
_TONES = {"failed": "danger", "computed": "warning", "executing": "action", "finished": "success"}


@never_cache
@require_GET
@needs_official(*_ANY)
def runs(request: HttpRequest) -> HttpResponse:
    """Runs, newest first, and the form that plans one."""
    return _runs_page(request, {}, {})


@require_POST
@needs_official(RUN)
def plan(request: HttpRequest) -> HttpResponse:
    """Have a run computed: a dry run until somebody else approves it."""
    given = {name: request.POST.get(name, "").strip() for name in ("audience", "on")}
    chosen = tuple(sorted(request.POST.getlist("benefits")))
    errors: dict[str, list[str]] = {}
    day = _date(given["on"])
    if day is None:
        errors["on"] = ["请填写核对日期"]
    if given["audience"] not in dict(AUDIENCES):
        errors["audience"] = ["请选择发放对象"]
    if errors or day is None:
        return _runs_page(request, given, errors, status=422)
    wanted, actor = PlanRun(given["audience"], day, chosen), request_actor(request)
    body = {**given, "benefits": list(chosen)}
    try:
        stored = once(request, "benefits:plan", body, lambda: {"run": str(plan_run(wanted, actor=actor, now=now()).id)})
    except ZhichengError as error:
        return _runs_page(request, given, {"": [str(error)]}, status=error.kind.value)
    return HttpResponseRedirect(f"/workbench/benefits/runs/{stored['run']}/")


@never_cache
@require_GET
@needs_official(*_ANY)
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One run: counts and sums a benefit, gains and losses, how far it has come."""
    return _run_page(request, get_run(run_id), {})


@require_POST
@needs_official(APPROVE)
def approve(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Let it be executed."""
    actor = request_actor(request)
    try:
        once(
            request,
            "benefits:approve",
            {"run": str(run_id)},
            lambda: {"run": str(approve_run(run_id, actor=actor, now=now()).id)},
        )
    except ZhichengError as error:
        return _run_page(request, get_run(run_id), {"": [str(error)]}, status=error.kind.value)
    return HttpResponseRedirect(f"/workbench/benefits/runs/{run_id}/")


@never_cache
@require_GET
@needs_official(*_ANY)
def reclaims(request: HttpRequest) -> HttpResponse:
    """What is being reclaimed, with the state of each case."""
    rows = [
        {
            "label": each.label,
            "period": period_words(each.period),
            "amount": yuan(each.amount_cents),
            "reason": each.reason,
            "at": each.created_at,
            "number": each.case_number,
            "state": each.case_state,
        }
        for each in list_reclaims()
    ]
    return show(request, "workbench/benefits/reclaims.html", {"tabs": tabs(request), "rows": rows})


@never_cache
@require_GET
@needs_official("cases.handle", "cases.supervise")
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """What somebody said in a correction, for those whom the case concerns."""
    details = get_case(request_actor(request), number.strip().upper()[:40])
    if details.row.process != "benefit_correction":
        raise CaseNotFound()
    context = {
        "number": details.row.number,
        "title": details.row.title,
        "task": details.row.facts.get("task", ""),
        "claim": read_claim(details.row.id),
    }
    return show(request, "workbench/benefits/claim.html", context)


def claim_url(row: CaseRow) -> str:
    """Where a case's page leads to what the person said; empty for other cases."""
    return f"/workbench/benefits/corrections/{row.number}/" if row.process == "benefit_correction" else ""


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages of benefits that the official may open."""
    known = (
        ("测算和批准", "/workbench/benefits/", _ANY),
        ("支付和回盘", "/workbench/benefits/payments/", (PAY,)),
        ("退回", "/workbench/benefits/reclaims/", _ANY),
    )
    permissions = request_actor(request).permissions
    return [
        {"label": label, "url": url, "current": request.path == url}
        for label, url, needed in known
        if permissions & set(needed)
    ]


def _runs_page(request: HttpRequest, values: Any, errors: Any, *, status: int = 200) -> HttpResponse:
    today = now().astimezone(CHINA).date().isoformat()
    found = list_runs()
    names = _names(each.planned_by for each in found)
    context = {
        "tabs": tabs(request),
        "runs": [_row(each, names) for each in found],
        "can_plan": RUN in request_actor(request).permissions,
        "options": {"audience": AUDIENCES, "benefits": [(each.code, each.label) for each in list_benefits()]},
        "values": {"audience": "person", "on": today, **values},
        "errors": errors,
        "idempotency_key": new_key(),
    }
    return show(request, "workbench/benefits/runs.html", context, status=status)


def _run_page(request: HttpRequest, found: Run, errors: Any, *, status: int = 200) -> HttpResponse:
    actor = request_actor(request)
    names = _names((found.planned_by, found.approved_by))
    compared = compare_run(found.id)
    context = {
        "tabs": tabs(request),
        "run": _row(found, names),
        "approver": names.get(found.approved_by, ""),
        "rows": [_compared(each) for each in compared],
        "new_cents": yuan(sum(each.total.new_cents for each in compared)),
        "lost_cents": yuan(sum(each.total.lost_cents for each in compared)),
        "failed": sum(each.total.failed for each in compared),
        "can_approve": APPROVE in actor.permissions and found.stage == "computed",
        "is_mine": found.planned_by == actor.ref,
        "errors": errors,
        "idempotency_key": new_key(),
    }
    return show(request, "workbench/benefits/run.html", context, status=status)


def _row(each: Run, names: dict[str, str]) -> dict[str, Any]:
    percent = round(100 * each.chunks_done / each.chunks) if each.chunks else 0
    return {
        "id": each.id,
        "url": f"/workbench/benefits/runs/{each.id}/",
        "audience": dict(AUDIENCES).get(each.audience, each.audience),
        "on": each.on,
        "count": len(each.benefits),
        "planned_at": each.planned_at,
        "planner": names.get(each.planned_by, "系统"),
        "approved_at": each.approved_at,
        "tag": {"label": STAGE_LABELS[each.stage], "tone": _TONES.get(each.stage, ""), "icon": ""},
        "stage": each.stage,
        "failure": each.failure,
        "people": each.people,
        "granted": each.granted,
        "told": each.told,
        "percent": percent,
        "hash": each.result_hash,
        "table": each.table_version,
        "rulebook": each.rulebook,
        "result_table": each.result_table,
    }


def _compared(each: Compared) -> dict[str, Any]:
    total = each.total
    return {
        "label": each.benefit.label,
        "entitled": total.entitled,
        "entitled_sum": yuan(total.entitled_cents),
        "new": total.new,
        "new_sum": yuan(total.new_cents),
        "already": total.already,
        "excluded": total.excluded,
        "household": total.household,
        "lost": total.lost,
        "lost_sum": yuan(total.lost_cents),
        "unknown": total.unknown,
        "failed": total.failed,
        "gain": f"{each.gain:+d}" if each.before else "首次",
    }


def _names(refs: Iterable[str]) -> dict[str, str]:
    """Display names by reference."""
    accounts = {ref: UUID(ref.removeprefix("account:")) for ref in refs if ref.startswith("account:")}
    found = list_account_names(accounts.values())
    return {ref: found[account] for ref, account in accounts.items() if account in found}


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
