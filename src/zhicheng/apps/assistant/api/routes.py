"""Conversations over HTTP: begin, say, read, rate."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Router, Status, UploadedFile
from ninja.params.functions import Form, Header, Query

from zhicheng.apps.assistant.api.owning import caller
from zhicheng.apps.assistant.api.schemas import (
    BegunOut,
    ConversationOut,
    PageOut,
    ProblemOut,
    RatingIn,
    SayIn,
    TurnOut,
)
from zhicheng.apps.assistant.api.streaming import STREAM, event, streamed
from zhicheng.apps.assistant.public import (
    Spoken,
    attach,
    begin_conversation,
    get_conversation,
    get_terms,
    list_conversations,
    rate,
    say,
)
from zhicheng.apps.assistant.values import Attach, Rate, Say, Turn
from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError

router = Router(tags=["assistant"])
_OPENED_BY = "没有账号和接口密钥时，开始对话得到的令牌；只放在请求头里"
_PROBLEMS = {400: ProblemOut, 404: ProblemOut, 409: ProblemOut, 422: ProblemOut, 429: ProblemOut}


@router.post("/assistant/conversations", response={201: BegunOut, **_PROBLEMS}, summary="开始对话")
def begin(request: HttpRequest) -> Status[Any]:
    """Begin a conversation. Callers without account and key get a token that opens this conversation alone."""
    known = request_actor(request).account_id is not None or request_actor(request).party_id is not None
    token = "" if known else secrets.token_urlsafe(24)
    begun = begin_conversation(owner=caller(request, token), now=now(), channel="api")
    terms = get_terms()
    plain = {"greeting": terms.greeting, "notice": terms.notice, "frequent": list(terms.frequent)}
    return Status(201, {"id": begun, "token": token, **plain})


@router.get("/assistant/conversations", response={200: PageOut, **_PROBLEMS}, summary="我的对话")
def list_mine(
    request: HttpRequest,
    after: str = Query("", max_length=200),
    limit: int = Query(20, ge=1, le=100),
    token: str = Header("", alias="X-Conversation-Token", description=_OPENED_BY),
) -> Any:
    """The caller's conversations, newest first, keyset paged."""
    page = list_conversations(caller(request, token), after=after, limit=limit)
    return {"items": list(page.rows), "after": page.after}


@router.get("/assistant/conversations/{conversation}", response={200: ConversationOut, **_PROBLEMS}, summary="查看对话")
def read(
    request: HttpRequest,
    conversation: UUID,
    before: int = Query(0, ge=0),
    token: str = Header("", alias="X-Conversation-Token", description=_OPENED_BY),
) -> Any:
    """One conversation of the caller's with its newest turns."""
    return get_conversation(conversation, owner=caller(request, token), before=before)


@router.post("/assistant/conversations/{conversation}/turns", response={200: TurnOut, **_PROBLEMS}, summary="说一句")
def add_turn(
    request: HttpRequest,
    conversation: UUID,
    body: SayIn,
    token: str = Header("", alias="X-Conversation-Token", description=_OPENED_BY),
    idempotency: str = Header("", alias="Idempotency-Key"),
) -> Any:
    """Say something. With `Accept: text/event-stream` the answer comes as events: status, piece …, done (the turn).

    With a chat model its sentences come as soon as each is checked; `again` before pieces takes back those before.
    """
    owner = caller(request, token)
    message = Say(conversation, body.text, owner, idempotency[:200], region=body.region, audience=body.audience)
    if STREAM not in request.headers.get("Accept", ""):
        return say(message, actor=request_actor(request), now=now())
    get_conversation(conversation, owner=owner)
    return _stream(message, request_actor(request))


@router.post(
    "/assistant/conversations/{conversation}/photos",
    response={200: TurnOut, 413: ProblemOut, **_PROBLEMS},
    summary="传照片",
)
def add_photo(
    request: HttpRequest,
    conversation: UUID,
    file: File[UploadedFile],
    material: str = Form("", max_length=80, description="材料代码；不写的算第一份还缺的"),
    token: str = Header("", alias="X-Conversation-Token", description=_OPENED_BY),
) -> Any:
    """Send a photo or PDF of a material for the form that is being filled in; what is read off it fills the form."""
    command = Attach(conversation, caller(request, token), file.name or "", file.read(), material)
    return attach(command, actor=request_actor(request), now=now())


@router.post(
    "/assistant/conversations/{conversation}/turns/{turn}/rating",
    response={200: TurnOut, **_PROBLEMS},
    summary="评价回答",
)
def rate_turn(
    request: HttpRequest,
    conversation: UUID,
    turn: UUID,
    body: RatingIn,
    token: str = Header("", alias="X-Conversation-Token", description=_OPENED_BY),
) -> Any:
    """Rate an answer; the last word counts."""
    return rate(Rate(conversation, turn, body.good, caller(request, token), body.reason), now=now())


def _stream(message: Say, actor: Actor) -> StreamingHttpResponse:
    return streamed(_events(message, actor))


def _events(message: Say, actor: Actor) -> Iterator[str]:
    yield event({"text": "正在查找……"}, "status")
    try:
        turn = say(replace(message, piecewise=True), actor=actor, now=now())
        yield from (_piece(words) for words in turn.answer.words)
        spoken = Spoken(turn, now())
        yield from map(_piece, spoken)
    except ZhichengError as error:
        yield event({"detail": str(error), "code": error.code, "status": error.kind.value}, "problem")
        return
    turn = spoken.turn
    if spoken.heard and not turn.answer.rephrased:
        yield event({"detail": "以原文为准。"}, "again")
        yield from map(_piece, turn.answer.words)
    if not spoken.heard or not turn.answer.rephrased:
        yield from map(_piece, turn.answer.rephrased or [quote.text for quote in turn.answer.quotes])
    yield event(_plain(turn), "done")


def _piece(text: str) -> str:
    return event({"text": text}, "piece")


def _plain(turn: Turn) -> Any:
    return TurnOut.from_orm(turn).model_dump(mode="json")
