"""A chat model behind an OpenAI-compatible address: one answer, or piece by piece. Knows no database."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx

from zhicheng.core.inference.errors import ModelFailed
from zhicheng.core.inference.values import ChatReply, ChatRequest, Endpoint, Usage

_CONNECT_S = 2.0
_MOST_CHARACTERS = 20_000
_DATA, _DONE = "data:", "[DONE]"


def complete(endpoint: Endpoint, request: ChatRequest) -> ChatReply:
    """The whole answer.

    Raises:
        ModelFailed: slow, down, refused or nonsense.
    """
    started_s = time.monotonic()
    try:
        answer = _client(endpoint).post("chat/completions", json=_body(endpoint, request))
    except httpx.TimeoutException as error:
        raise ModelFailed(outcome="slow") from error
    except httpx.HTTPError as error:
        raise ModelFailed(outcome="down") from error
    _check_status(answer.status_code)
    if time.monotonic() - started_s > endpoint.timeout_s:
        raise ModelFailed(outcome="slow")
    value = _parsed(answer.text)
    text = _text_at(value, "message")
    if not text.strip():
        raise ModelFailed(outcome="nonsense")
    return ChatReply(text, str(value.get("model") or endpoint.model), _usage(value), time.monotonic() - started_s)


def stream(endpoint: Endpoint, request: ChatRequest) -> Iterator[str]:
    """The answer as it comes.

    Raises:
        ModelFailed: slow, down, refused or nonsense; also in the middle of an answer.
    """
    count = 0
    try:
        for piece in _pieces(endpoint, request):
            count += len(piece)
            if count <= _MOST_CHARACTERS:
                yield piece
    except httpx.TimeoutException as error:
        raise ModelFailed(outcome="slow") from error
    except httpx.HTTPError as error:
        raise ModelFailed(outcome="down") from error
    if not count:
        raise ModelFailed(outcome="nonsense")


def _pieces(endpoint: Endpoint, request: ChatRequest) -> Iterator[str]:
    ends_at_s = time.monotonic() + endpoint.timeout_s
    body = {**_body(endpoint, request), "stream": True}
    with _client(endpoint).stream("POST", "chat/completions", json=body) as answer:
        _check_status(answer.status_code)
        for line in answer.iter_lines():
            if time.monotonic() > ends_at_s:
                raise ModelFailed(outcome="slow")
            if piece := _piece(line):
                yield piece


def _client(endpoint: Endpoint) -> httpx.Client:
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    timeout = httpx.Timeout(endpoint.timeout_s, connect=min(_CONNECT_S, endpoint.timeout_s))
    return httpx.Client(base_url=endpoint.url.rstrip("/") + "/", headers=headers, timeout=timeout)


def _body(endpoint: Endpoint, request: ChatRequest) -> dict[str, Any]:
    return {
        "model": endpoint.model,
        "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
    }


def _check_status(status: int) -> None:
    if status >= 500 or status == 429:
        raise ModelFailed(outcome="down")
    if status >= 400:
        raise ModelFailed(outcome="refused")


def _piece(line: str) -> str:
    if not line.startswith(_DATA):
        return ""
    data = line[len(_DATA) :].strip()
    return "" if data == _DONE else _text_at(_parsed(data), "delta")


def _parsed(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ModelFailed(outcome="nonsense") from error
    if not isinstance(value, dict):
        raise ModelFailed(outcome="nonsense")
    return value


def _text_at(value: dict[str, Any], name: str) -> str:
    """`choices[0].<name>.content`, where it is a text; the last piece of a stream may have none."""
    choices = value.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    part = first.get(name) if isinstance(first, dict) else None
    if not isinstance(part, dict):
        if name == "delta" and choices == []:
            return ""
        raise ModelFailed(outcome="nonsense")
    content = part.get("content") or ""
    if not isinstance(content, str):
        raise ModelFailed(outcome="nonsense")
    return content[:_MOST_CHARACTERS]


def _usage(value: dict[str, Any]) -> Usage:
    found = value.get("usage")
    if not isinstance(found, dict):
        return Usage()
    counts = [found.get(name) for name in ("prompt_tokens", "completion_tokens")]
    return Usage(*(count if isinstance(count, int) and count >= 0 else 0 for count in counts))
