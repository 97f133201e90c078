"""What the pages of signing in share: the step between password and code, the new session, where to go afterwards."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from zhicheng.core.parties.public import start_session

_PENDING = "signin"
_PENDING_LIFE = timedelta(minutes=10)
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg/", "Edge"),
    ("HuaweiBrowser", "华为浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Pending:
    """An official whose password was right, on the way to the code. Kept in the session; no rights come of it."""

    account_id: UUID
    next_url: str
    code_was_right: bool = False


def keep_pending(request: HttpRequest, pending: Pending, *, now: datetime) -> None:
    """Remember the step for ten minutes, in a session with a new key."""
    request.session.cycle_key()
    request.session[_PENDING] = {
        "account": str(pending.account_id),
        "next": pending.next_url,
        "code": pending.code_was_right,
        "at": now.timestamp(),
    }


def pending_of(request: HttpRequest, *, now: datetime) -> Pending | None:
    """The step that was remembered; None when there is none or it is too old."""
    kept = request.session.get(_PENDING)
    if not kept or now.timestamp() - kept["at"] > _PENDING_LIFE.total_seconds():
        return None
    return Pending(UUID(kept["account"]), kept["next"], kept["code"])


def begin_session(request: HttpRequest, account_id: UUID, next_url: str, *, now: datetime) -> HttpResponse:
    """Sign in, then go where the person wanted to go."""
    request.session.pop(_PENDING, None)
    start_session(request, account_id, device=device_of(request), now=now)
    return HttpResponseRedirect(next_url)


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where `next` leads if that is a page of ours; never to another site, never back to signing in."""
    wanted = (request.POST.get("next") or request.GET.get("next") or "")[:500]
    ours = {request.get_host()}
    if not wanted.startswith("/") or not url_has_allowed_host_and_scheme(wanted, ours, request.is_secure()):
        return fallback
    path = urlsplit(wanted).path
    return fallback if re.match(r"/sign(in|out)/", path) else wanted


def address_of(request: HttpRequest) -> str:
    """The network address that asks; the door sets the header, web alone is not reachable from outside."""
    return request.headers.get("X-Forwarded-For") or str(request.META.get("REMOTE_ADDR", ""))


def device_of(request: HttpRequest) -> str:
    """Browser and system in words, for the list of sessions: no version, nothing that identifies a person."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "其他程序")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} · {system}" if system else browser
