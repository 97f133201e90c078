"""The page of materials: have it, reuse it, or upload it. One ordinary form, no script needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from zhicheng.core.forms.errors import DraftChanged
from zhicheng.core.forms.public import (
    add_document,
    choose_held,
    drop_held,
    fill_from_documents,
    find_contradictions,
    get_document,
    get_draft,
    material_slots,
    remove_document,
)
from zhicheng.core.forms.values import Document, Draft, MaterialNeed, NewDocument, Slot
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError
from zhicheng.web.shared.form_pages import request_owner

_MARKS = {"waiting": "checking", "optional": "missing"}


@dataclass(frozen=True)
class MaterialPaths:
    """Where an app shows an upload (`document` ends with its id) and what comes before and after the page."""

    document: str
    back: str
    after: str


def fill_materials(
    request: HttpRequest, draft: Draft, paths: MaterialPaths, needs: Sequence[MaterialNeed] | None = None
) -> HttpResponse:
    """Show the slots of one's own draft, or take uploads and choices.

    POST: files in `file.<material>`; buttons `_action` (next, upload, fill), `_remove` (a document), `_drop` (a
    material), `_reuse` (material, provider and reference, with `|` between).
    """
    if request.method != "POST":
        return _page(request, draft, paths, needs, {})
    errors = _take_files(request, draft, needs)
    try:
        _choose(request, draft)
    except DraftChanged as error:
        errors[""] = [str(error)]
    except (ZhichengError, ValueError) as error:
        errors[""] = [str(error) if isinstance(error, ZhichengError) else "没有找到这份材料，请刷新页面。"]
    if errors or request.POST.get("_action") != "next":
        newest = get_draft(draft.id, owner=request_owner(request), now=now())
        return _page(request, newest, paths, needs, errors)
    return HttpResponseRedirect(paths.after)


def send_document(request: HttpRequest, document: UUID) -> HttpResponse:
    """One's own upload; never rendered as a page of ours.

    Raises:
        MaterialNotFound: none with this id that is this person's.
    """
    found, content = get_document(document, owner=request_owner(request))
    return document_response(found, content)


def document_response(found: Document, content: bytes) -> HttpResponse:
    """A material's bytes as a download that can do nothing."""
    response = HttpResponse(content, content_type=found.media_type)
    suffix = "pdf" if found.media_type == "application/pdf" else "jpg"
    response["Content-Disposition"] = f'inline; filename="{found.id}.{suffix}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def slot_view(slot: Slot, paths: MaterialPaths) -> dict[str, Any]:
    """A slot as `components/form_slot.html` draws it."""
    name = slot.type.code
    return {
        "name": name,
        "label": slot.type.label,
        "state": _MARKS.get(slot.state, slot.state),
        "words": slot.words,
        "note": slot.need.note or slot.type.note,
        "required": slot.need.required,
        "documents": [
            {"id": str(one.id), "name": one.name, "url": f"{paths.document}{one.id}/"} for one in slot.documents
        ],
        "chosen": slot.chosen is not None,
        "offered": []
        if slot.chosen
        else [
            {"value": f"{name}|{one.provider}|{one.ref}", "label": f"{one.label}（{one.source}）"}
            for one in slot.offered[:3]
        ],
    }


def _take_files(request: HttpRequest, draft: Draft, needs: Sequence[MaterialNeed] | None) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    asked = {need.material for need in (draft.form.materials if needs is None else needs)}
    for field in request.FILES:
        material = field.removeprefix("file.")
        for file in request.FILES.getlist(field):
            if material not in asked:
                errors[""] = ["这份申请不需要这种材料，请刷新页面后再上传。"]
                continue
            try:
                new = NewDocument(draft.id, material, file.name or "", file.read())
                add_document(new, owner=request_owner(request), now=now())
            except ZhichengError as error:
                errors.setdefault(f"material.{material}", []).append(str(error))
    return errors


def _choose(request: HttpRequest, draft: Draft) -> None:
    owner, post, at = request_owner(request), request.POST, now()
    if "_remove" in post:
        remove_document(UUID(post["_remove"]), owner=owner)
    elif "_drop" in post:
        drop_held(post["_drop"], draft=(draft.id, draft.version), owner=owner, now=at)
    elif "_reuse" in post:
        material, provider, ref = [*post["_reuse"].split("|"), "", ""][:3]
        choose_held((material, provider, ref), draft=(draft.id, draft.version), owner=owner, now=at)
    elif post.get("_action") == "fill":
        fill_from_documents(draft.id, draft.version, owner=owner, now=at)


def _page(
    request: HttpRequest,
    draft: Draft,
    paths: MaterialPaths,
    needs: Sequence[MaterialNeed] | None,
    errors: dict[str, list[str]],
) -> HttpResponse:
    party = request_actor(request).party_id
    slots = material_slots(draft, party=party, now=now(), needs=needs)
    context = {
        "section": "",
        "narrow": True,
        "form": draft.form,
        "slots": [{**slot_view(slot, paths), "errors": errors.get(f"material.{slot.type.code}", ())} for slot in slots],
        "missing": sum(slot.state == "missing" for slot in slots),
        "waiting": any(slot.state == "waiting" for slot in slots),
        "can_fill": any(one.state == "read" for slot in slots for one in slot.documents),
        "contradictions": find_contradictions(draft),
        "errors": errors,
        "back": paths.back,
    }
    return render(request, "shared/form_materials.html", context, status=422 if errors else 200)
