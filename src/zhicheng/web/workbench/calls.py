"""The call desk: written down while the caller speaks; classified, compared and answered from what the city knows."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from zhicheng.apps.appeals.public import (
    LONGEST,
    PROCESS,
    find_alike,
    get_taxonomy,
    submit_appeal,
    support_appeal,
    understand,
)
from zhicheng.apps.appeals.values import AppealDraft, Item
from zhicheng.apps.assistant.public import record_consultation, suggest_for_call
from zhicheng.apps.assistant.values import CallSuggestions, NewConsultation, Suggestion
from zhicheng.core.cases.errors import ProcessUnknown
from zhicheng.core.cases.public import act, find_open_by_number
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.choices import item_groups
from zhicheng.web.workbench.frame import show

_ENOUGH = 5
_MOST_NOTED = 2000
_TYPED = ("phone", "name", "text", "note", "item", "item_other", "urgent", "idempotency_key")


@require_http_methods(["GET", "POST"])
@needs_official("appeals.take_call")
def desk(request: HttpRequest) -> HttpResponse:
    """The form; sending it opens the appeal and shows its number to read out."""
    if request.method != "POST":
        return _form(request, {}, {})
    try:
        return _take(request)
    except FieldErrors as error:
        return _form(request, _values(request), error.fields, status=422)
    except ProcessUnknown as error:
        return _form(request, _values(request), {"": [str(error)]}, status=error.kind.value)


@require_POST
@needs_official("appeals.take_call")
def preview(request: HttpRequest) -> HttpResponse:
    """The live part: candidates, units, alike appeals nearby."""
    return render(request, "workbench/call_preview.html", {"preview": _preview(request)})


@require_POST
@needs_official("appeals.take_call")
def suggest(request: HttpRequest) -> HttpResponse:
    """What the city knows for what is typed: a part of the page for a script, else the whole desk with it.

    `take` is the place of an answer that goes into the note.
    """
    actor = request_actor(request)
    check_rate(request, "suggest", who=actor.ref)
    found = suggest_for_call(_said(request), actor=actor, now=now())
    if request.headers.get("X-Requested-With") == "fetch":
        return render(request, "workbench/call_suggestions.html", {"found": _shown(found)})
    values = _values(request)
    taken = request.POST.get("take", "")
    if taken.isdecimal() and 0 < int(taken[:2]) <= len(found.answers):
        note = _note(found.answers[int(taken[:2]) - 1])
        values["note"] = "\n".join(part for part in (values["note"].strip(), note) if part)
    return _form(request, values, {}, found=found)


def _said(request: HttpRequest) -> AppealDraft:
    """The draft as far as it can be read; a point that cannot be one is no reason to help less."""
    try:
        return _draft(request)
    except FieldErrors:
        return AppealDraft(text=request.POST.get("text", ""), channel="phone", anonymous=True)


def _shown(found: CallSuggestions) -> dict[str, Any]:
    """Suggestions as the page draws them, numbered through; each answer with what it leaves in the note."""
    answers = [{"says": each, "note": _note(each)} for each in found.answers]
    return {"state": found.state, "answers": answers, "items": found.items, "alike": found.alike}


def _note(answer: Suggestion) -> str:
    return f"〔已告知〕{answer.title} {answer.text}（来源：{answer.source}）"


def _take(request: HttpRequest) -> HttpResponse:
    actor, key = request_actor(request), request.POST.get("idempotency_key", "") or uuid4().hex
    if request.POST.get("answered") == "yes":
        return _record(request, actor, key)
    draft = _draft(request)
    note = request.POST.get("note", "").strip()
    if len(note) > _MOST_NOTED:
        raise FieldErrors({"note": [f"请不超过 {_MOST_NOTED} 字"]})
    if joined := request.POST.get("join", ""):
        case = find_open_by_number(joined, PROCESS)
        if case is not None:
            told = "\n".join(part for part in (draft.text, note) if part)
            support_appeal(case.id, who=f"call:{key}", text=told, now=now())
            messages.success(request, f"已并入 {case.number}，请告知来电人。")
            return HttpResponseRedirect("/workbench/calls/")
    body = {name: str(getattr(draft, name)) for name in AppealDraft.__dataclass_fields__}
    done = submit_appeal(draft, actor=actor, now=now(), key=idempotency_key(f"calls:{actor.ref}", key, body))
    if note and not done.replayed:
        act(ActCommand(done.case_id, "note", {"text": note}), actor, now())
    where = done.unit_name if done.state == "assigned" else "分拨员确认承办单位"
    messages.success(request, f"已登记 {done.number}，查询码 {done.follow_code}，交{where}。请告知来电人。")
    return HttpResponseRedirect("/workbench/calls/")


def _record(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """The caller only asked: keep question and answer."""
    command = NewConsultation(request.POST.get("text", ""), request.POST.get("note", ""))
    body = {"text": command.question, "note": command.answer}
    number = record_consultation(
        command, actor=actor, now=now(), key=idempotency_key(f"consultations:{actor.ref}", key, body)
    )
    messages.success(request, f"咨询已记录 {number}，已办结。")
    return HttpResponseRedirect("/workbench/calls/")


def _values(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    place = {
        "address": post.get("place", ""),
        "longitude": post.get("longitude", ""),
        "latitude": post.get("latitude", ""),
    }
    return {
        **{name: post.get(name, "") for name in _TYPED},
        "place": place,
    }


def _draft(request: HttpRequest) -> AppealDraft:
    values = _values(request)
    place = values["place"]
    try:
        point = (float(place["longitude"]), float(place["latitude"])) if place["longitude"] else (None, None)
    except ValueError:
        raise FieldErrors({"place": ["地图位置读不出来，请重新选点或只写地址"]}) from None
    chosen = values["item_other"] or values["item"]
    return AppealDraft(
        text=values["text"],
        channel="phone",
        longitude=point[0],
        latitude=point[1],
        address=place["address"],
        name=values["name"],
        phone=values["phone"],
        anonymous=not values["phone"].strip(),
        confirmed_item=chosen if chosen in get_taxonomy() else "",
        urgent=values["urgent"] == "yes",
    )


def _preview(request: HttpRequest) -> dict[str, Any]:
    try:
        draft = _draft(request)
        if len(draft.text.strip()) < _ENOUGH:
            return {"candidates": [], "similar": []}
        found, alike = understand(draft), find_alike(draft)
    except (FieldErrors, ZhichengError) as error:
        return {"candidates": [], "similar": [], "place_words": str(error)}
    taxonomy = get_taxonomy()
    candidates = [
        {
            "code": candidate.code,
            "label": candidate.label,
            "percent": round(candidate.probability * 100),
            "chosen": candidate.code == (draft.confirmed_item or found.routing.item)
            and (found.sure or bool(draft.confirmed_item)),
            "unit": found.unit_name if candidate.code == found.routing.item else "",
            "limit_words": f"{taxonomy.get(candidate.code).limit_days} 个工作日",
        }
        for candidate in found.candidates
        if candidate.code in taxonomy
    ]
    if draft.confirmed_item and draft.confirmed_item not in {candidate["code"] for candidate in candidates}:
        candidates.insert(0, _chosen(taxonomy.get(draft.confirmed_item), found.unit_name))
    similar = [
        {
            "number": other.number,
            "title": other.item_label,
            "url": "",  # a call-taker opens only what they took down
            "tag": {"label": other.state_label, "tone": "action", "icon": "play"},
            "words": f"{other.distance_words} · {other.supporters + 1} 人反映",
        }
        for other in alike
    ]
    return {"candidates": candidates, "similar": similar, "place_words": found.place or "还不知道地点", "why": None}


def _chosen(item: Item, unit: str) -> dict[str, Any]:
    """The item that the call-taker looked up, among the machine's candidates."""
    return {
        "code": item.code,
        "label": item.label,
        "percent": None,
        "chosen": True,
        "unit": unit,
        "limit_words": f"{item.limit_days} 个工作日",
    }


def _form(
    request: HttpRequest,
    values: dict[str, Any],
    errors: dict[str, list[str]],
    *,
    found: CallSuggestions | None = None,
    status: int = 200,
) -> HttpResponse:
    center = current_pack().center
    context = {
        "values": values,
        "errors": errors,
        "options": {"item_other": item_groups((), empty="按右边的分类")},
        "idempotency_key": values.get("idempotency_key") or uuid4().hex,
        "text_limit": LONGEST,
        "suggestions_url": "",
        "areas_url": "/areas/district.geojson",
        "center": f"{center[0]},{center[1]}",
        "caller": None,
        "preview": _preview(request) if values else {"candidates": [], "similar": []},
        "call": None,
        "found": _shown(found) if found else None,
        "note_limit": _MOST_NOTED,
    }
    return show(request, "workbench/call_desk.html", context, status=status)
