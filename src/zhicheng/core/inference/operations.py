"""Asking a chat model: metered, and left in peace for a while after it failed several times."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from zhicheng.core.inference.errors import ModelFailed, ModelNotConfigured
from zhicheng.core.inference.gate import chat
from zhicheng.core.inference.models import ModelCall
from zhicheng.core.inference.queries import chat_endpoint
from zhicheng.core.inference.values import ChatReply, ChatRequest, Endpoint, Usage

_FAILURES_BEFORE_PAUSE = 3
_PAUSE_S = 20.0


@dataclass
class _Pause:
    """How often in a row this process saw the model fail, and until when it is not asked."""

    failures: int = 0
    until_s: float = 0.0


_pause = _Pause()


@dataclass(frozen=True)
class _Call:
    """One call that is being made."""

    endpoint: Endpoint
    request: ChatRequest
    now: datetime
    started_s: float

    def ended(self, outcome: str, usage: Usage) -> None:
        ModelCall.objects.create(
            at=self.now,
            kind="chat",
            model=self.endpoint.model[:120],
            purpose=self.request.purpose[:64],
            outcome=outcome,
            milliseconds=round((time.monotonic() - self.started_s) * 1000),
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
        )

    def succeeded(self, usage: Usage) -> None:
        _pause.failures = 0
        self.ended("ok", usage)

    def failed(self, error: ModelFailed) -> None:
        _pause.failures += 1
        if _pause.failures >= _FAILURES_BEFORE_PAUSE:
            _pause.until_s = time.monotonic() + _PAUSE_S
            _pause.failures = 0
        self.ended(str(error.data["outcome"]), Usage())


def ask_chat(request: ChatRequest, *, now: datetime) -> ChatReply:
    """The answer of the configured chat model.

    Raises:
        ModelNotConfigured: the city has none.
        ModelFailed: slow, down, refused, nonsense, or paused after failures.
    """
    call = _begin(request, now)
    try:
        reply = chat.complete(call.endpoint, request)
    except ModelFailed as error:
        call.failed(error)
        raise
    call.succeeded(reply.usage)
    return reply


def stream_chat(request: ChatRequest, *, now: datetime) -> Iterator[str]:
    """As `ask_chat`, piece by piece; tokens are not counted, because the protocol does not promise them.

    Raises:
        ModelNotConfigured: the city has none.
        ModelFailed: also in the middle of an answer.
    """
    call = _begin(request, now)
    try:
        yield from chat.stream(call.endpoint, request)
    except ModelFailed as error:
        call.failed(error)
        raise
    except GeneratorExit:  # whoever listened has gone, or has heard enough
        call.ended("left", Usage())
        raise
    call.succeeded(Usage())


def forget_failures() -> None:
    """Ask again at once: between tests."""
    _pause.failures, _pause.until_s = 0, 0.0


def _begin(request: ChatRequest, now: datetime) -> _Call:
    endpoint = chat_endpoint()
    if endpoint is None:
        raise ModelNotConfigured()
    call = _Call(endpoint, request, now, time.monotonic())
    if time.monotonic() < _pause.until_s:
        call.ended("paused", Usage())
        raise ModelFailed(outcome="paused")
    return call
