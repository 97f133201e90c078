"""Handing requests to web over a Unix socket, streaming both ways."""

from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Self

import aiohttp
import structlog
from starlette.types import Message, Receive, Scope, Send
from yarl import URL

from zhicheng.web.edge.forwarding import Caller, Claims, Networks, caller_of

_log = structlog.get_logger("zhicheng.door")
_FOR, _PROTO = b"x-forwarded-for", b"x-forwarded-proto"
_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailers",
        b"transfer-encoding",
        b"upgrade",
        _FOR,
        _PROTO,
    }
)
_CHUNK = 64 * 1024
_LARGEST_BODY = 80 * 1024 * 1024
_AWAY = '{"type":"about:blank","title":"系统正在启动，请稍候再试。","status":503,"code":"door.web_away"}'


class Proxy:
    """An ASGI application that forwards to web. Use as a context manager."""

    def __init__(self, socket_path: str, trusted: Networks = ()) -> None:
        self._socket_path, self._trusted = socket_path, trusted
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.UnixConnector(path=self._socket_path, limit=256)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=120)
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=timeout,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request; a body over 80 MB is refused before it is read."""
        if scope["type"] != "http" or self._session is None:
            return
        headers = list(_forwarded(scope, self._trusted))
        length = next(
            (int(value) for name, value in scope["headers"] if name == b"content-length" and value.isdigit()), 0
        )
        if length > _LARGEST_BODY:
            await _plain(send, 413, '{"title":"上传的内容太大，不能超过 80 MB。","status":413,"code":"door.too_large"}')
            return
        has_body = length > 0 or any(name == b"transfer-encoding" for name, _ in scope["headers"])
        path = scope.get("raw_path") or scope["path"].encode()
        query = scope["query_string"]
        url = f"http://web{path.decode('latin-1')}" + (f"?{query.decode('latin-1')}" if query else "")
        answer = _Answer(send)
        try:
            await self._forward(scope["method"], url, headers, _body(receive) if has_body else None, answer)
        except aiohttp.ClientError as error:
            _log.warning("web did not answer", path=scope["path"], error=type(error).__name__)
            if answer.has_begun:
                raise  # the server breaks the connection off: half an answer must not look like a whole one
            await _plain(send, 503, _AWAY)

    async def _forward(
        self, method: str, url: str, headers: list[tuple[str, str]], body: AsyncIterator[bytes] | None, send: Send
    ) -> None:
        if self._session is None:
            raise aiohttp.ClientConnectionError("the proxy is closed")
        target = URL(url, encoded=True)
        async with self._session.request(method, target, headers=headers, data=body, allow_redirects=False) as answer:
            kept = [(name.lower(), value) for name, value in answer.raw_headers if name.lower() not in _HOP_BY_HOP]
            await send({"type": "http.response.start", "status": answer.status, "headers": kept})
            async for chunk in answer.content.iter_chunked(_CHUNK):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})


class _Answer:
    """What is sent to the client, and whether anything was sent yet."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        self.has_begun = True
        await self._send(message)


def _forwarded(scope: Scope, trusted: Networks) -> Iterable[tuple[str, str]]:
    """The request's headers, with the caller as the door believes it: what anybody else claims is dropped.

    So are names with an underscore: WSGI cannot tell `x_forwarded_for` from `x-forwarded-for`.
    """
    for name, value in scope["headers"]:
        if name not in _HOP_BY_HOP and name != b"content-length" and b"_" not in name:
            yield name.decode("latin-1"), value.decode("latin-1")
    length = next((value for name, value in scope["headers"] if name == b"content-length"), None)
    if length is not None:
        yield "content-length", length.decode("latin-1")
    caller = _caller(scope, trusted)
    yield "x-forwarded-for", caller.address
    yield "x-forwarded-proto", caller.scheme


def _caller(scope: Scope, trusted: Networks) -> Caller:
    client = scope.get("client")
    peer = Caller(client[0] if client else "", scope.get("scheme", "http"))
    said: dict[bytes, list[str]] = {_FOR: [], _PROTO: []}
    for name, value in scope["headers"]:
        if name in said:
            said[name].append(value.decode("latin-1"))
    return caller_of(peer, Claims(",".join(said[_FOR]), ",".join(said[_PROTO])), trusted)


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message: Message = await receive()
        if message["type"] == "http.disconnect":
            raise aiohttp.ClientConnectionError("the client went away")
        if chunk := message.get("body", b""):
            yield chunk
        if not message.get("more_body", False):
            return


async def _plain(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"application/problem+json"), (b"retry-after", b"2"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
