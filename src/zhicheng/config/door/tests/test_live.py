"""The door's picture of devices: by the rule of their layer, packed, and not sent again."""

import asyncio
from types import SimpleNamespace

import httpx
import pytest
from starlette.applications import Starlette

from zhicheng.apps.twin.errors.services import ServiceRefused
from zhicheng.apps.twin.values.services import Caller, CallerKind
from zhicheng.config.door import live
from zhicheng.core.telemetry.public import LiveSnapshot


class Keeper:
    """Lets everybody in, or nobody."""

    def __init__(self, *, is_open: bool = True) -> None:
        self.is_open = is_open

    async def caller_of(self, _request) -> Caller:
        return Caller(CallerKind.SESSION)

    async def take(self, _caller) -> None:
        pass

    async def layer(self, code: str, _caller) -> None:
        if not self.is_open:
            raise ServiceRefused(layer=code)


class Devices:
    def snapshot(self, _now) -> LiveSnapshot:
        return LiveSnapshot("ab-7", b"plain", b"packed")

    def changes(self, epoch: int, since: int, _now) -> bytes | None:
        return b"news" if (epoch, since) == (0xAB, 7) else None


@pytest.fixture(autouse=True)
def _devices(monkeypatch):
    monkeypatch.setattr(live, "live_devices", Devices)
    monkeypatch.setattr(live, "close_old_connections", lambda: None)


def ask(path: str, *, keeper: Keeper | None = None, **headers: str) -> httpx.Response:
    app = Starlette(routes=live.LIVE_ROUTES)
    app.state.ogc, app.state.secure = SimpleNamespace(door=keeper or Keeper()), False

    async def run() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door") as client:
            request = client.build_request("GET", path, headers={"Accept-Encoding": "identity", **headers})
            answer = await client.send(request, stream=True)
            answer._content = b"".join([part async for part in answer.aiter_raw()])
            return answer

    return asyncio.run(run())


class TestSnapshot:
    def test_is_packed_for_whoever_can_unpack_it(self):
        answer = ask("/live/devices", **{"Accept-Encoding": "gzip"})
        assert (answer.content, answer.headers["Content-Encoding"]) == (b"packed", "gzip")
        plain = ask("/live/devices")
        assert (plain.content, plain.headers["Cache-Control"]) == (b"plain", "private, no-cache")
        assert plain.headers["ETag"] != answer.headers["ETag"]

    def test_is_not_sent_to_whoever_has_it(self):
        tag = ask("/live/devices").headers["ETag"]
        answer = ask("/live/devices", **{"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b"")

    def test_is_refused_by_the_rule_of_the_layer(self):
        for path in ("/live/devices", "/live/devices/changes?since=ab-7"):
            assert ask(path, keeper=Keeper(is_open=False)).status_code == 403


class TestChanges:
    def test_are_those_since_what_the_reader_has(self):
        assert ask("/live/devices/changes?since=ab-7").content == b"news"

    @pytest.mark.parametrize("since", ["", "ab", "ab-8", "zz-7", "ab-7' OR 1=1", "ab-99999999999999999999"])
    def test_of_another_picture_are_gone(self, since):
        assert ask("/live/devices/changes?" + str(httpx.QueryParams(since=since))).status_code == 410
