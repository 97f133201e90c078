"""`POST /ingest/observations`: many readings at once, from systems that show an application key.

No request cycle of Django's: the key is asked for once in a while, the body goes straight into columns and the log.
"""

import asyncio
import hashlib
import time
from dataclasses import dataclass

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp

from zhicheng.config.door.bodies import MOST_BYTES
from zhicheng.config.door.refusals import BodyTooLarge, BodyTooSlow, Refusal
from zhicheng.core.parties.public import actor_for_api_key
from zhicheng.core.telemetry.errors import SensingForbidden, SensingUnauthenticated
from zhicheng.core.telemetry.public import accept_bulk
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError
from zhicheng.web.edge.errors import DatabaseAway

_log = structlog.get_logger("zhicheng.door")
_PERMISSION = "devices.report"
_KNOWN_S = 30.0
_MOST_KNOWN = 1000
_AT_ONCE = 2  # columns are computed in threads; more of them only take turns
_BODIES, _BODY_S = 6, 60.0  # held in memory at once, and how long one may take to arrive
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class _Caller:
    ref: str
    until_s: float


class Ingest:
    """The route, with the callers it has seen lately."""

    def __init__(self) -> None:
        self._known: dict[bytes, _Caller] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._bodies = asyncio.Semaphore(_BODIES)

    async def receive(self, request: Request) -> ASGIApp:
        """Answer when the readings are safe."""
        try:
            caller = await self._caller(request.headers.get("authorization", ""))
            async with self._bodies:
                answer = await self._accept(request, caller)
        except (OperationalError, InterfaceError) as error:
            _log.warning("database away", error=str(error)[:200])
            return Refusal(DatabaseAway())
        except ZhichengError as error:
            return Refusal(error)
        except ClientDisconnect:
            return Response(status_code=400)
        return Response(answer, media_type="application/json", headers=_HEADERS)

    async def _accept(self, request: Request, caller: str) -> bytes:
        try:
            async with asyncio.timeout(_BODY_S):
                body = await _body(request)
        except TimeoutError:
            raise BodyTooSlow() from None
        media, key = request.headers.get("content-type", ""), request.headers.get("idempotency-key", "")[:200]
        async with self._turns:
            return await asyncio.to_thread(accept_bulk, body, media, caller=caller, key=key, now=now())

    async def _caller(self, said: str) -> str:
        """Who sends: asked of the database once in half a minute.

        Raises:
            SensingUnauthenticated: there is no key.
            SensingForbidden: the key may not send readings.
            ZhichengError: the key is not valid.
        """
        scheme, _, key = said.partition(" ")
        if scheme.lower() != "bearer" or not key:
            raise SensingUnauthenticated()
        digest = hashlib.sha256(key.encode()).digest()
        known = self._known.get(digest)
        if known is None or known.until_s < time.monotonic():
            ref = await asyncio.to_thread(_ask, key)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            known = self._known[digest] = _Caller(ref, time.monotonic() + _KNOWN_S)
        return known.ref


def _ask(key: str) -> str:
    close_old_connections()
    actor = actor_for_api_key(key, now=now())
    if _PERMISSION not in actor.permissions:
        raise SensingForbidden(act="上报观测数据")
    return actor.ref


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            raise BodyTooLarge()
        parts.append(part)
    return b"".join(parts)
