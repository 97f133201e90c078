"""The chat page: one conversation, phone first, whole pages without a script, sentence by sentence with one."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods

from zhicheng.apps.assistant.public import (
    Spoken,
    begin_conversation,
    conversation_of,
    get_conversation,
    get_terms,
    list_conversations,
    say,
)
from zhicheng.apps.assistant.values import LONGEST_TOLD, Conversation, Say, Turn
from zhicheng.core.cases.public import Purpose, get_case
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import FieldErrors, ZhichengError
from zhicheng.web.edge.limits import check_rate
from zhicheng.web.portal.assistant_owning import conversation_owner
from zhicheng.web.shared.conversations import quoted_pieces, turn_view

_STREAM = "text/event-stream"
_LONGEST_SENT = 20_000


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponseBase:
    """A new conversation: the greeting and what people often ask; the first question begins it."""
    if request.method != "POST":
        words = request.GET.get("q", "").strip()[:200]
        return _page(request, None, values={"text": words})
    check_rate(request, "assistant")
    owner = conversation_owner(request, begin=True)
    if not request.POST.get("text", "").strip():
        return _page(request, None, errors={"text": ["请写下您想问的"]}, status=422)
    return _answered(request, begin_conversation(owner=owner, now=now()))


@require_http_methods(["GET", "POST"])
def talk(request: HttpRequest, conversation_id: UUID) -> HttpResponseBase:
    """My conversation; POST says something."""
    before = request.GET.get("before", "")
    owner = conversation_owner(request)
    found = get_conversation(conversation_id, owner=owner, before=int(before) if before.isdecimal() else 0)
    if request.method != "POST":
        return _page(request, found)
    check_rate(request, "assistant")
    return _answered(request, found.id, found)


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """My conversations, newest first."""
    page = list_conversations(conversation_owner(request), after=request.GET.get("after", "")[:200])
    pager = {
        "next_url": f"?after={page.after}" if page.after else "",
        "first_url": "?" if request.GET.get("after") else "",
    }
    context = {"section": "assistant", "narrow": True, "rows": page.rows, "pager": pager, "terms": get_terms()}
    return render(request, "portal/assistant/history.html", context)


@require_GET
def news(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """The turns after a place, as parts of a page: what a person has answered meanwhile. Nothing new is 204."""
    found = get_conversation(conversation_id, owner=conversation_owner(request))
    after = request.GET.get("after", "")
    seen = int(after) if after.isdecimal() and len(after) < 9 else 0
    new = [turn for turn in found.turns if turn.seq > seen]
    if not new:
        return HttpResponse(status=204)
    context = {"turns": [turn_view(turn) for turn in new], "action": f"/assistant/{found.id}/", "terms": get_terms()}
    return render(request, "portal/assistant/news.html", context)


@require_GET
def of_case(request: HttpRequest, number: str) -> HttpResponse:
    """The conversation that a person answered, from the message about it."""
    owner = conversation_owner(request)
    details = get_case(request_actor(request), number[:40], Purpose.OWN)
    found = get_conversation(conversation_of(details.row.id).id, owner=owner)
    return HttpResponseRedirect(f"/assistant/{found.id}/")


def _answered(request: HttpRequest, conversation: UUID, found: Conversation | None = None) -> HttpResponseBase:
    """Say what was typed, and show the answer in the form that was asked for."""
    if _STREAM in request.headers.get("Accept", ""):
        answer = StreamingHttpResponse(_stream(request, conversation), content_type=_STREAM)
        answer["Cache-Control"] = "no-store"
        answer["X-Accel-Buffering"] = "no"
        return answer
    try:
        turn = _say(request, conversation)
    except FieldErrors as error:
        return _page(request, found, errors=error.fields, status=422)
    return HttpResponseRedirect(f"/assistant/{conversation}/#turn-{turn.seq}")


def _say(request: HttpRequest, conversation: UUID, *, piecewise: bool = False) -> Turn:
    owner = conversation_owner(request)
    key = request.POST.get("idempotency_key", "")[:64]
    message = Say(conversation, request.POST.get("text", "")[:_LONGEST_SENT], owner, key, piecewise=piecewise)
    return say(message, actor=request_actor(request), now=now())


def _stream(request: HttpRequest, conversation: UUID) -> Iterator[str]:
    """Events: status, piece (a sentence), then done with the whole turn; or problem with what to do.

    With a model of one's own its sentences come as they are checked; `again` takes them back where they may not stand.
    """
    yield _event("status", {"text": "正在查找……"})
    try:
        turn = _say(request, conversation, piecewise=True)
        yield from map(_piece, turn.answer.words)
        spoken = Spoken(turn, now())
        yield from map(_piece, spoken)
    except FieldErrors as error:
        yield _event("problem", {"text": "；".join(text for texts in error.fields.values() for text in texts)})
        return
    except ZhichengError as error:
        yield _event("problem", {"text": str(error)})
        return
    turn = spoken.turn
    if spoken.heard and not turn.answer.rephrased:
        yield _event("again", {"text": "以原文为准"})
    elif not spoken.heard:
        yield from map(_piece, quoted_pieces(turn.answer))
    address = f"/assistant/{conversation}/"
    context = {"turn": turn_view(turn), "action": address, "terms": get_terms(), "idempotency_key": uuid4().hex}
    html = render_to_string("portal/assistant/turn.html", context, request)
    yield _event("done", {"html": html, "url": address, "key": uuid4().hex})


def _piece(text: str) -> str:
    return _event("piece", {"text": text})


def _event(name: str, data: Mapping[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _page(
    request: HttpRequest,
    found: Conversation | None,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    terms = get_terms()
    context = {
        "section": "assistant",
        "narrow": True,
        "terms": terms,
        "action": f"/assistant/{found.id}/" if found else "/assistant/",
        "title": found.title if found else "",
        "turns": [turn_view(turn) for turn in found.turns] if found else [],
        "earlier_url": f"?before={found.before}" if found and found.before else "",
        "idempotency_key": uuid4().hex,
        "values": values or {"text": request.POST.get("text", "")},
        "errors": errors or {},
        "text_limit": LONGEST_TOLD,
    }
    return render(request, "portal/assistant/chat.html", context, status=status)
