import asyncio
import json
from collections import Counter

import httpx
import pytest
from django.db import OperationalError
from starlette.applications import Starlette
from starlette.routing import Route

from zhicheng.config.door import events
from zhicheng.config.door.app import STATIC, build
from zhicheng.config.door.events import EventHub, Listener, LiveStream, Viewer, live_line, stream
from zhicheng.config.door.refusals import TooManyPages
from zhicheng.core.parties.values import Actor, ActorKind, Unit, UnitTree

TREE = UnitTree([Unit("YX-WATER", "云溪镇供水站", "company", None, "990100", "water_supply")])


@pytest.fixture(autouse=True)
def _one_unit(monkeypatch):
    monkeypatch.setattr(events, "get_unit_tree", lambda: TREE)


def event(number: int = 1, unit: str = "YX-WATER", **data) -> dict:
    return {"at": "2026-03-02T10:00:00Z", "data": {"unit": unit, "number": f"YX{number}", **data}}


def fetch(app: Starlette, path: str, accept: str = "text/event-stream") -> httpx.Response:
    async def run() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://door") as client:
            return await client.get(path, headers={"Cookie": "sessionid=x", "Accept": accept})

    return asyncio.run(run())


class TestLiveLine:
    @pytest.mark.parametrize(
        ("action", "title", "tone"),
        [
            ("open", "新诉求：停水", "now"),
            ("reply", "已答复：停水", "done"),
            ("clock_overdue", "已超时：停水", "danger"),
            ("refuse", "退回，待仲裁：停水", "warning"),
            ("accept", "签收：停水", ""),
        ],
    )
    def test_says_what_happened_where(self, action, title, tone):
        line = live_line(event(action=action, title="停水", label="签收"))
        assert line == {
            "at": "2026-03-02T10:00:00Z",
            "title": title,
            "text": "云溪镇供水站",
            "tone": tone,
            "url": "/workbench/cases/YX1/",
        }

    def test_calls_an_alarm_an_alarm(self):
        line = live_line({**event(action="open", title="积水"), "type": "cases.device_alarm.open"})
        assert (line["title"], line["tone"]) == ("设备告警：积水", "danger")

    def test_stands_an_event_that_says_nothing(self):
        assert live_line({"type": "reload"})["url"] == ""
        assert live_line(event(unit="GONE"))["text"] == ""


class TestListener:
    def listener(self, room: int) -> Listener:
        return Listener(frozenset({"YX-WATER"}), queue=asyncio.Queue(room))

    def test_gets_what_it_may_see(self):
        listener = self.listener(5)
        for each in (event(1), event(2, unit="YX"), {"data": None}, {}):
            listener.offer(each)
        assert listener.queue.qsize() == 1

    def test_hears_of_any_alarm_that_there_is_news_where_it_may_see_devices(self):
        alarm = {**event(1, unit="YX", title="东桥噪声"), "type": "cases.device_alarm.open"}
        seeing, other = Listener(frozenset(), sees_devices=True), self.listener(5)
        for listener in (seeing, other):
            listener.offer(alarm)
            listener.offer(event(2, unit="YX"))
        assert [seeing.queue.get_nowait() for _ in range(seeing.queue.qsize())] == [{"type": "alarms"}]
        assert other.queue.empty()
        assert asyncio.run(events._message({"type": "alarms"})) == "event: alarms\ndata: {}\n\n"

    def test_is_told_to_reload_when_it_is_too_slow(self):
        listener = self.listener(3)
        for number in range(4):
            listener.offer(event(number))
        assert [listener.queue.get_nowait() for _ in range(listener.queue.qsize())] == [{"type": "reload"}]
        listener.offer(event(5))
        assert listener.queue.get_nowait()["data"]["number"] == "YX5"


class TestEventHub:
    def test_tells_every_open_page_and_forgets_closed_ones(self):
        async def run() -> Counter:
            hub, heard = EventHub(), Counter()
            async with hub.listening(Viewer("account:1", frozenset({"YX-WATER"}))) as first:
                async with hub.listening(Viewer("account:1", frozenset({"YX"}))) as other:
                    hub._tell('{"data": {"unit": "YX-WATER"}}')
                    heard["other"] = other.queue.qsize()
                hub._tell('{"data": {"unit": "YX-WATER"}}')
                heard["first"] = first.queue.qsize()
                heard["closed"] = other.queue.qsize()
            heard["left"] = len(hub._listeners)
            return heard

        assert asyncio.run(run()) == Counter(first=2, other=0, closed=0, left=0)

    def test_has_so_many_places_for_an_account_and_gives_them_back(self, settings):
        async def run() -> None:
            hub, units = EventHub(), frozenset({"YX"})
            async with hub.listening(Viewer("account:1", units)):
                async with hub.listening(Viewer("account:1", units)):
                    with pytest.raises(TooManyPages):
                        await hub.listening(Viewer("account:1", units)).__aenter__()
                    async with hub.listening(Viewer("account:2", units)):
                        pass
                async with hub.listening(Viewer("account:1", units)):
                    pass

        settings.LIVE_PAGES = 2
        asyncio.run(run())


class TestStream:
    def ask(self, path: str = "/events/cockpit", accept: str = "text/event-stream"):
        app = Starlette(routes=[Route("/events/{channel}", stream)])
        app.state.hub = EventHub()
        return fetch(app, path, accept)

    @pytest.fixture
    def leader(self, monkeypatch):
        monkeypatch.setattr(events, "_actor_of", lambda _key: Actor(ActorKind.OFFICIAL))

    def test_ends_with_the_session(self, monkeypatch):
        async def run() -> list[str]:
            monkeypatch.setattr(events, "_RECHECK_S", 0.0)
            monkeypatch.setattr(events, "_viewer_of", lambda _key: None)
            return [line async for line in events._events(Listener(frozenset()), "session")]

        assert asyncio.run(run()) == ["retry: 2000\n\n"]

    def test_is_for_signed_in_officials(self, monkeypatch):
        monkeypatch.setattr(events, "_actor_of", lambda _key: None)
        answer = self.ask()
        assert (answer.status_code, answer.json()["code"]) == (401, "signin.needed")

    def test_has_two_channels(self, leader):
        assert self.ask("/events/anything").status_code == 401

    def test_takes_no_more_pages_than_it_can_serve(self, leader, monkeypatch):
        monkeypatch.setattr(events, "_MOST_LISTENERS", 0)
        assert self.ask().json()["code"] == "door.full"

    def test_takes_no_more_pages_than_one_person_can_look_at(self, leader, settings):
        settings.LIVE_PAGES = 0
        answer = self.ask()
        assert (answer.status_code, answer.json()["code"]) == (429, "door.too_many_pages")
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_tells_people_on_a_page_that_they_must_sign_in(self, monkeypatch):
        monkeypatch.setattr(events, "_actor_of", lambda _key: None)
        answer = self.ask(accept="text/html")
        assert (answer.status_code, "请先登录" in answer.text) == (401, True)
        assert answer.headers["Content-Type"].startswith("text/html")

    def test_says_that_the_database_is_away(self, monkeypatch):
        def away(_key: str) -> None:
            raise OperationalError("server closed the connection")

        monkeypatch.setattr(events, "_actor_of", away)
        answer = self.ask()
        assert (answer.status_code, answer.json()["code"]) == (503, "edge.database_away")
        assert events._is_still_allowed(Listener(frozenset()), "session")

    def test_sends_lines_as_they_come(self, monkeypatch):
        async def run() -> list[str]:
            hub = EventHub()
            place = hub.listening(Viewer("account:1", frozenset({"YX-WATER"})))
            lines = events._events(await place.__aenter__(), "session")
            got = [await anext(lines)]
            hub._tell('{"data": {"unit": "YX-WATER", "action": "open", "title": "停水"}}')
            got.append(await anext(lines))
            for number in range(events._QUEUE + 1):
                hub._tell(json.dumps(event(number)))
            got.append(await anext(lines))
            monkeypatch.setattr(events, "_KEEP_ALIVE_S", 0.01)
            got.append(await anext(lines))
            await lines.aclose()
            await place.__aexit__(None, None, None)
            return got

        first, line, reload, alive = asyncio.run(run())
        assert (first, alive) == ("retry: 2000\n\n", ": still here\n\n")
        assert reload == "event: reload\ndata: {}\n\n"
        assert line.startswith("data: {")
        assert "新诉求：停水" in line


class TestLiveStream:
    def test_gives_its_place_back_when_the_page_is_closed(self):
        async def run() -> tuple[list[dict], int, int]:
            hub, sent, begun, closed = EventHub(), [], asyncio.Event(), asyncio.Event()

            async def receive() -> dict:
                await closed.wait()
                return {"type": "http.disconnect"}

            async def send(message: dict) -> None:
                sent.append(message)
                if message.get("body"):
                    begun.set()

            page = LiveStream(hub, "session", Viewer("account:1", frozenset({"YX"})))
            scope = {"type": "http", "path": "/events/cockpit", "headers": [], "asgi": {"spec_version": "2.3"}}
            task = asyncio.create_task(page(scope, receive, send))
            await asyncio.wait_for(begun.wait(), 5)
            open_pages = len(hub._listeners)
            closed.set()
            await asyncio.wait_for(task, 5)
            return sent, open_pages, len(hub._listeners)

        sent, while_open, afterwards = asyncio.run(run())
        assert (sent[0]["status"], sent[1]["body"]) == (200, b"retry: 2000\n\n")
        assert (while_open, afterwards) == (1, 0)


class TestStatic:
    def test_keeps_vendored_files_for_a_year_and_asks_again_for_ours(self):
        app = build()
        vendored = next(path for path in (STATIC / "vendor").rglob("*.*") if path.is_file())
        own = next(path for path in STATIC.rglob("*.css") if "vendor" not in path.parts)
        kept, asked = (fetch(app, f"/static/{path.relative_to(STATIC)}") for path in (vendored, own))
        assert "immutable" in kept.headers["Cache-Control"]
        assert asked.headers["Cache-Control"] == "no-cache"
        assert fetch(app, "/static/nothing.css").status_code == 404
