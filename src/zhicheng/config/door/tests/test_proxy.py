"""The proxy against a small server on a Unix socket, driven as an ASGI server would."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from zhicheng.config.door import bodies
from zhicheng.config.door.proxy import Proxy
from zhicheng.web.edge.forwarding import Networks

Messages = list[dict[str, Any]]


@dataclass
class Client:
    """One request and what came back, message by message."""

    path: str = "/echo"
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    chunks: tuple[bytes, ...] = ()
    query: str = ""
    sent: Messages = field(default_factory=list)
    on_body: Callable[[bytes], Awaitable[None]] | None = None

    @property
    def scope(self) -> dict[str, Any]:
        return {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in self.headers.items()],
            "client": ("203.0.113.7", 4711),
            "scheme": "https",
        }

    async def ask(self, proxy: Proxy) -> None:
        waiting = list(self.chunks)

        async def receive() -> dict[str, Any]:
            body = waiting.pop(0) if waiting else b""
            return {"type": "http.request", "body": body, "more_body": bool(waiting)}

        async def send(message: dict[str, Any]) -> None:
            self.sent.append(message)
            if self.on_body and message.get("body"):
                await self.on_body(message["body"])

        await proxy(self.scope, receive, send)

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def answer_headers(self) -> list[tuple[bytes, bytes]]:
        return self.sent[0]["headers"]

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent[1:])


async def echo(request: web.Request) -> web.Response:
    body = await request.read()
    seen = {
        "method": request.method,
        "path": request.path_qs,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "size": len(body),
    }
    answer = web.json_response(seen, status=201, headers={"X-Own": "1", "Keep-Alive": "timeout=5"})
    answer.headers.add("Set-Cookie", "a=1")
    answer.headers.add("Set-Cookie", "b=2")
    return answer


async def cut(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Length": "1000"})
    await answer.prepare(request)
    await answer.write(b"half an ans")
    request.transport.close()
    return answer


@asynccontextmanager
async def between(*routes: web.RouteDef, trusted: Networks = ()) -> AsyncIterator[Proxy]:
    """A proxy with web behind it."""
    own = [web.route("*", "/echo{rest:.*}", echo), web.get("/cut", cut), *routes]
    app = web.Application(client_max_size=200 * 1024 * 1024)
    app.add_routes(own)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "web.sock")
            await web.UnixSite(runner, path).start()
            async with Proxy([path], trusted) as proxy:
                yield proxy
    finally:
        await runner.cleanup()


def asked(client: Client, trusted: Networks = ()) -> Client:
    async def run() -> None:
        async with between(trusted=trusted) as proxy:
            await client.ask(proxy)

    asyncio.run(run())
    return client


class TestForwarding:
    def test_hands_on_method_path_query_and_headers(self):
        client = asked(Client("/echo/%E8%B7%AF%2Fx", "DELETE", {"Cookie": "s=1", "X-Own": "2"}, query="q=%20a&b"))
        seen = json.loads(client.body)
        assert (client.status, seen["method"], seen["path"]) == (201, "DELETE", "/echo/%E8%B7%AF%2Fx?q=%20a&b")
        assert (seen["headers"]["cookie"], seen["headers"]["x-own"]) == ("s=1", "2")

    def test_says_who_asks_and_believes_no_claim_about_it(self):
        claimed = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "gopher", "Connection": "close", "Host": "a.b"}
        headers = json.loads(asked(Client(headers=claimed)).body)["headers"]
        assert (headers["x-forwarded-for"], headers["x-forwarded-proto"]) == ("203.0.113.7", "https")
        assert headers["host"] == "a.b"
        assert not {"user-agent", "accept-encoding"} & set(headers)

    def test_believes_the_proxies_that_the_operator_named(self):
        claimed = {"X-Forwarded-For": "198.51.100.99, 192.0.2.44", "X-Forwarded-Proto": "http"}
        proxied = asked(Client(headers=claimed), trusted=(ip_network("203.0.113.0/24"),))
        headers = json.loads(proxied.body)["headers"]
        assert (headers["x-forwarded-for"], headers["x-forwarded-proto"]) == ("192.0.2.44", "http")

    def test_drops_names_that_wsgi_would_take_for_others(self):
        headers = json.loads(asked(Client(headers={"X_Forwarded_For": "127.0.0.1", "X-Own": "2"})).body)["headers"]
        assert "x_forwarded_for" not in headers
        assert headers["x-own"] == "2"

    def test_gives_back_every_cookie_and_no_header_of_the_connection(self):
        names = [name for name, _ in asked(Client()).answer_headers]
        assert names.count(b"set-cookie") == 2
        assert not {b"keep-alive", b"connection", b"transfer-encoding"} & set(names)
        assert b"x-own" in names

    def test_streams_a_body_up(self):
        size = 3 * 64 * 1024
        known = Client(method="POST", headers={"Content-Length": str(size)}, chunks=(bytes(64 * 1024),) * 3)
        chunked = Client(method="POST", headers={"Transfer-Encoding": "chunked"}, chunks=(bytes(64 * 1024),) * 3)
        seen = [json.loads(asked(client).body) for client in (known, chunked)]
        assert [each["size"] for each in seen] == [size, size]
        assert [each["headers"]["content-length"] for each in seen] == [str(size)] * 2  # WSGI reads no other body

    def test_gathers_a_large_body_on_disk(self, monkeypatch):
        monkeypatch.setattr(bodies, "_IN_MEMORY", 1000)
        chunked = {"Transfer-Encoding": "chunked"}
        assert json.loads(asked(Client(method="POST", headers=chunked, chunks=(b"x" * 999,) * 3)).body)["size"] == 2997

    def test_streams_an_answer_down_as_it_comes(self):
        async def run() -> list[bytes]:
            came, heard = asyncio.Event(), []

            async def stream(request: web.Request) -> web.StreamResponse:
                answer = web.StreamResponse()
                await answer.prepare(request)
                await answer.write(b"first")
                await asyncio.wait_for(came.wait(), 5)  # goes on only when the first part has arrived
                await answer.write(b"second")
                return answer

            async def on_body(body: bytes) -> None:
                heard.append(body)
                came.set()

            async with between(web.get("/stream", stream)) as proxy:
                await Client("/stream", on_body=on_body).ask(proxy)
            return heard

        assert asyncio.run(run()) == [b"first", b"second"]


@asynccontextmanager
async def several(answers: dict[str, Callable[[web.Request], Awaitable[web.Response]]]) -> AsyncIterator[Proxy]:
    """A proxy with one process of web behind it for each name; those that answer None are away."""
    runners = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name, answer in answers.items():
                app = web.Application()
                app.add_routes([web.route("*", "/{rest:.*}", answer)])
                runners.append(web.AppRunner(app))
                await runners[-1].setup()
                await web.UnixSite(runners[-1], str(Path(folder) / name)).start()
            async with Proxy([str(Path(folder) / name) for name in ("away", *answers)]) as proxy:
                yield proxy
    finally:
        for runner in runners:
            await runner.cleanup()


class TestSharing:
    @staticmethod
    def _naming(name: str, held: asyncio.Event | None = None) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            size = len(await request.read())
            if held is not None:
                await held.wait()
            return web.Response(text=f"{name} {size}")

        return answer

    def test_takes_processes_in_turn_and_passes_over_one_that_is_away(self):
        async def run() -> list[str]:
            async with several({name: self._naming(name) for name in ("a", "b")}) as proxy:
                clients = [Client(method="POST", headers={"Content-Length": "3"}, chunks=(b"x" * 3,)) for _ in range(6)]
                for client in clients:
                    await client.ask(proxy)
                return [client.body.decode() for client in clients]

        assert asyncio.run(run()) == ["a 3", "b 3"] * 3

    def test_gives_a_request_to_the_process_that_has_least_to_do(self):
        async def run() -> list[str]:
            held = asyncio.Event()
            async with several({"slow": self._naming("slow", held), "quick": self._naming("quick")}) as proxy:
                waiting, others = Client(), [Client() for _ in range(4)]
                async with asyncio.TaskGroup() as group:
                    group.create_task(waiting.ask(proxy))
                    await asyncio.sleep(0)
                    for client in others:
                        await client.ask(proxy)
                    held.set()
                return [client.body.decode() for client in (waiting, *others)]

        assert asyncio.run(run()) == ["slow 0", *["quick 0"] * 4]


class TestTrouble:
    def test_says_that_web_is_away(self, tmp_path):
        async def run() -> Client:
            client = Client()
            async with Proxy([str(tmp_path / "nobody.sock")]) as proxy:
                await client.ask(proxy)
            return client

        client = asyncio.run(run())
        problem = json.loads(client.body)
        assert "正在启动" in problem["detail"]
        assert dict(client.answer_headers)[b"content-type"] == b"application/problem+json"
        assert (client.status, problem["status"], problem["code"]) == (503, 503, "door.web_away")
        assert dict(client.answer_headers)[b"retry-after"] == b"2"

    def test_refuses_a_body_that_is_too_large_before_it_is_read(self):
        client = asked(Client(method="POST", headers={"Content-Length": str(81 * 1024 * 1024)}))
        assert (client.status, json.loads(client.body)["code"]) == (413, "door.too_large")

    @pytest.mark.parametrize(
        "said", [{"Transfer-Encoding": "chunked"}, {"Transfer-Encoding": "chunked", "Accept": "text/html"}]
    )
    def test_refuses_a_body_that_grows_too_large_without_having_said_so(self, monkeypatch, said):
        monkeypatch.setattr(bodies, "MOST_BYTES", 150_000)
        fits = asked(Client(method="POST", headers=said, chunks=(bytes(50_000),) * 3))
        assert json.loads(fits.body)["size"] == 150_000
        client = asked(Client(method="POST", headers=said, chunks=(bytes(50_000),) * 4))
        assert client.status == 413
        assert "不能超过 80 MB" in client.body.decode()

    def test_breaks_off_an_answer_that_web_did_not_finish(self):
        client = Client("/cut")
        with pytest.raises(aiohttp.ClientError):
            asked(client)
        assert [message["type"] for message in client.sent].count("http.response.start") == 1
        assert all(message.get("more_body") for message in client.sent[1:])
