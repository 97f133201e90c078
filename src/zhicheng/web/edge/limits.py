"""How often one address may ask: a moving minute, counted in each web process."""

import threading
import time
from collections import OrderedDict, deque

from django.conf import settings
from django.http import HttpRequest

from zhicheng.kit.errors import ErrorKind, ZhichengError

_WINDOW_S = 60.0
_ANONYMOUS_WRITES = {"/api/v1/appeals": "api_submit", "/api/v1/attachments": "api_upload"}
_ANONYMOUS_TALK = ("/api/v1/assistant/", "/api/assistant/v1/")
_MOST_ADDRESSES = 50_000


class TooManyRequests(ZhichengError):
    """One address asked too often."""

    code = "edge.too_many_requests"
    kind = ErrorKind.RATE_LIMITED
    message = "操作太频繁，请 {wait_s} 秒后再试。已经提交成功的不受影响。"
    retryable = True


class MovingWindow:
    """Instants of the last minute by key; the least recently seen keys are forgotten first."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, key: str, limit: int, at_s: float) -> float:
        """Count one request; 0 when it is within the limit, else the seconds until the next may come."""
        with self._lock:
            instants = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while instants and instants[0] <= at_s - _WINDOW_S:
                instants.popleft()
            if len(instants) >= limit:
                return instants[0] + _WINDOW_S - at_s
            instants.append(at_s)
            while len(self._seen) > _MOST_ADDRESSES:
                self._seen.popitem(last=False)
            return 0.0


_window = MovingWindow()


def check_rate(request: HttpRequest, rule: str, *, who: str = "") -> None:
    """Count a request against a rule of settings.RATE_LIMITS; a rule of 0 does not count.

    `who` is counted in place of the address, where many signed-in people share one.

    Raises:
        TooManyRequests: the address, or who is named, has used up the minute.
    """
    limit = settings.RATE_LIMITS[rule]
    if not limit:
        return
    wait_s = _window.wait_s(f"{rule}:{who or request.META['REMOTE_ADDR']}", limit, time.monotonic())
    if wait_s > 0:
        raise TooManyRequests(wait_s=int(wait_s) + 1)


def check_page_rate(request: HttpRequest) -> None:
    """The wide limit over all pages and the API; narrower ones are checked by the views they protect.

    Raises:
        TooManyRequests: the address has used up its minute.
    """
    if not request.path.startswith("/api/"):
        check_rate(request, "page")
        return
    check_rate(request, "api")
    if "X-Follow-Code" in request.headers or "code" in request.GET:  # somebody may be guessing follow codes
        check_rate(request, "follow")
    if request.method == "POST" and not hasattr(request, "actor"):  # no API key vouches for it
        rule = "api_assistant" if request.path.startswith(_ANONYMOUS_TALK) else _ANONYMOUS_WRITES.get(request.path)
        if rule:
            check_rate(request, rule)
