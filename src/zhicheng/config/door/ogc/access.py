"""Who calls, whether they may, and how often: answered from memory, asked of the database every few seconds."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections
from starlette.requests import Request

from zhicheng.apps.twin.errors.services import (
    QuotaSpent,
    ServiceEmpty,
    ServiceNeedsSignIn,
    ServiceRefused,
    ServiceUnknown,
)
from zhicheng.apps.twin.public import (
    Bucket,
    caller_by_key,
    caller_by_session,
    default_quota,
    may_see,
    quota_of,
    until_midnight_s,
    used_today,
)
from zhicheng.apps.twin.values.services import Caller, CallerKind, Quota
from zhicheng.config.door.proxy import caller_in
from zhicheng.core.places.public import LayerEmpty, LayerReader, LayerUnknown, list_layers, open_layer
from zhicheng.core.places.values import Layer
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError

_T = TypeVar("_T")
_FRESH_S = 4.0
_MOST_KEPT = 20_000
_MOST_KEY = 300


class Remembered(Generic[_T]):
    """Answers kept for a few seconds, errors of ours too; asked again in a thread, once for all who wait."""

    def __init__(self, fresh_s: float = _FRESH_S) -> None:
        self._fresh_s = fresh_s
        self._kept: OrderedDict[str, tuple[float, _T | ZhichengError]] = OrderedDict()
        self._asking: dict[str, asyncio.Future[_T | ZhichengError]] = {}

    async def get(self, name: str, ask: Callable[[], _T]) -> _T:
        """The answer for a name.

        Raises:
            ZhichengError: what `ask` raised.
        """
        found = self._kept.get(name)
        if found is not None and time.monotonic() < found[0]:
            answer = found[1]
        else:
            answer = await self._ask(name, ask)
        if isinstance(answer, ZhichengError):
            raise answer
        return answer

    async def _ask(self, name: str, ask: Callable[[], _T]) -> _T | ZhichengError:
        waiting = self._asking.get(name)
        if waiting is None:
            waiting = asyncio.ensure_future(asyncio.to_thread(_answer, ask))
            self._asking[name] = waiting
            waiting.add_done_callback(lambda done: self._keep(name, done))
        return await asyncio.shield(waiting)

    def _keep(self, name: str, done: "asyncio.Future[_T | ZhichengError]") -> None:
        self._asking.pop(name, None)
        if done.cancelled() or done.exception() is not None:
            return
        self._kept[name] = (time.monotonic() + self._fresh_s, done.result())
        self._kept.move_to_end(name)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)


def _answer(ask: Callable[[], _T]) -> _T | ZhichengError:
    close_old_connections()
    try:
        return ask()
    except ZhichengError as error:
        return error


@dataclass
class Usage:
    """Calls of an application today: counted by the database some seconds ago, and by us since."""

    asked: int = -1
    since: int = 0


@dataclass
class Doorkeeper:
    """Lets calls in. One for a process."""

    layers: Remembered[dict[str, Layer]] = field(default_factory=lambda: Remembered(2.0))
    readers: Remembered[LayerReader] = field(default_factory=lambda: Remembered(2.0))
    callers: Remembered[Caller | None] = field(default_factory=Remembered)
    quotas: Remembered[Quota] = field(default_factory=Remembered)
    used: Remembered[Usage] = field(default_factory=Remembered)
    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    async def caller_of(self, request: Request) -> Caller:
        """Who calls: by API key, else by session, else by network address.

        Raises:
            ApiKeyInvalid: a key is shown, but it is none.
        """
        authorization = request.headers.get("authorization", "")
        if authorization.startswith("Bearer "):
            key = authorization.removeprefix("Bearer ")[:_MOST_KEY]
            name = hashlib.sha256(key.encode()).hexdigest()
            caller = await self.callers.get(f"key:{name}", lambda: caller_by_key(key, now=now()))
        else:
            session = request.cookies.get(settings.SESSION_COOKIE_NAME, "")[:64]
            caller = None
            if session:
                caller = await self.callers.get(f"session:{session}", lambda: caller_by_session(session, now=now()))
        return caller or Caller(CallerKind.ANONYMOUS, ref=f"address:{_address(request)}")

    async def visible(self, caller: Caller) -> list[Layer]:
        """The layers that a caller may see."""
        layers = await self.layers.get("all", _layers)
        return [layer for layer in layers.values() if may_see(layer, caller)]

    async def layer(self, code: str, caller: Caller) -> Layer:
        """A layer that a caller may see.

        Raises:
            ServiceUnknown: there is none of that code.
            ServiceNeedsSignIn: it is not for everybody, and nobody knows who asks.
            ServiceRefused: it is not for this caller.
        """
        layers = await self.layers.get("all", _layers)
        layer = layers.get(code)
        if layer is None:
            raise ServiceUnknown(layer=code[:60])
        if not may_see(layer, caller):
            known = caller.kind is not CallerKind.ANONYMOUS
            raise ServiceRefused(layer=layer.label) if known else ServiceNeedsSignIn(layer=layer.label)
        return layer

    async def reader(self, layer: Layer) -> LayerReader:
        """The layer's data as it is now, seen a few seconds late.

        Raises:
            ServiceEmpty: it holds nothing.
        """
        return await self.readers.get(layer.code, lambda: _open(layer))

    async def take(self, caller: Caller) -> None:
        """Count a call against the caller's quota.

        Raises:
            QuotaSpent: the minute or the day is used up.
        """
        account = caller.account
        quota = default_quota(caller.kind)
        if account is not None:
            quota = await self.quotas.get(str(account), lambda: quota_of(account))
        if caller.kind is CallerKind.ANONYMOUS:
            quota = Quota(0, settings.RATE_LIMITS["ogc"])
        self._take_minute(caller.ref, quota.per_minute)  # first: what the minute refuses uses up nothing of the day
        if account is not None:
            await self._take_day(account, quota)

    async def _take_day(self, account: UUID, quota: Quota) -> None:
        if not quota.per_day:
            return
        usage = await self.used.get(str(account), lambda: Usage(used_today(account, now=now())))
        usage.since += 1
        if usage.asked + usage.since > quota.per_day:
            usage.since -= 1
            raise QuotaSpent(what="今天", wait_s=until_midnight_s(now()))

    def _take_minute(self, ref: str, per_minute: int) -> None:
        if not per_minute:
            return
        at_s = time.monotonic()
        bucket = self._buckets.get(ref)
        if bucket is None:
            bucket = self._buckets[ref] = Bucket(per_minute / 4, at_s)
            while len(self._buckets) > _MOST_KEPT:
                self._buckets.popitem(last=False)
        wait_s = bucket.take(per_minute, at_s)
        if wait_s:
            raise QuotaSpent(what="这一分钟", wait_s=int(wait_s) + 1)


def _layers() -> dict[str, Layer]:
    return {layer.code: layer for layer in list_layers()}


def _open(layer: Layer) -> LayerReader:
    try:
        return open_layer(layer.code)
    except (LayerEmpty, LayerUnknown, FileNotFoundError):
        raise ServiceEmpty(layer=layer.label) from None


def _address(request: Request) -> str:
    return caller_in(request.scope, settings.TRUSTED_PROXIES).address
