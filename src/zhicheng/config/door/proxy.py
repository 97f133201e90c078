"""Handing requests to web over Unix sockets, one for each of its processes, streaming both ways."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
import structlog
from starlette.types import Message, Receive, Scope, Send
from yarl import URL

from zhicheng.config.door.bodies import Body, taken_body
from zhicheng.config.door.refusals import BodyTooLarge, Refusal, WebAway
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


@dataclass(eq=False)
class _Upstream:
    """One process of web: its connections, how many requests it has now, and when it was last given one."""

    session: aiohttp.ClientSession
    open: int = 0
    turn: int = 0


class Proxy:
    """An ASGI application that forwards to web. Use as a context manager.

    A request goes to the process that has fewest of them. Processes that accept from one socket do not share the work:
    the kernel wakes the same one again and again, and the others stay idle while it is bound by its one interpreter.
    """

    def __init__(self, socket_paths: Sequence[str], trusted: Networks = ()) -> None:
        self._socket_paths, self._trusted = socket_paths, trusted
        self._upstreams: list[_Upstream] = []
        self._closing = AsyncExitStack()
        self._turn = 0

    async def __aenter__(self) -> Self:
        for path in self._socket_paths:
            session = await self._closing.enter_async_context(_session(path))
            self._upstreams.append(_Upstream(session))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._upstreams.clear()
        await self._closing.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward one request; a body over 80 MB is refused, at once where it says its length, else on the way."""
        if scope["type"] != "http":
            return
        answer = _Answer(send)
        try:
            async with taken_body(scope, receive) as body:
                await self._forward(scope, body, answer)
        except BodyTooLarge as error:
            await Refusal(error)(scope, receive, send)
        except aiohttp.ClientError as error:
            _log.warning("web did not answer", path=scope["path"], error=type(error).__name__)
            if answer.has_begun:
                raise  # the server breaks the connection off: half an answer must not look like a whole one
            await Refusal(WebAway())(scope, receive, send)

    async def _forward(self, scope: Scope, body: Body, send: Send) -> None:
        headers = list(_forwarded(scope, self._trusted))
        if body.length is not None:
            headers.append(("content-length", str(body.length)))
        method, target, data = scope["method"], _target(scope), body.parts
        async with self._asked(method, target, headers, data) as answer:
            kept = [(name.lower(), value) for name, value in answer.raw_headers if name.lower() not in _HOP_BY_HOP]
            await send({"type": "http.response.start", "status": answer.status, "headers": kept})
            async for chunk in answer.content.iter_chunked(_CHUNK):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    @asynccontextmanager
    async def _asked(
        self, method: str, target: URL, headers: list[tuple[str, str]], data: AsyncIterator[bytes] | None
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer of the process that has least to do, or of the next where that one takes no connection."""
        away: aiohttp.ClientError = aiohttp.ClientConnectionError("the proxy is closed")
        for upstream in sorted(self._upstreams, key=lambda each: (each.open, each.turn)):
            self._turn += 1
            upstream.turn = self._turn
            upstream.open += 1
            try:
                answer = await upstream.session.request(
                    method, target, headers=headers, data=data, allow_redirects=False
                )
            except aiohttp.ClientConnectorError as error:  # nothing of the request was sent
                away = error
                upstream.open -= 1
                continue
            except BaseException:
                upstream.open -= 1
                raise
            try:
                async with answer:
                    yield answer
            finally:
                upstream.open -= 1
            return
        raise away


def _session(path: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.UnixConnector(path=path, limit=256),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=120),
        auto_decompress=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
    )


class _Answer:
    """What is sent to the client, and whether anything was sent yet."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        self.has_begun = True
        await self._send(message)


def _target(scope: Scope) -> URL:
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return URL(f"http://web{path}" + (f"?{query}" if query else ""), encoded=True)


def _forwarded(scope: Scope, trusted: Networks) -> Iterable[tuple[str, str]]:
    """The request's headers, with the caller as the door believes it: what anybody else claims is dropped.

    So are names with an underscore: WSGI cannot tell `x_forwarded_for` from `x-forwarded-for`.
    """
    for name, value in scope["headers"]:
        if name not in _HOP_BY_HOP and name != b"content-length" and b"_" not in name:
            yield name.decode("latin-1"), value.decode("latin-1")
    caller = caller_in(scope, trusted)
    yield "x-forwarded-for", caller.address
    yield "x-forwarded-proto", caller.scheme


def caller_in(scope: Scope, trusted: Networks) -> Caller:
    """Who sent a request, as the door believes it."""
    client = scope.get("client")
    peer = Caller(client[0] if client else "", scope.get("scheme", "http"))
    said: dict[bytes, list[str]] = {_FOR: [], _PROTO: []}
    for name, value in scope["headers"]:
        if name in said:
            said[name].append(value.decode("latin-1"))
    return caller_of(peer, Claims(",".join(said[_FOR]), ",".join(said[_PROTO])), trusted)
