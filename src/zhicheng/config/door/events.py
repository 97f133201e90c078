"""Live events: what the relay announces, sent on to the pages that may see it (Server-Sent Events)."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import psycopg
import structlog
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from zhicheng.config.database import database_url
from zhicheng.core.cases.public import readable_units
from zhicheng.core.ledger.public import LIVE_CHANNEL
from zhicheng.core.parties.public import actor_for, get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import now

_log = structlog.get_logger("zhicheng.door")
_KEEP_ALIVE_S = 15.0
_RECHECK_S = 60.0
_QUEUE = 500
_MOST_LISTENERS = 2000
_WORDS = {
    "open": ("新诉求", "now"),
    "reply": ("已答复", "done"),
    "rate": ("已评价", "done"),
    "clock_warning": ("快到时限", "warning"),
    "clock_overdue": ("已超时", "danger"),
    "clock_escalation": ("超时上报", "danger"),
    "refuse": ("退回，待仲裁", "warning"),
}
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


@dataclass(eq=False)
class Listener:
    """One open page: the units whose cases it may see, and what waits to be sent."""

    units: frozenset[str]
    queue: "asyncio.Queue[dict[str, Any]]" = field(default_factory=lambda: asyncio.Queue(_QUEUE))

    def offer(self, event: dict[str, Any]) -> None:
        """Queue an event it may see; a page too slow to follow is told to reload instead."""
        if (event.get("data") or {}).get("unit") not in self.units:
            return
        if self.queue.full():
            with contextlib.suppress(asyncio.QueueEmpty):
                while True:
                    self.queue.get_nowait()
            event = {"type": "reload"}
        self.queue.put_nowait(event)


class EventHub:
    """Listens to the database once and tells every page. Use as a context manager."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()

    @contextlib.asynccontextmanager
    async def listening(self, units: frozenset[str]) -> AsyncIterator[Listener]:
        """A listener for as long as the page is open."""
        listener = Listener(units)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    @property
    def is_full(self) -> bool:
        """Whether no more pages are taken."""
        return len(self._listeners) >= _MOST_LISTENERS

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except psycopg.OperationalError as error:
                _log.warning("live events interrupted", error=str(error)[:200])
                await asyncio.sleep(1.0)

    async def _hear(self) -> None:
        async with await psycopg.AsyncConnection.connect(database_url(), autocommit=True) as connection:
            await connection.execute(f"LISTEN {LIVE_CHANNEL}")
            async for notice in connection.notifies():
                self._tell(notice.payload)

    def _tell(self, payload: str) -> None:
        event = json.loads(payload)
        for listener in tuple(self._listeners):
            listener.offer(event)


async def stream(request: Request) -> Response:
    """`/events/cockpit`: cases of the actor's units as they change. Needs the session of an official."""
    hub: EventHub = request.app.state.hub
    session_key = request.cookies.get(settings.SESSION_COOKIE_NAME, "")
    units = await asyncio.to_thread(_units_of, session_key)
    if units is None or request.path_params["channel"] not in {"cockpit", "workbench"}:
        return JSONResponse({"title": "请先登录。", "status": 401, "code": "signin.needed"}, status_code=401)
    if hub.is_full:
        return JSONResponse({"title": "连接太多，请稍后再试。", "status": 503, "code": "door.full"}, status_code=503)
    return StreamingResponse(_events(hub, session_key, units), media_type="text/event-stream", headers=_HEADERS)


async def _events(hub: EventHub, session_key: str, units: frozenset[str]) -> AsyncIterator[str]:
    """Events while the session lasts: asked once a minute, so that who signed out or lost a role hears no more."""
    async with hub.listening(units) as listener:
        yield "retry: 2000\n\n"
        asked_s = time.monotonic()
        allowed: frozenset[str] | None = units
        while True:
            if time.monotonic() - asked_s >= _RECHECK_S:
                asked_s = time.monotonic()
                allowed = await asyncio.to_thread(_units_of, session_key)
                listener.units = allowed or frozenset()
            if allowed is None:
                return
            try:
                event = await asyncio.wait_for(listener.queue.get(), _KEEP_ALIVE_S)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            yield await _message(event)


async def _message(event: dict[str, Any]) -> str:
    """An event in the form of the stream; a page that missed some is told to load itself again."""
    if event.get("type") == "reload":
        return "event: reload\ndata: {}\n\n"
    if "message" not in event:  # every page is told the same: made once, where the database may be asked
        event["message"] = await asyncio.to_thread(_line_message, event)
    message: str = event["message"]
    return message


def _line_message(event: dict[str, Any]) -> str:
    close_old_connections()
    return f"data: {json.dumps(live_line(event), ensure_ascii=False)}\n\n"


def live_line(event: dict[str, Any]) -> dict[str, str]:
    """An event as one line of a live list: at, title, text, tone, url. Titles were masked at intake."""
    data = event.get("data") or {}
    action = str(data.get("action", ""))
    words, tone = _WORDS.get(action, (str(data.get("label", "")), ""))
    tree = get_unit_tree()
    unit = data.get("unit", "")
    return {
        "at": str(event.get("at", "")),
        "title": f"{words}：{data.get('title', '')}",
        "text": tree.get(unit).name if unit in tree else "",
        "tone": tone,
        "url": f"/workbench/cases/{data['number']}/" if data.get("number") else "",
    }


def _units_of(session_key: str) -> frozenset[str] | None:
    """The units whose cases the official behind a session key may see; None where there is no official."""
    actor = _actor_of(session_key)
    return None if actor is None else readable_units(actor, get_unit_tree())


def _actor_of(session_key: str) -> Actor | None:
    """The official behind a session key, by Django's own session store."""
    close_old_connections()
    if not session_key:
        return None
    account = SessionStore(session_key).get("_auth_user_id")
    if account is None:
        return None
    actor = actor_for(UUID(str(account)), now=now())
    return actor if actor.grants else None
