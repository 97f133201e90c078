"""Before and after the form's pages: fetching with consent what the city knows, and the materials."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from zhicheng.apps.services.public import asked_of, get_catalogue, needs_of
from zhicheng.core.forms.errors import DraftChanged
from zhicheng.core.forms.public import (
    add_document,
    agree_to_source,
    choose_held,
    drop_held,
    fill_from_documents,
    get_document,
    get_draft,
    list_offered_sources,
    material_slots,
    prefill_draft,
    remove_document,
    visible_sections,
)
from zhicheng.core.forms.values import Draft, NewDocument, PrefillAsk, Slot
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.documents import document_response
from zhicheng.web.shared.form_pages import request_owner
from zhicheng.web.shared.signin import needs_account

_STATES = {"have": "have", "waiting": "checking", "missing": "missing", "optional": "missing", "error": "error"}


@require_http_methods(["GET", "POST"])
@needs_account
def prefill(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Which registers may be asked, each with a consent of its own; none is needed to go on."""
    draft = _draft(request, draft_id)
    actor, at = request_actor(request), now()
    offered = list_offered_sources(draft, actor.party_id)
    if not offered:
        return HttpResponseRedirect(first_page(draft))
    if request.method != "POST":
        return _prefill_page(request, draft, offered, ())
    check_rate(request, "submit")
    agreed = tuple(one.code for one in offered if one.code in request.POST.getlist("sources"))
    for code in agreed:
        agree_to_source(draft, code, actor=actor, now=at)
    report = prefill_draft(PrefillAsk(draft.id, draft.version, agreed, actor), owner=request_owner(request), now=at)
    failures = [answer for answer in report.answers if answer.failure]
    if failures:
        return _prefill_page(request, report.draft, offered, failures)
    return HttpResponseRedirect(first_page(report.draft))


@require_http_methods(["GET", "POST"])
@needs_account
def materials(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The materials: reuse, upload, remove; what was read fills what is still empty."""
    draft = _draft(request, draft_id)
    if request.method != "POST":
        return _materials_page(request, draft, {})
    check_rate(request, "submit")
    if "_next" in request.POST:
        fill_from_documents(draft.id, draft.version, owner=request_owner(request), now=now())
        return HttpResponseRedirect(f"/apply/{draft.id}/check/")
    try:
        _change(request, draft)
    except DraftChanged as error:
        return _materials_page(request, _draft(request, draft_id), {"": [str(error)]}, status=409)
    except ZhichengError as error:
        field = f"file.{request.POST.get('material', '')}"
        return _materials_page(request, draft, {field: [str(error)]}, status=error.kind.value)
    return HttpResponseRedirect(f"/apply/{draft.id}/materials/")


@require_GET
@needs_account
def document(request: HttpRequest, document_id: UUID) -> FileResponse:
    """One of my own uploads."""
    return document_response(*get_document(document_id, owner=request_owner(request)))


def first_page(draft: Draft) -> str:
    """Where filling in begins."""
    return f"/apply/{draft.id}/{visible_sections(draft.form, draft.values)[0].code}/"


def _draft(request: HttpRequest, draft_id: UUID) -> Draft:
    return get_draft(draft_id, owner=request_owner(request), now=now())


def _change(request: HttpRequest, draft: Draft) -> None:
    """Carry out the button that was pressed."""
    owner, at, post = request_owner(request), now(), request.POST
    held = (draft.id, draft.version)
    if "_use" in post:
        provider, _, ref = post["_use"].partition(":")
        choose_held((post.get("material", ""), provider, ref), draft=held, owner=owner, now=at)
    elif "_drop" in post:
        drop_held(post["_drop"], draft=held, owner=owner, now=at)
    elif "_remove" in post:
        remove_document(UUID(post["_remove"]), owner=owner)
    else:
        for file in request.FILES.getlist("file"):
            new = NewDocument(draft.id, post.get("material", ""), file.name or "", file.read())
            add_document(new, owner=owner, now=at)


def _prefill_page(request: HttpRequest, draft: Draft, offered: Any, failures: Any) -> HttpResponse:
    context = {
        "section": "services",
        "narrow": True,
        "label": draft.form.label,
        "offered": offered,
        "failures": failures,
        "next_url": first_page(draft),
    }
    return render(request, "portal/services/prefill.html", context)


def _materials_page(request: HttpRequest, draft: Draft, errors: Any, *, status: int = 200) -> HttpResponse:
    items, label = asked_of(draft.subject, get_catalogue())
    slots = material_slots(
        draft, party=request_actor(request).party_id, now=now(), needs=needs_of(items, get_catalogue())
    )
    context = {
        "section": "services",
        "narrow": True,
        "label": label,
        "slots": [_slot(slot, errors) for slot in slots],
        "waiting": any(slot.state == "waiting" for slot in slots),
        "errors": errors,
        "back_url": first_page(draft),
    }
    return render(request, "portal/services/materials.html", context, status=status)


def _slot(slot: Slot, errors: Any) -> dict[str, Any]:
    code = slot.type.code
    return {
        "code": code,
        "label": slot.type.label,
        "state": _STATES.get(slot.state, "missing"),
        "required": slot.need.required,
        "words": slot.words,
        "note": slot.type.note,
        "documents": [{"id": one.id, "name": one.name, "url": f"/apply/documents/{one.id}/"} for one in slot.documents],
        "chosen": slot.chosen,
        "offered": [
            {"label": one.label, "source": one.source, "value": f"{one.provider}:{one.ref}"} for one in slot.offered
        ]
        if slot.chosen is None
        else [],
        "errors": errors.get(f"file.{code}", ()),
    }
