"""Applying for a service: begin or go on, fill in, check, submit. The form's own pages are shared with other apps."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from zhicheng.apps.services.public import (
    asked_of,
    check_applicant,
    decide_application,
    department_name,
    get_catalogue,
    needs_of,
    start_application,
    submit_application,
)
from zhicheng.apps.services.values import SubmitApplication
from zhicheng.core.cases.public import list_children
from zhicheng.core.forms.errors import DraftChanged
from zhicheng.core.forms.public import delete_draft, get_draft, list_drafts
from zhicheng.core.forms.values import Draft
from zhicheng.core.parties.public import is_proven, request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.portal.preparing import first_page
from zhicheng.web.shared.form_pages import FormPaths, fill_section, request_owner, review_sections
from zhicheng.web.shared.form_posting import posted_version
from zhicheng.web.shared.signin import needs_account

_KINDS = {"items": "item", "themes": "theme"}


@require_http_methods(["GET", "POST"])
@needs_account
def begin(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Go on with a draft, or begin a new one."""
    if kind not in _KINDS:
        raise Http404()
    at, owner = now(), request_owner(request)
    catalogue, subject = get_catalogue(), f"{_KINDS[kind]}:{code}"
    items, label = asked_of(subject, catalogue)
    check_applicant(subject, catalogue, request_actor(request))
    if request.method == "POST":
        check_rate(request, "submit")
        draft = start_application(_KINDS[kind], code, owner=owner, now=at)
        return HttpResponseRedirect(f"/apply/{draft.id}/")
    drafts = list_drafts(owner, now=at, subject=subject)
    context = {
        "section": "services",
        "narrow": True,
        "label": label,
        "back_url": f"/services/{kind}/{code}/",
        "items": [{"label": item.label, "department": department_name(item.department)} for item in items],
        "drafts": drafts,
        "needs": [_need(need.material, need.required, need.note) for need in needs_of(items, get_catalogue())],
    }
    return render(request, "portal/services/begin.html", context)


@require_http_methods(["GET"])
@needs_account
def go_on(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The next thing to do on a draft: fetch what is known, or the first page."""
    draft = _draft(request, draft_id)
    return HttpResponseRedirect(first_page(draft) if draft.values else f"/apply/{draft.id}/prefill/")


@require_http_methods(["GET", "POST"])
@needs_account
def fill(request: HttpRequest, draft_id: UUID, section: str) -> HttpResponse:
    """One page of the form."""
    draft = _draft(request, draft_id)
    return fill_section(request, draft, section, paths_of(draft))


@require_http_methods(["GET", "POST"])
@needs_account
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Everything on one page, which items of a theme, and the button that submits."""
    draft = _draft(request, draft_id)
    if request.method != "POST":
        return _check_page(request, draft, {})
    check_rate(request, "submit")
    at, actor = now(), request_actor(request)
    command = SubmitApplication(draft.id, posted_version(request.POST), request_owner(request), _chosen(request, draft))
    try:
        applied = submit_application(command, actor=actor, now=at)
    except FieldErrors as error:
        return _check_page(request, draft, error.fields, status=422)
    except DraftChanged as error:
        return _check_page(request, _draft(request, draft_id), {"": [str(error)]}, status=409)
    _decide_now(applied.case_id, at)
    return HttpResponseRedirect(f"/my/services/{applied.number}/")


def _decide_now(case_id: UUID, at: datetime) -> None:
    """Decide what rules can decide while the applicant waits: each round may let items start that waited.

    What is left, such as an application whose documents are still being read, is the worker's.
    """
    cases = [case_id, *(child.id for child in list_children(case_id))]
    while sum(bool(decide_application(case, at)) for case in cases):
        pass


@require_POST
@needs_account
def give_up(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    delete_draft(draft_id, owner=request_owner(request))
    return HttpResponseRedirect("/my/services/")


def paths_of(draft: Draft) -> FormPaths:
    """Where the pages of a draft lie."""
    return FormPaths(
        section=lambda code: f"/apply/{draft.id}/{code}/", after=f"/apply/{draft.id}/materials/", leave="/my/services/"
    )


def _draft(request: HttpRequest, draft_id: UUID) -> Draft:
    return get_draft(draft_id, owner=request_owner(request), now=now())


def _chosen(request: HttpRequest, draft: Draft) -> frozenset[str]:
    """Of a theme the items ticked; those that are not optional are always part of it."""
    kind, _, code = draft.subject.partition(":")
    if kind != "theme":
        return frozenset()
    steps = get_catalogue().theme(code).steps
    return frozenset(step.item for step in steps if not step.optional or step.item in request.POST.getlist("items"))


def _check_page(request: HttpRequest, draft: Draft, errors: Any, *, status: int = 200) -> HttpResponse:
    catalogue = get_catalogue()
    items, label = asked_of(draft.subject, catalogue)
    kind, _, code = draft.subject.partition(":")
    steps = catalogue.theme(code).steps if kind == "theme" else ()
    context = {
        "section": "services",
        "narrow": True,
        "draft": draft,
        "label": label,
        "pages": review_sections(draft, paths_of(draft)),
        "optional": [
            {"code": step.item, "label": catalogue.items[step.item].label, "when": step.when}
            for step in steps
            if step.optional
        ],
        "items": [{"label": item.label, "instant": bool(item.decide)} for item in items],
        "errors": errors,
        "prove_url": "" if is_proven(request_actor(request).party_id) else f"/account/identity/?next={request.path}",
        "back_url": f"/apply/{draft.id}/materials/",
    }
    return render(request, "portal/services/check.html", context, status=status)


def _need(code: str, required: bool, note: str) -> dict[str, Any]:
    material = get_catalogue().materials.get(code)
    return {
        "label": material.label if material else code,
        "held": bool(material and material.licence),
        "required": required,
        "note": note,
    }
