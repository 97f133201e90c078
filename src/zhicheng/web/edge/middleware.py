"""Middleware of every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestContextMiddleware:
    """Stub."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)


class ActorMiddleware(RequestContextMiddleware):
    """Stub."""


class ErrorMiddleware(RequestContextMiddleware):
    """Stub."""
