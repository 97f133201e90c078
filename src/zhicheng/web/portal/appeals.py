"""Making an appeal: say it, see whether somebody said it before, send it, keep the receipt."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhicheng.apps.appeals.public import LONGEST, PROCESS, check_draft, find_alike, submit_appeal, support_appeal
from zhicheng.apps.appeals.values import AlikeAppeal, AppealDraft, Submitted
from zhicheng.core.cases.public import find_open_by_number, get_case_as_requester
from zhicheng.core.cases.values import NewAttachment
from zhicheng.core.ledger.errors import IdempotencyKeyReused
from zhicheng.core.ledger.public import idempotency_key, recall
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.shared.files import read_files
from zhicheng.web.shared.following import remember_case
from zhicheng.web.shared.presenting import open_clocks

_PHOTOS = 3
_SENT_BEFORE = "这张表单刚才已经提交过一件诉求。如果这是另一件，请再按一次提交。"
_SALT = "zhicheng.portal.draft"
_DRAFT_LIFE_S = 3600


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form, with words that came from a search; sending it first looks for the same problem nearby."""
    if request.method != "POST":
        return _form(request, {"contact": "named", "text": request.GET.get("text", "")[:LONGEST]}, {})
    check_rate(request, "submit")
    values = _values(request)
    try:
        draft = _draft(request, values)
        alike = [] if _was_sent(request, draft, values["idempotency_key"]) else find_alike(draft)
    except FieldErrors as error:
        return _form(request, values, error.fields, status=422)
    except IdempotencyKeyReused:  # back in the browser, and something else written: another key lets it through
        return _form(request, {**values, "idempotency_key": ""}, {"text": [_SENT_BEFORE]}, status=422)
    except ZhichengError as error:
        return _form(request, values, {"place": [str(error)]}, status=422)
    if alike:
        return _similar(request, draft, alike)
    return _send(request, draft, str(values["idempotency_key"]))


@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """The answer to "is it the same problem?": join the other one, or go on."""
    check_rate(request, "submit")
    try:
        kept = signing.loads(request.POST.get("draft", ""), salt=_SALT, max_age=_DRAFT_LIFE_S)
    except signing.BadSignature:
        return _form(request, {"contact": "named"}, {"text": ["页面打开得太久，请再写一次。"]}, status=422)
    draft = _draft_from(kept["draft"])
    joined = request.POST.get("join", "")
    if not joined:
        return _send(request, draft, kept["key"])
    case = find_open_by_number(joined, PROCESS)
    if case is None:
        return _send(request, draft, kept["key"])
    actor = request_actor(request)
    who = actor.ref if actor.account_id else f"browser:{kept['key']}"
    support_appeal(case.id, who=who, text=draft.text, now=now())
    request.session["receipt"] = {"number": case.number, "joined": True}
    return HttpResponseRedirect("/appeals/sent/")


@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """The receipt. It can be opened again in the same browser; the code is shown nowhere else."""
    receipt = request.session.get("receipt")
    if not receipt:
        return HttpResponseRedirect("/appeals/follow/")
    if receipt.get("joined"):
        appeal = {"number": receipt["number"], "joined": True, "url": ""}
        return render(request, "portal/appeal_sent.html", {"section": "new", "narrow": True, "appeal": appeal})
    details = get_case_as_requester(UUID(receipt["case"]))
    appeal = {
        "number": receipt["number"],
        "secret": receipt["code"],
        "anonymous": receipt["anonymous"],
        "unit": receipt["unit"],
        "unit_pending": receipt["state"] == "received",
        "item": receipt["item"],
        "url": f"/appeals/{receipt['number']}/",
    }
    context = {
        "section": "new",
        "narrow": True,
        "appeal": appeal,
        "clocks": open_clocks(details, now()),
        "next": _next_steps(appeal),
        "follow_url": "/appeals/follow/",
    }
    return render(request, "portal/appeal_sent.html", context)


def _next_steps(appeal: Mapping[str, Any]) -> list[dict[str, str]]:
    unit = "分拨员确定承办单位" if appeal["unit_pending"] else f"{appeal['unit']}确认收到"
    return [
        {"title": "承办单位响应", "text": f"10 分钟内，{unit}。"},
        {"title": "首次反馈", "text": "30 分钟内说明打算怎么办。匿名诉求请用编号和查询码查看。"},
        {"title": "办结答复", "text": "说明做了什么、结果怎样，请您评价；不满意由上一级单位跟进。"},
    ]


def _values(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    place = {
        "address": post.get("place", ""),
        "longitude": post.get("longitude", ""),
        "latitude": post.get("latitude", ""),
    }
    key = post.get("idempotency_key", "") or uuid4().hex
    kept = {name: post.get(name, "") for name in ("text", "name", "phone")}
    return {**kept, "place": place, "contact": post.get("contact", "named"), "idempotency_key": key}


def _draft(request: HttpRequest, values: Mapping[str, Any]) -> AppealDraft:
    """The draft that a form describes.

    Raises:
        FieldErrors: something cannot be right.
    """
    at, place = now(), values["place"]
    anonymous = values["contact"] == "anonymous"
    signed_in = request_actor(request).party_id is not None
    wrong: dict[str, list[str]] = {}
    if not anonymous and not signed_in and not values["phone"].strip():
        wrong["phone"] = ["请填写手机号码，或选择“匿名反映”"]
    draft = AppealDraft(
        text=values["text"],
        channel="web",
        longitude=_number(place["longitude"]),
        latitude=_number(place["latitude"]),
        crs="wgs84",
        address=place["address"],
        name="" if anonymous else values["name"],
        phone="" if anonymous else values["phone"],
        anonymous=anonymous,
    )
    try:
        draft = check_draft(draft, actor=request_actor(request), now=at)
    except FieldErrors as error:
        wrong = {**error.fields, **wrong}
    if wrong:
        raise FieldErrors(wrong)
    return replace(draft, photos=read_files(request, "photos", _PHOTOS, at))


def _number(text: str) -> float | None:
    if not text.strip():
        return None
    try:
        return float(text)
    except ValueError:
        raise FieldErrors({"place": ["地图位置读不出来，请重新选点或只写地址"]}) from None


def _send(request: HttpRequest, draft: AppealDraft, key: str) -> HttpResponse:
    actor, wanted = request_actor(request), _key(request, draft, key)
    try:
        done = submit_appeal(draft, actor=actor, now=now(), key=wanted)
    except FieldErrors as error:
        values = {**_fields(draft), "place": {"address": draft.address}, "contact": "named", "idempotency_key": key}
        return _form(request, values, error.fields, status=422)
    request.session["receipt"] = _receipt(done, signed_in=actor.party_id is not None, anonymous=draft.anonymous)
    remember_case(request, done.case_id)
    return HttpResponseRedirect("/appeals/sent/")


def _was_sent(request: HttpRequest, draft: AppealDraft, key: str) -> bool:
    """Whether this very form came before: pressed twice, it gives its receipt again, not itself as an alike appeal."""
    return recall(_key(request, draft, key), now=now()) is not None


def _key(request: HttpRequest, draft: AppealDraft, key: str) -> IdempotencyKey:
    body = {**_fields(draft), "photos": [photo.sha256 for photo in draft.photos]}
    given = {name: str(value) for name, value in body.items()}
    return idempotency_key(f"portal:{request_actor(request).ref}", key, given)


def _receipt(done: Submitted, *, signed_in: bool, anonymous: bool) -> dict[str, Any]:
    return {
        "case": done.case_id.hex,
        "number": done.number,
        "code": "" if signed_in and not anonymous else done.follow_code,
        "anonymous": anonymous,
        "unit": done.unit_name,
        "state": done.state,
        "item": done.item_label,
    }


def _similar(request: HttpRequest, draft: AppealDraft, alike: list[AlikeAppeal]) -> HttpResponse:
    key = _values(request)["idempotency_key"]
    token = signing.dumps({"draft": _plain(draft), "key": key}, salt=_SALT, compress=True)
    shown = [
        {
            "number": found.number,
            "title": found.item_label,
            "text": "",
            "place": found.place,
            "distance": found.distance_words,
            "at": found.opened_at,
            "tag": {"label": found.state_label, "tone": "action", "icon": "play"},
            "joined": found.supporters,
        }
        for found in alike
    ]
    own = {"text": draft.text, "place": draft.address}
    context = {"section": "new", "narrow": True, "draft": token, "similar": shown, "own": own}
    return render(request, "portal/appeal_similar.html", context)


def _form(
    request: HttpRequest, values: Mapping[str, Any], errors: Mapping[str, list[str]], *, status: int = 200
) -> HttpResponse:
    center = current_pack().center
    context = {
        "section": "new",
        "narrow": True,
        "values": values,
        "errors": {"place" if name == "address" else name: sentences for name, sentences in errors.items()},
        "idempotency_key": values.get("idempotency_key") or uuid4().hex,
        "areas_url": "/areas/district.geojson",
        "center": f"{center[0]},{center[1]}",
        "suggestions_url": "",
        "text_limit": LONGEST,
    }
    return render(request, "portal/appeal_new.html", context, status=status)


def _fields(draft: AppealDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in AppealDraft.__dataclass_fields__}


def _plain(draft: AppealDraft) -> dict[str, Any]:
    photos = [{**asdict(photo), "id": photo.id.hex} for photo in draft.photos]
    return {**_fields(draft), "photos": photos, "occurred_date": None}


def _draft_from(plain: Mapping[str, Any]) -> AppealDraft:
    photos = [NewAttachment(**{**photo, "id": UUID(hex=photo["id"])}) for photo in plain["photos"]]
    return AppealDraft(**{**plain, "photos": photos})
