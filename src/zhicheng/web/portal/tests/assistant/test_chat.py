"""The chat page without a script, and what the script asks for."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zhicheng.apps.appeals.tests.town import browser, citizen
from zhicheng.apps.services.tests.town import PHOTO
from zhicheng.core.inference.contrib.scripted import ScriptedModel
from zhicheng.core.inference.public import forget_failures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "knowledge")]
ASKED = "摆摊要什么条件？"


def asked(client: Client, text: str = ASKED, path: str = "/assistant/") -> str:
    """Ask, and come to the page of the conversation."""
    answer = client.post(path, {"text": text})
    assert answer.status_code == 302
    return str(answer["Location"]).partition("#")[0]


class TestPage:
    def test_greets_and_shows_what_people_ask(self, client: Client) -> None:
        page = client.get("/assistant/").content.decode()
        assert "小溪" in page
        assert "摆摊要办什么证？" in page

    def test_takes_words_along_from_the_search(self, client: Client) -> None:
        assert "我想摆摊</textarea>" in client.get("/assistant/?q=我想摆摊").content.decode()
        assert "/assistant/?q=" in client.get("/search/?q=摆摊").content.decode()

    def test_answers_with_quote_source_and_card(self, client: Client) -> None:
        page = client.get(asked(client)).content.decode()
        assert "年满 18 周岁，并且在本镇居住满 6 个月，就可以申请摊位经营许可。" in page
        assert '来源：<a href="/services/items/stall.licence/">' in page
        assert '<a class="button button--primary" href="/services/items/stall.licence/apply/">办理</a>' in page
        assert 'role="log" aria-live="polite"' in page

    def test_goes_on_with_the_conversation(self, client: Client) -> None:
        path = asked(client)
        asked(client, "那要多久？", path)
        assert "承诺时限：5 个工作日。" in client.get(path).content.decode()

    def test_says_that_nothing_was_asked(self, client: Client) -> None:
        answer = client.post("/assistant/", {"text": " "})
        assert answer.status_code == 422
        assert "请写下您想问的" in answer.content.decode()

    def test_shows_what_was_typed_as_text(self, client: Client) -> None:
        page = client.get(asked(client, "<script>alert(1)</script>")).content.decode()
        assert "<script>alert(1)</script>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


class TestOwner:
    def test_is_the_browser_that_asked(self, client: Client) -> None:
        path = asked(client)
        assert Client().get(path).status_code == 404
        assert Client().post(path, {"text": "那要多久？"}).status_code == 404

    def test_takes_conversations_along_when_signing_in(self, client: Client) -> None:
        path = asked(client)
        client.force_login(citizen())
        assert client.get(path).status_code == 200
        assert ASKED in client.get("/assistant/history/").content.decode()
        assert browser(citizen("13900139000")).get(path).status_code == 404


class TestStream:
    def test_sends_sentences_and_then_the_turn(self, client: Client) -> None:
        answer: Any = client.post("/assistant/", {"text": ASKED}, headers={"Accept": "text/event-stream"})
        events = b"".join(answer.streaming_content).decode().split("\n\n")[:-1]
        done = json.loads(events[-1].partition("data: ")[2])
        assert done["url"].startswith("/assistant/")
        assert "年满 18 周岁" in done["html"]
        assert any("年满 18 周岁" in event and "event: piece" in event for event in events)


class TestStreamOfModel:
    @pytest.fixture
    def says(self, settings: Any) -> Iterator[list[str]]:
        """What the city's own model says."""
        forget_failures()
        words: list[str] = []
        settings.CHAT_MODEL, settings.CHAT_TIMEOUT_S = "test-model", 2
        with ScriptedModel(lambda _messages: "".join(words)) as served:
            settings.CHAT_URL = served.url
            yield words
        forget_failures()

    def _heard(self, client: Client) -> list[tuple[str, dict[str, str]]]:
        answer: Any = client.post("/assistant/", {"text": ASKED}, headers={"Accept": "text/event-stream"})
        parts = b"".join(answer.streaming_content).decode().split("\n\n")[:-1]
        pairs = [part.removeprefix("event: ").split("\ndata: ", 1) for part in parts]
        return [(name, json.loads(data)) for name, data in pairs]

    def test_sends_the_sentences_of_the_model_that_are_supported(self, client: Client, says: list[str]) -> None:
        says += [
            "您年满18周岁，并且在本镇住满6个月，就可以申请摊位经营许可。",
            "卖食品的要有健康证。",
            "要交三百元押金。",
        ]
        heard = self._heard(client)
        assert [data["text"] for name, data in heard if name == "piece"] == says[:2]
        assert "要交三百元押金" not in heard[-1][1]["html"]
        assert says[0] in heard[-1][1]["html"]

    def test_takes_back_what_a_model_that_invents_has_said(self, client: Client, says: list[str]) -> None:
        says += ["卖食品的要有健康证。", "要交三百元押金。", "押金要交现金。", "找张三办。"]
        heard = self._heard(client)
        assert "again" in [name for name, _ in heard]
        assert "年满 18 周岁" in heard[-1][1]["html"]
        assert "押金" not in heard[-1][1]["html"]


class TestRating:
    def test_is_kept_with_its_reason(self, client: Client) -> None:
        path = asked(client)
        address = client.get(path).content.decode().partition(f'action="{path}rate/')[2].partition('"')[0]
        answer = client.post(f"{path}rate/{address}", {"good": "0", "reason": "没说清楚"})
        assert answer.status_code == 302
        assert "没帮到您（没说清楚）" in client.get(path).content.decode()
        part = client.post(f"{path}rate/{address}", {"good": "1"}, headers={"X-Requested-With": "fetch"})
        assert "您说有帮助" in part.content.decode()
        assert Client().post(f"{path}rate/{address}", {"good": "1"}).status_code == 404


class TestPhoto:
    def test_is_taken_by_a_form_under_way(self) -> None:
        client = browser(citizen())
        path = asked(client, "边聊边办：摊位经营许可")
        assert 'enctype="multipart/form-data"' in client.get(path).content.decode()
        photo = SimpleUploadedFile("身份证.png", PHOTO, "image/png")
        answer = client.post(f"{path}photo/", {"photo": photo, "material": "id_card"}, follow=True)
        assert "收到《居民身份证》" in answer.content.decode()

    def test_that_is_none_is_refused_in_words(self) -> None:
        client = browser(citizen())
        path = asked(client, "边聊边办：摊位经营许可")
        photo = SimpleUploadedFile("x.png", b"nothing", "image/png")
        page = client.post(f"{path}photo/", {"photo": photo}, follow=True).content.decode()
        assert "收到《" not in page
        assert "请先选一张照片" in client.post(f"{path}photo/", {}, follow=True).content.decode()

    def test_is_for_ones_own_conversation(self) -> None:
        path = asked(browser(citizen()), "边聊边办：摊位经营许可")
        assert browser(citizen("13900139000")).post(f"{path}photo/", {}).status_code == 404


class TestNews:
    def test_are_what_came_after_a_place(self, client: Client) -> None:
        path = asked(client)
        assert client.get(f"{path}news/?after=1").status_code == 204
        assert "年满 18 周岁" in client.get(f"{path}news/?after=0").content.decode()
        assert Client().get(f"{path}news/?after=0").status_code == 404
