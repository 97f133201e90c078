"""Errors as people and programs want them: a page with a way on, or problem details (RFC 9457)."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from prometheus_client import Counter

from zhicheng.kit.errors import ErrorKind, FieldErrors, ZhichengError

_log = structlog.get_logger("zhicheng.web")
_ERRORS = Counter("zhicheng_errors", "Errors answered, by stable code", ["code"])
_TITLES = {
    400: "请求有误",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种操作",
    409: "情况有变化",
    410: "已经失效",
    413: "内容太大",
    415: "格式不支持",
    422: "有内容需要修改",
    429: "操作太频繁",
    500: "系统出错了",
    503: "暂时不能服务",
}
_OURS = 500
PROBLEM_TYPE = "application/problem+json"
RETRY_AFTER_S = {ErrorKind.RATE_LIMITED.value: "30", ErrorKind.UNAVAILABLE.value: "2"}


class DatabaseAway(ZhichengError):
    """The database does not answer; it is being started again."""

    code = "edge.database_away"
    kind = ErrorKind.UNAVAILABLE
    message = "系统正在恢复，请稍候再试。已经提交成功的不会丢。"
    retryable = True


@dataclass(frozen=True)
class Said:
    """What there is to say about an error, in either form. The door says it, too: without a request of Django's."""

    status: int
    detail: str
    request_id: str
    extra: Mapping[str, Any]

    @property
    def title(self) -> str:
        """The status in words."""
        return _TITLES.get(self.status, "出错了")

    def details(self) -> dict[str, Any]:
        """Problem details for a program."""
        plain = {"type": "about:blank", "title": self.title, "status": self.status, "detail": self.detail}
        return {**plain, "request_id": self.request_id, **self.extra}

    def page(self, request: HttpRequest | None) -> str:
        """A page for people; without a request it shows nothing about its reader."""
        shown = {"status": self.status, "title": self.title, "text": self.detail, "request_id": self.request_id}
        return render_to_string("portal/error.html", {"error": shown, **self.extra}, request)


def wants_json(request: HttpRequest) -> bool:
    """Programs and our own scripts get problem details; people get pages."""
    return request.path.startswith(("/api/", "/sta/")) or "application/json" in request.headers.get("Accept", "")


def problem(request: HttpRequest, error: ZhichengError) -> HttpResponse:
    """The answer to an error of ours."""
    _ERRORS.labels(error.code).inc()
    status = error.kind.value
    extra: dict[str, Any] = {"code": error.code}
    if isinstance(error, FieldErrors):
        extra["fields"] = error.fields
    return respond(request, status, str(error), extra)


def database_away(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer while the database is started again: come back in a moment."""
    _log.warning("database away", error=str(error)[:200])
    return problem(request, DatabaseAway())


def respond(request: HttpRequest, status: int, detail: str, extra: dict[str, Any] | None = None) -> HttpResponse:
    """A status with its sentence, as a page or as problem details."""
    said = Said(status, detail, getattr(request, "request_id", ""), extra or {})
    if wants_json(request):
        answer: HttpResponse = JsonResponse(said.details(), status=status, json_dumps_params={"ensure_ascii": False})
        answer["Content-Type"] = PROBLEM_TYPE
    else:
        asks_nobody = status >= _OURS  # what every page shows about its reader comes from the database
        answer = HttpResponse(said.page(None if asks_nobody else request), status=status)
    if status in RETRY_AFTER_S:
        answer["Retry-After"] = RETRY_AFTER_S[status]
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came from elsewhere or stayed open too long."""
    _log.warning("csrf refused", reason=reason)
    sentence = "页面打开得太久，为了安全没有提交。请返回上一页刷新后再试，填写的内容还在。"
    return respond(request, 403, sentence, {"code": "edge.csrf"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django could not read the request."""
    if isinstance(exception, RequestDataTooBig):
        return respond(
            request, 413, "提交的文字太多，请缩短后再试；大段材料请作为附件上传。", {"code": "edge.too_large"}
        )
    _log.warning("bad request", error=type(exception).__name__)
    return respond(request, 400, "请求的内容无法读取，请检查后再试。", {"code": "edge.bad_request"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No page at this address."""
    del exception
    return respond(request, 404, "没有这个页面。可能是链接过期了，或地址输错了。", {"code": "edge.not_found"})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page is not for this person."""
    del exception
    return respond(request, 403, "您没有查看这个页面的权限。", {"code": "edge.forbidden"})


def server_error(request: HttpRequest) -> HttpResponse:
    """Something of ours broke: the number lets an operator find it.

    A database that went away inside a middleware (a session loaded or saved) also ends here.
    """
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return database_away(request, error)
    number = getattr(request, "request_id", "")
    return respond(
        request, 500, f"系统出了问题，已经记录下来。请稍后再试；如需咨询，请报编号 {number}。", {"code": "edge.failed"}
    )
