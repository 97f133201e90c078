"""Disclosure on request for officials: the yearly report, a request with its applicant, asking for opinions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from zhicheng.apps.disclosure.public import (
    PROCESS,
    answer_of,
    consult,
    get_request,
    get_terms,
    list_answering_units,
    list_late_answers,
    report_year,
)
from zhicheng.apps.disclosure.values import APPLICANTS, DELIVERIES, OPINIONS, SUPPLIES, Consultation, DisclosureInfo
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import CaseDetails, Purpose, get_case, get_row, list_cases, process_of
from zhicheng.core.cases.values import CaseFilter, CaseRow
from zhicheng.core.parties.public import get_masked_party, get_unit_tree, request_actor, reveal
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import CHINA, now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.shared.presenting import due_view, open_clocks, tag_view, unit_name
from zhicheng.web.shared.signin import NotForYou, needs_official
from zhicheng.web.workbench.choices import unit_groups
from zhicheng.web.workbench.frame import show

READERS = ("cases.handle", "cases.supervise", "cases.read_subtree")
PURPOSES = (("verify", "核对申请人身份"), ("deliver", "送达答复"), ("contact", "联系申请人"))
_FIELDS = {"name": "姓名或名称", "id_number": "证件号码", "phone": "电话", "email": "邮箱", "address": "地址"}
_CONSULTED = ("subject", "name", "phone", "address", "unit")
_OPEN = frozenset({"handling", "consulting"})
Errors = Mapping[str, list[str]]


@require_GET
@needs_official(*READERS)
def report(request: HttpRequest) -> HttpResponse:
    """The figures of a year in the form of the yearly report, with what is late."""
    actor, at = request_actor(request), now()
    this_year = at.astimezone(CHINA).year
    year = _year(request.GET.get("year", ""), this_year)
    figures = report_year(year, actor=actor)
    working, late = (
        CaseFilter(process=PROCESS, open_only=True),
        CaseFilter(process=PROCESS, open_only=True, due_before=at),
    )
    context = {
        "year": year,
        "years": range(this_year, this_year - 5, -1),
        "kinds": list(APPLICANTS.values()),
        "figures": figures,
        "in_hand": [_line(row, at) for row in list_cases(actor, working, purpose=Purpose.WORK, limit=50).rows],
        "running_late": [_line(row, at) for row in list_cases(actor, late, purpose=Purpose.WORK, limit=50).rows],
        "answered_late": [_line(get_row(case), at) for case in list_late_answers(year, actor=actor)],
    }
    return show(request, "workbench/disclosure/report.html", context)


@require_GET
@needs_official(*READERS)
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A request in full."""
    return _page(request, *_request(request, number))


@require_POST
@needs_official("cases.handle")
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask a third party or another agency for an opinion."""
    details, info = _request(request, number)
    given = {name: request.POST.get(name, "").strip()[:2000] for name in _CONSULTED}
    organisation = request.POST.get("kind", "") == "organisation"
    values = {**given, "kind": request.POST.get("kind", "")}
    try:
        command = Consultation(case_id=details.row.id, organisation=organisation, **given)
        opened = consult(command, actor=request_actor(request), now=now())
    except FieldErrors as error:
        return _page(request, details, info, values=values, errors=error.fields, status=422)
    except ZhichengError as error:
        return _page(request, details, info, values=values, errors={"subject": [str(error)]}, status=error.kind.value)
    messages.success(request, f"{opened.number}：已发出征求意见书，答复期限停止计算。")
    return HttpResponseRedirect(f"/workbench/disclosure/{details.row.number}/")


@require_POST
@needs_official("parties.reveal")
def reveal_applicant(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant in full, once, for a stated purpose; the ledger keeps who looked and why."""
    details, info = _request(request, number)
    actor = request_actor(request)
    if not _may_reveal(actor, details.row.unit):
        raise NotForYou()
    purpose = dict(PURPOSES).get(request.POST.get("purpose", ""))
    if purpose is None:
        return _page(request, details, info, errors={"purpose": ["请选择查看用途"]}, status=422)
    opened = reveal(info.party, _FIELDS, actor=actor, purpose=f"{purpose} {details.row.number}", now=now())
    return _page(request, details, info, revealed=opened)


def _request(request: HttpRequest, number: str) -> tuple[CaseDetails, DisclosureInfo]:
    """The request, for officials whom it concerns.

    Raises:
        CaseNotFound: there is none, or it does not concern the official.
    """
    details = get_case(request_actor(request), number[:40], Purpose.WORK)
    if details.row.process != PROCESS:
        raise CaseNotFound()
    return details, get_request(details.row.id)


def _page(  # noqa: PLR0913  # one page, many ways to arrive at it
    request: HttpRequest,
    details: CaseDetails,
    info: DisclosureInfo,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Errors | None = None,
    revealed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    at, row, actor = now(), details.row, request_actor(request)
    facts = row.facts
    context = {
        "case": row,
        "case_url": f"/workbench/cases/{row.number}/",
        "info": info,
        "tag": tag_view(row, details.process, at),
        "unit": unit_name(row.unit),
        "kind": APPLICANTS.get(info.applicant, ""),
        "supply": f"{SUPPLIES.get(info.supply, '')}，{DELIVERIES.get(info.delivery, '')}",
        "people": _applicant(info, revealed),
        "may_reveal": _may_reveal(actor, row.unit) and not revealed,
        "purposes": PURPOSES,
        "clocks": open_clocks(details, at),
        "answer": answer_of(get_terms(), str(facts.get("decision") or ""), str(facts.get("ground") or "")),
        "opinions": [_opinion(child, at) for child in details.children],
        "may_consult": row.state in _OPEN and "cases.handle" in details.held,
        "units": _units(row.unit),
        "values": values or {"kind": "person"},
        "errors": errors or {},
    }
    return show(request, "workbench/disclosure/request.html", context, status=status)


def _applicant(info: DisclosureInfo, revealed: Mapping[str, str] | None) -> list[tuple[str, str]]:
    masked = get_masked_party(info.party)
    shown = [(label, (revealed or {}).get(field) or getattr(masked, field)) for field, label in _FIELDS.items()]
    return [(label, text) for label, text in shown if text]


def _may_reveal(actor: Actor, unit: str) -> bool:
    tree = get_unit_tree()
    return any(tree.covers(grant, unit) for grant in actor.units_for("parties.reveal"))


def _opinion(row: CaseRow, at: datetime) -> dict[str, Any]:
    whom = get_masked_party(row.requester).name if row.requester else unit_name(row.unit)
    return {
        "number": row.number,
        "url": f"/workbench/cases/{row.number}/",
        "whom": whom or "第三方",
        "subject": row.facts.get("subject", ""),
        "opinion": OPINIONS.get(str(row.facts.get("opinion") or ""), ""),
        "tag": tag_view(row, process_of(row.definition), at),
        "clock": due_view(row, at),
    }


def _units(own: str) -> list[dict[str, Any]]:
    """Other agencies."""
    answering = {unit.code for unit in list_answering_units()}
    groups = unit_groups(own, "不是其他机关")
    kept = [
        {**group, "options": [each for each in group["options"] if not each[0] or each[0] in answering]}
        for group in groups
    ]
    return [group for group in kept if group["options"]]


def _line(row: CaseRow, at: datetime) -> dict[str, Any]:
    return {
        "number": row.number,
        "title": row.title,
        "url": f"/workbench/disclosure/{row.number}/",
        "unit": unit_name(row.unit),
        "tag": tag_view(row, process_of(row.definition), at),
        "clock": due_view(row, at),
    }


def _year(text: str, this_year: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and int(text) >= 2008 else this_year
