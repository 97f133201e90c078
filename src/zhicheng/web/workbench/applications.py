"""What the case page shows of an application: the verdict, what needs a look, the form, the materials, precedents."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from zhicheng.apps.services.errors import ApplicationNotFound
from zhicheng.apps.services.public import get_application, get_catalogue, list_alike_decisions, plan_licence
from zhicheng.apps.services.values import ApplicationInfo, PlannedLine
from zhicheng.core.cases.public import CaseDetails, get_case, get_row, process_of
from zhicheng.core.forms.public import get_submission, list_documents, read_document_of, show_values
from zhicheng.core.forms.values import Document, HeldMaterial
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.web.shared.deciding import why_views
from zhicheng.web.shared.form_materials import document_response
from zhicheng.web.shared.presenting import tag_view, unit_name
from zhicheng.web.shared.signin import NotForYou, needs_official

_WORKING = frozenset({"cases.handle", "cases.supervise", "child_handler", "parent_handler"})
_APPROVE, _LINE = "approve", "line_"
_CONTROLS, _FEW = {"date": "date", "choice": "radio"}, 5
_STATES = {"read": "have", "waiting": "checking", "unreadable": "error", "none": "have"}
_STATE_WORDS = {"read": "已读取", "waiting": "正在读取", "unreadable": "读不出来，请人工查看", "none": "已上传"}


def application_view(details: CaseDetails) -> dict[str, Any] | None:
    """The panels of an application; None for any other case."""
    try:
        info = get_application(details.row.id)
    except ApplicationNotFound:
        return None
    submission = get_submission(info.submission)
    item = get_catalogue().items.get(info.item)
    return {
        "why": why_views(info, for_official=True),
        "problems": list(info.decision.problems) if info.decision else [],
        "outcome": info.decision.outcome if info.decision else "",
        "answers": show_values(submission, mask=True),
        "slots": [
            *_documents(details, list_documents(submission=submission.id)),
            *map(_held, submission.held.values()),
        ],
        "alike": _alike(info),
        "conditions": list(item.conditions) if item else [],
        "basis": [f"《{each.title}》{each.clause}" for each in item.legal_basis] if item else [],
        "licence": item.result if item and item.licence else "",
    }


def with_licence(actions: list[dict[str, Any]], details: CaseDetails) -> list[dict[str, Any]]:
    """The actions of a case; to the approval belongs the licence that it issues, with what is left to fill in."""
    if not any(action["code"] == _APPROVE for action in actions):
        return actions
    plan = plan_licence(details.row, now=now())
    if plan is None:
        return actions
    fields = [_line(each) for each in plan.lines if each.is_open]
    return [
        {**action, "licence": plan, "fields": [*fields, *action["fields"]]} if action["code"] == _APPROVE else action
        for action in actions
    ]


def read_licence_lines(request: HttpRequest) -> dict[str, str]:
    """What an officer typed into the lines of the licence: checked where the approval is carried out."""
    return {name: str(value) for name, value in request.POST.items() if name.startswith(_LINE)}


@require_GET
@needs_official()
def document(request: HttpRequest, number: str, document_id: UUID) -> HttpResponse:
    """A material of an application, for those who work on it; who only reads cases sees that there is one."""
    details = get_case(request_actor(request), number[:40])
    info = get_application(details.row.id)
    if not _works_on(details):
        raise NotForYou()
    return document_response(*read_document_of(info.submission, document_id))


def _line(each: PlannedLine) -> dict[str, Any]:
    hints = (each.help, f"单位：{each.unit}" if each.unit else "")
    is_long = len(each.choices) > _FEW
    choices = [("", "请选择"), *zip(each.choices, each.choices, strict=True)]
    return {
        "kind": "select" if is_long else _CONTROLS.get(each.type, "text"),
        "name": each.input,
        "label": each.label,
        "required": each.required,
        "hint": "；".join(hint for hint in hints if hint),
        "options": choices if is_long else choices[1:],
        "limit": None,
        "min": "",
        "max": "",
        "source": "",
        "whole_url": "",
    }


def _works_on(details: CaseDetails) -> bool:
    """Materials are personal data unmasked: not for leaders, who only read."""
    return bool(details.held & _WORKING)


def _documents(details: CaseDetails, documents: list[Document]) -> list[dict[str, str]]:
    materials, may_open = get_catalogue().materials, _works_on(details)
    return [
        {
            "label": materials[each.material].label if each.material in materials else each.material,
            "state": _STATES.get(each.state, "have"),
            "words": _STATE_WORDS.get(each.state, ""),
            "source": each.name,
            "url": f"/workbench/cases/{details.row.number}/documents/{each.id}/" if may_open else "",
        }
        for each in documents
    ]


def _held(held: HeldMaterial) -> dict[str, str]:
    return {"label": held.label, "state": "have", "words": "政府已有", "source": held.source, "url": ""}


def _alike(info: ApplicationInfo) -> list[dict[str, Any]]:
    """How the same item was decided lately: numbers, units and outcomes, no personal data."""
    found = []
    for case_id in list_alike_decisions(info.item, besides=info.case_id) if info.item else []:
        row = get_row(case_id)
        found.append(
            {"number": row.number, "unit": unit_name(row.unit), "tag": tag_view(row, process_of(row.definition), now())}
        )
    return found
