"""What the door itself has to refuse, said to programs as problem details and to people as a page."""

import asyncio
import json

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from zhicheng.kit.errors import ErrorKind, ZhichengError
from zhicheng.web.edge.errors import PROBLEM_TYPE, RETRY_AFTER_S, Said
from zhicheng.web.edge.headers import CSP, request_id_of

MOST_MB = 80


class WebAway(ZhichengError):
    """Web is being started."""

    code = "door.web_away"
    kind = ErrorKind.UNAVAILABLE
    message = "系统正在启动，请稍候再试。"
    retryable = True


class BodyTooLarge(ZhichengError):
    """More than the door hands on, whether the request said so or not."""

    code = "door.too_large"
    kind = ErrorKind.TOO_LARGE
    message = f"上传的内容太大，不能超过 {MOST_MB} MB。"


class BodyTooSlow(ZhichengError):
    """It did not arrive in time."""

    code = "door.too_slow"
    kind = ErrorKind.UNAVAILABLE
    message = "上传用了太长时间，没有收完。请分成小一些的批次再传。"
    retryable = True


class DoorFull(ZhichengError):
    """No more live pages are taken."""

    code = "door.full"
    kind = ErrorKind.UNAVAILABLE
    message = "同时打开的实时页面太多，请稍后再试。"
    retryable = True


class TooManyPages(ZhichengError):
    """One account has too many live pages open."""

    code = "door.too_many_pages"
    kind = ErrorKind.RATE_LIMITED
    message = "您已打开 {most} 个实时页面。请先关闭不用的页面，再刷新这一页。"


class PictureReplaced(ZhichengError):
    """Somebody counts in a picture of the devices that is no more."""

    code = "door.picture_replaced"
    kind = ErrorKind.GONE
    message = "这幅设备实况已经更换，请重新读取全部设备。"


class Refusal:
    """An ASGI application that says one error."""

    def __init__(self, error: ZhichengError) -> None:
        self._error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, whatever was asked."""
        del receive
        asked = Headers(scope=scope)
        request_id = request_id_of(asked.get("x-request-id", ""))
        said = Said(self._error.kind.value, str(self._error), request_id, {"code": self._error.code})
        if "text/html" in asked.get("accept", "") and not scope["path"].startswith("/api/"):
            kind, body = "text/html; charset=utf-8", await asyncio.to_thread(said.page, None)
        else:
            kind, body = PROBLEM_TYPE, json.dumps(said.details(), ensure_ascii=False)
        content = body.encode()
        headers = {"content-type": kind, "content-length": str(len(content)), "content-security-policy": CSP}
        headers |= {"cache-control": "no-store", "x-content-type-options": "nosniff", "x-request-id": request_id}
        if said.status in RETRY_AFTER_S:
            headers["retry-after"] = RETRY_AFTER_S[said.status]
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": said.status, "headers": raw})
        await send({"type": "http.response.body", "body": content})
