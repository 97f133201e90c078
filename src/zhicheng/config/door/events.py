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
from django.db import InterfaceError, OperationalError, close_old_connections
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from zhicheng.config.database import database_url
from zhicheng.config.door.refusals import DoorFull, Refusal, TooManyPages
from zhicheng.core.cases.public import readable_units
from zhicheng.core.ledger.public import LIVE_CHANNEL
from zhicheng.core.parties.public import actor_for, get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import now
from zhicheng.web.edge.errors import DatabaseAway
from zhicheng.web.shared.signin import SignInNeeded

_log = structlog.get_logger("zhicheng.door")
_KEEP_ALIVE_S = 15.0
_RECHECK_S = 60.0
_QUEUE = 500
_MOST_LISTENERS = 2000
SEE_DEVICES = "devices.view"
_ALARM_CASES = "cases.device_alarm."
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


@dataclass(frozen=True)
class Viewer:
    """Who looks at a live page: the account, the units whose cases it may see, whether it may see devices."""

    account: str
    units: frozenset[str]
    sees_devices: bool = False


@dataclass(eq=False)
class Listener:
    """One open page: the units whose cases it may see, and what waits to be sent."""

    units: frozenset[str]
    account: str = ""
    sees_devices: bool = False
    queue: "asyncio.Queue[dict[str, Any]]" = field(default_factory=lambda: asyncio.Queue(_QUEUE))

    def offer(self, event: dict[str, Any]) -> None:
        """Queue what it may see: an event of its cases; of anybody's alarm, where it may see devices, only the hint."""
        if self.sees_devices and str(event.get("type", "")).startswith(_ALARM_CASES):
            self._queue({"type": "alarms"})
        if (event.get("data") or {}).get("unit") in self.units:
            self._queue(event)

    def _queue(self, event: dict[str, Any]) -> None:
        """A page too slow to follow is told to reload instead."""
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
    async def listening(self, viewer: Viewer) -> AsyncIterator[Listener]:
        """A listener for as long as the page is open.

        Raises:
            DoorFull: there are as many listeners as this process can serve.
            TooManyPages: the account has as many open as one may have.
        """
        if len(self._listeners) >= _MOST_LISTENERS:
            raise DoorFull()
        most = settings.LIVE_PAGES
        if sum(listener.account == viewer.account for listener in self._listeners) >= most:
            raise TooManyPages(most=most)
        listener = Listener(viewer.units, viewer.account, viewer.sees_devices)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

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


async def stream(request: Request) -> ASGIApp:
    """`/events/cockpit`: cases of the actor's units as they change. Needs the session of an official."""
    session_key = request.cookies.get(settings.SESSION_COOKIE_NAME, "")
    try:
        viewer = await asyncio.to_thread(_viewer_of, session_key)
    except (OperationalError, InterfaceError) as error:
        _log.warning("database away", error=str(error)[:200])
        return Refusal(DatabaseAway())
    if viewer is None or request.path_params["channel"] not in {"cockpit", "workbench"}:
        return Refusal(SignInNeeded())
    return LiveStream(request.app.state.hub, session_key, viewer)


class LiveStream:
    """The answer to one open page: its place is taken and given back here, refused where there is none."""

    def __init__(self, hub: EventHub, session_key: str, viewer: Viewer) -> None:
        self._hub, self._session_key, self._viewer = hub, session_key, viewer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until the page is closed."""
        try:
            async with self._hub.listening(self._viewer) as listener:
                events = _events(listener, self._session_key)
                await StreamingResponse(events, media_type="text/event-stream", headers=_HEADERS)(scope, receive, send)
        except (DoorFull, TooManyPages) as error:
            await Refusal(error)(scope, receive, send)


async def _events(listener: Listener, session_key: str) -> AsyncIterator[str]:
    """Events while the session lasts: asked once a minute, so that who signed out or lost a role hears no more."""
    yield "retry: 2000\n\n"
    asked_s = time.monotonic()
    while True:
        if time.monotonic() - asked_s >= _RECHECK_S:
            asked_s = time.monotonic()
            if not await asyncio.to_thread(_is_still_allowed, listener, session_key):
                return
        try:
            event = await asyncio.wait_for(listener.queue.get(), _KEEP_ALIVE_S)
        except TimeoutError:
            yield ": still here\n\n"
            continue
        yield await _message(event)


def _is_still_allowed(listener: Listener, session_key: str) -> bool:
    """Ask again for the units of the page; while the database is away nothing happens that could be told."""
    try:
        viewer = _viewer_of(session_key)
    except (OperationalError, InterfaceError):
        return True
    if viewer is not None:
        listener.units, listener.sees_devices = viewer.units, viewer.sees_devices
    return viewer is not None


async def _message(event: dict[str, Any]) -> str:
    """An event in the form of the stream; a page that missed some is told to load itself again."""
    if event.get("type") in {"reload", "alarms"}:
        return f"event: {event['type']}\ndata: {{}}\n\n"
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
    if action == "open" and str(event.get("type", "")).startswith(_ALARM_CASES):
        words, tone = "设备告警", "danger"
    tree = get_unit_tree()
    unit = data.get("unit", "")
    return {
        "at": str(event.get("at", "")),
        "title": f"{words}：{data.get('title', '')}",
        "text": tree.get(unit).name if unit in tree else "",
        "tone": tone,
        "url": f"/workbench/cases/{data['number']}/" if data.get("number") else "",
    }


def _viewer_of(session_key: str) -> Viewer | None:
    """The official behind a session key, with the units whose cases they may see; None where there is none."""
    actor = _actor_of(session_key)
    if actor is None:
        return None
    return Viewer(actor.ref, readable_units(actor, get_unit_tree()), SEE_DEVICES in actor.permissions)


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
