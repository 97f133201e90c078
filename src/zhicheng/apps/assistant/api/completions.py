"""The assistant as an OpenAI-compatible model `shenxiaoi`: any chat client can talk to it.

The messages that a client sends are the conversation. Instructions of the client (system) change nothing: answers are
quoted whoever asks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from zhicheng.apps.assistant.api.owning import thread_caller
from zhicheng.apps.assistant.api.schemas import CompletionIn, MessageIn, ProblemOut
from zhicheng.apps.assistant.api.streaming import event, streamed
from zhicheng.apps.assistant.errors import ModelUnknown
from zhicheng.apps.assistant.public import Spoken, as_text, continue_thread
from zhicheng.apps.assistant.values import Message, Turn
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import now

MODEL = "shenxiaoi"
router = Router(tags=["assistant (OpenAI-compatible)"])
_PROBLEMS = {400: ProblemOut, 404: ProblemOut, 409: ProblemOut, 422: ProblemOut, 429: ProblemOut}


@router.get("/models", response={200: dict[str, Any]}, summary="模型列表")
def list_models(request: HttpRequest) -> Any:
    """The one model."""
    del request
    return {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "zhicheng"}]}


@router.get("/models/{model}", response={200: dict[str, Any], **_PROBLEMS}, summary="模型")
def get_model(request: HttpRequest, model: str) -> Any:
    """The model by its name."""
    _check_model(model)
    return list_models(request)["data"][0]


@router.post("/chat/completions", response={200: dict[str, Any], **_PROBLEMS}, summary="对话")
def complete(request: HttpRequest, body: CompletionIn) -> Any:
    """Answer the last message of the user, with `stream` as chunks."""
    _check_model(body.model)
    messages = [Message(each.role, _text(each)) for each in body.messages if each.role in {"user", "assistant"}]
    owner, actor = thread_caller(request), request_actor(request)
    turn = continue_thread(messages, owner=owner, actor=actor, now=now(), piecewise=body.stream)
    address = request.build_absolute_uri("/").rstrip("/")
    if body.stream:
        return streamed(_chunks(turn, address))
    return _whole(turn, as_text(turn.answer, address), messages)


def _check_model(model: str) -> None:
    if model != MODEL:
        raise ModelUnknown(model=model[:60])


def _text(message: MessageIn) -> str:
    if isinstance(message.content, list):
        return "\n".join(str(part.get("text") or "") for part in message.content if part.get("type") == "text")
    return message.content or ""


def _whole(turn: Turn, said: str, messages: Sequence[Message]) -> dict[str, Any]:
    asked = sum(len(message.text) for message in messages)
    usage = {"prompt_tokens": asked, "completion_tokens": len(said), "total_tokens": asked + len(said)}
    choice = {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}
    return {**_head(turn.id, turn, "chat.completion"), "choices": [choice], "usage": usage}


def _chunks(turn: Turn, address: str) -> Iterator[str]:
    head = _head(turn.id, turn, "chat.completion.chunk")
    yield event({**head, "choices": [_delta({"role": "assistant", "content": ""})]})
    for text in _texts(turn, address):
        yield event({**head, "choices": [_delta({"content": text})]})
    yield event({**head, "choices": [_delta({}, "stop")]})
    yield event("[DONE]")


def _texts(turn: Turn, address: str) -> Iterator[str]:
    """The text of the answer as it is made. What was said cannot be taken back here: the source's words follow it."""
    said = "".join(f"{words}\n\n" for words in ["\n".join(turn.answer.words)] if words)
    if said:
        yield said
    spoken = Spoken(turn, now())
    for sentence in spoken:
        said += sentence
        yield sentence
    answer = spoken.turn.answer
    whole = as_text(answer, address)
    if not whole.startswith(said.rstrip()):
        yield "\n\n以原文为准：\n\n"
        said, whole = "", as_text(replace(answer, words=()), address)
    yield from whole[len(said) :].splitlines(keepends=True)


def _delta(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _head(answer: UUID, turn: Turn, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{answer.hex}", "object": kind, "created": int(turn.at.timestamp()), "model": MODEL}
