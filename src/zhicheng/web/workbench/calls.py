"""The call desk: written down while the caller speaks, classified and compared as it is typed."""

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
from zhicheng.core.cases.public import find_open_by_number
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.shared.signin import needs_official
from zhicheng.web.workbench.choices import item_groups
from zhicheng.web.workbench.frame import show

_ENOUGH = 5
_TYPED = ("phone", "name", "text", "item", "item_other", "urgent", "idempotency_key")


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


@require_POST
@needs_official("appeals.take_call")
def preview(request: HttpRequest) -> HttpResponse:
    """The live part: candidates, units, alike appeals nearby."""
    return render(request, "workbench/call_preview.html", {"preview": _preview(request)})


def _take(request: HttpRequest) -> HttpResponse:
    actor, key = request_actor(request), request.POST.get("idempotency_key", "") or uuid4().hex
    draft = _draft(request)
    if joined := request.POST.get("join", ""):
        case = find_open_by_number(joined, PROCESS)
        if case is not None:
            support_appeal(case.id, who=f"call:{key}", text=draft.text, now=now())
            messages.success(request, f"已并入 {case.number}，请告知来电人。")
            return HttpResponseRedirect("/workbench/calls/")
    body = {name: str(getattr(draft, name)) for name in AppealDraft.__dataclass_fields__}
    done = submit_appeal(draft, actor=actor, now=now(), key=idempotency_key(f"calls:{actor.ref}", key, body))
    where = done.unit_name if done.state == "assigned" else "分拨员确认承办单位"
    messages.success(request, f"已登记 {done.number}，查询码 {done.follow_code}，交{where}。请告知来电人。")
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
    request: HttpRequest, values: dict[str, Any], errors: dict[str, list[str]], *, status: int = 200
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
    }
    return show(request, "workbench/call_desk.html", context, status=status)
