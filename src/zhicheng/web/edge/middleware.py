"""Middleware of every request: its number and time, who asks, how errors answer, how often one may ask."""

import base64
import time
from collections.abc import Callable
from contextlib import suppress

import structlog
from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from prometheus_client import Histogram

from zhicheng.core.parties.public import actor_for_api_key
from zhicheng.kit.clock import now
from zhicheng.kit.errors import ZhichengError
from zhicheng.web.edge.encoding import Unreadable, check_encoding
from zhicheng.web.edge.errors import database_away, problem
from zhicheng.web.edge.headers import CSP, request_id_of
from zhicheng.web.edge.limits import check_page_rate

GetResponse = Callable[[HttpRequest], HttpResponse]

_log = structlog.get_logger("zhicheng.web")
_APIS = ("/api/", "/sta/")
_SENSING = "/sta/"  # its clients know names and passwords only: the key is the password
_METRICS = "/metrics"  # its Bearer token is the operator's, not an API key
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = Histogram(
    "zhicheng_request_seconds",
    "Time to answer a request",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


class RequestContextMiddleware:
    """Gives each request a number, measures it, writes one log line, sets the security headers."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        request.request_id = request_id_of(request.headers.get("X-Request-ID", ""))  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]
        started = time.perf_counter()
        response = self._get_response(request)
        self._finish(request, response, time.perf_counter() - started)
        return response

    def _finish(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        match = request.resolver_match
        route = match.route if match else "-"
        method = request.method if request.method in _METHODS else "other"  # each word would be one more time series
        _SECONDS.labels(method, route, response.status_code).observe(seconds)
        _log.info("request", method=method, route=route, status=response.status_code, ms=round(seconds * 1000, 1))
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        response.setdefault("Content-Security-Policy", CSP)
        response.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store"


class ActorMiddleware:
    """Sets `request.actor` to the service whose API key is shown; signed-in accounts are looked up when first asked."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request; an API key that is wrong, or cannot be looked up, ends it here."""
        key = _api_key_of(request)
        if key is not None:
            try:
                request.actor = actor_for_api_key(key, now=now())  # type: ignore[attr-defined]
            except ZhichengError as error:
                return problem(request, error)
            except (OperationalError, InterfaceError) as error:
                return database_away(request, error)
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # no cookie took part
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """A write through the API that a session cookie vouches for needs the CSRF token, like any form."""
        by_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES and "Authorization" not in request.headers
        if not (request.path.startswith(_APIS) and by_cookie):
            return None
        return CsrfViewMiddleware(self._get_response).process_view(request, self._get_response, (), {})


def _api_key_of(request: HttpRequest) -> str | None:
    """The API key that a request shows, if it shows one."""
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Bearer" and request.path != _METRICS:
        return shown
    if scheme == "Basic" and request.path.startswith(_SENSING):
        with suppress(ValueError):
            return base64.b64decode(shown).decode().partition(":")[2]
        return ""
    return None


class ErrorMiddleware:
    """Answers errors of ours with their status and sentence, and keeps one address from asking too often."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        try:
            check_page_rate(request)
            check_encoding(request)
        except ZhichengError as error:
            return self.process_exception(request, error) or self._get_response(request)
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Errors of ours become answers, so does a database that is away; others go on to Django's own handling."""
        if isinstance(exception, OperationalError | InterfaceError):
            return database_away(request, exception)
        if isinstance(exception, DataError):
            _log.warning("the database cannot keep this", error=str(exception).partition("\n")[0][:200])
            exception = Unreadable()
        if isinstance(exception, Http404):
            return None
        if not isinstance(exception, ZhichengError):
            _log.exception("request failed", error=type(exception).__name__)
            return None
        return problem(request, exception)
