"""A chat model behind an OpenAI-compatible address: one answer, or piece by piece. Knows no database."""

import json
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import httpx

from zhicheng.core.inference.errors import ModelFailed
from zhicheng.core.inference.values import ChatReply, ChatRequest, Endpoint, Usage

_CONNECT_S = 2.0
_MOST_CHARACTERS = 20_000
_MOST_READ = 4_000_000  # characters of an answer with everything around it
_DATA, _DONE, _WHOLE = "data:", "[DONE]", "stop"


def complete(endpoint: Endpoint, request: ChatRequest) -> ChatReply:
    """The whole answer.

    Raises:
        ModelFailed: slow, down, refused or nonsense.
    """
    started_s = time.monotonic()
    try:
        with _asked(endpoint, _body(endpoint, request)) as answer:
            value = _parsed("".join(_texts(answer, started_s + endpoint.timeout_s)))
    except httpx.TimeoutException as error:
        raise ModelFailed(outcome="slow") from error
    except httpx.HTTPError as error:
        raise ModelFailed(outcome="down") from error
    text = _text_at(value, "message")
    if not text.strip():
        raise ModelFailed(outcome="nonsense")
    return ChatReply(text, str(value.get("model") or endpoint.model), _usage(value), time.monotonic() - started_s)


def stream(endpoint: Endpoint, request: ChatRequest) -> Iterator[str]:
    """The answer as it comes.

    Raises:
        ModelFailed: slow, down, refused, nonsense, or broken off; also in the middle of an answer.
    """
    count = 0
    try:
        for piece in _pieces(endpoint, request):
            count += len(piece)
            if count > _MOST_CHARACTERS:
                raise ModelFailed(outcome="nonsense")
            yield piece
    except httpx.TimeoutException as error:
        raise ModelFailed(outcome="slow") from error
    except httpx.HTTPError as error:
        raise ModelFailed(outcome="down") from error
    if not count:
        raise ModelFailed(outcome="nonsense")


def _pieces(endpoint: Endpoint, request: ChatRequest) -> Iterator[str]:
    """The texts of the events; a stream that ends before it says so has broken off."""
    ends_at_s = time.monotonic() + endpoint.timeout_s
    with _asked(endpoint, {**_body(endpoint, request), "stream": True}) as answer:
        for data in _events(_texts(answer, ends_at_s)):
            if data == _DONE:
                return
            value = _parsed(data)
            if piece := _text_at(value, "delta"):
                yield piece
            if _is_over(value):
                return
    raise ModelFailed(outcome="cut")


def _events(texts: Iterable[str]) -> Iterator[str]:
    """The data of each event; other lines are comments and names."""
    kept = ""
    for text in texts:
        *lines, kept = (kept + text).split("\n")
        for line in lines:
            if line.startswith(_DATA):
                yield line[len(_DATA) :].strip()
    if kept.startswith(_DATA):
        yield kept[len(_DATA) :].strip()


def _texts(answer: httpx.Response, ends_at_s: float) -> Iterator[str]:
    """What comes until the time is up, a trickle included, and no more than anybody says."""
    count = 0
    for text in answer.iter_text():
        count += len(text)
        if time.monotonic() > ends_at_s:
            raise ModelFailed(outcome="slow")
        if count > _MOST_READ:
            raise ModelFailed(outcome="nonsense")
        yield text


@contextmanager
def _asked(endpoint: Endpoint, body: dict[str, Any]) -> Iterator[httpx.Response]:
    """The answer as it begins to come."""
    headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
    timeout = httpx.Timeout(endpoint.timeout_s, connect=min(_CONNECT_S, endpoint.timeout_s))
    url = endpoint.url.rstrip("/") + "/chat/completions"
    with (
        httpx.Client(headers=headers, timeout=timeout, verify=_trusted()) as client,
        client.stream("POST", url, json=body) as answer,
    ):
        _check_status(answer.status_code)
        yield answer


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Read once: the certificates take longer than many an answer."""
    return httpx.create_ssl_context()


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


def _is_over(value: dict[str, Any]) -> bool:
    """Whether `choices[0].finish_reason` says that all is said.

    Raises:
        ModelFailed: it says that the model may not go on.
    """
    choices = value.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    reason = first.get("finish_reason") if isinstance(first, dict) else None
    if reason not in {None, "", _WHOLE}:
        raise ModelFailed(outcome="cut")
    return reason == _WHOLE


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
