"""The words of a chat model, sentence by sentence, over HTTP: each checked before it is sent."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from zhicheng.apps.appeals.tests.town import NOW
from zhicheng.apps.assistant.public import Spoken, get_conversation, say
from zhicheng.apps.assistant.tests.talking import Chat
from zhicheng.apps.assistant.tests.test_api import COMPLETIONS, begun, post, streamed
from zhicheng.apps.assistant.values import Say
from zhicheng.core.inference.contrib.scripted import ScriptedModel
from zhicheng.core.inference.public import forget_failures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "knowledge")]
ASKED = "摆摊要什么条件？"
GOOD, MORE = "您年满18周岁，并且在本镇住满6个月，就可以申请摊位经营许可。", "卖食品的要有健康证。"
INVENTED = "办证要交三百元押金。"
QUOTED = "年满 18 周岁"
Event = tuple[str, Any]


@pytest.fixture
def model(settings: Any) -> Iterator[ScriptedModel]:
    """A model that rephrases well and invents one sentence."""
    forget_failures()
    settings.CHAT_MODEL, settings.CHAT_KEY, settings.CHAT_TIMEOUT_S = "test-model", "secret", 2
    with ScriptedModel(lambda _messages: f"{GOOD}{INVENTED}{MORE}", delay_s=2.6) as served:
        settings.CHAT_URL = served.url
        yield served
    forget_failures()


def heard(client: Client) -> list[Event]:
    """The events of an answer: names and data."""
    path, token = begun(client)
    headers = {"X-Conversation-Token": token, "Accept": "text/event-stream"}
    events = []
    for part in streamed(post(client, f"{path}/turns", {"text": ASKED}, **headers)):
        name, _, data = part.partition("\n")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def pieces(events: list[Event]) -> list[str]:
    return [data["text"] for name, data in events if name == "piece"]


def stage() -> dict[str, Any]:
    """What the stage of rephrasing left behind in the newest turn."""
    row = apps.get_model("assistant", "TurnRecord").objects.order_by("-at").first()
    assert row is not None
    return next(each for each in row.stages if each["stage"] == "rephrase")


def outcomes() -> list[str]:
    return list(apps.get_model("inference", "ModelCall").objects.values_list("outcome", flat=True))


class TestOwnStream:
    def test_sends_checked_sentences_and_drops_the_invented_one(self, client: Client, model: ScriptedModel) -> None:
        events = heard(client)
        assert pieces(events) == [GOOD, MORE]
        assert events[-1][1]["answer"]["rephrased"] == [GOOD, MORE]
        assert model.requests[0]["stream"] is True
        assert (stage()["outcome"], outcomes()) == ("partial", ["ok"])

    def test_sends_a_sentence_before_the_model_has_ended(
        self, client: Client, model: ScriptedModel, settings: Any
    ) -> None:
        settings.CHAT_TIMEOUT_S, model.mode, model.delay_s = 5, "trickle", 0.05
        path, token = begun(client)
        headers = {"X-Conversation-Token": token, "Accept": "text/event-stream"}
        answer = iter(post(client, f"{path}/turns", {"text": ASKED}, **headers).streaming_content)
        while b"event: piece" not in next(answer):
            assert not outcomes()
        assert not outcomes()  # the call is metered when it ends
        assert b"event: done" in list(answer)[-1]
        assert outcomes() == ["ok"]

    def test_is_kept_for_whoever_comes_back(self, client: Client, model: ScriptedModel) -> None:
        path, token = begun(client)
        headers = {"X-Conversation-Token": token, "Accept": "text/event-stream"}
        streamed(post(client, f"{path}/turns", {"text": ASKED}, **headers))
        kept = client.get(path, headers={"X-Conversation-Token": token}).json()["turns"][0]
        assert kept["answer"]["rephrased"] == [GOOD, MORE]
        assert len(model.requests) == 1

    @pytest.mark.parametrize(
        ("mode", "outcome"),
        [("slow", "slow"), ("down", "down"), ("refused", "refused"), ("nonsense", "cut"), ("empty", "nonsense")],
    )
    def test_of_a_model_that_says_nothing_quotes(
        self, client: Client, model: ScriptedModel, mode: str, outcome: str
    ) -> None:
        model.mode = mode
        events = heard(client)
        assert [name for name, _ in events] == ["status", "piece", "piece", "done"]
        assert QUOTED in pieces(events)[0]
        assert events[-1][1]["answer"]["rephrased"] == []
        assert (stage()["outcome"], stage()["failure"]) == ("failed", f"inference.failed.{outcome}")
        assert outcomes() == [outcome]

    @pytest.mark.parametrize(
        ("mode", "outcome"), [("cut", "cut"), ("long", "cut"), ("garbled", "nonsense"), ("trickle", "slow")]
    )
    def test_that_breaks_off_is_taken_back_for_the_quotes(
        self, client: Client, model: ScriptedModel, mode: str, outcome: str
    ) -> None:
        model.mode, model.delay_s = mode, 0.15
        model.script = lambda _messages: f"{GOOD}{MORE * 12}"
        events = heard(client)
        names = [name for name, _ in events]
        assert pieces(events)[0] == GOOD
        assert QUOTED in pieces(events[names.index("again") :])[0]
        assert events[-1][1]["answer"]["rephrased"] == []
        assert (stage()["outcome"], outcomes()) == ("failed", [outcome])

    def test_of_a_model_that_mostly_invents_is_taken_back(self, client: Client, model: ScriptedModel) -> None:
        model.script = lambda _messages: f"{GOOD}{INVENTED}{INVENTED}"
        events = heard(client)
        assert [name for name, _ in events] == ["status", "piece", "again", "piece", "piece", "done"]
        assert INVENTED not in str(events)
        assert stage()["outcome"] == "partial"

    def test_that_nobody_hears_out_leaves_the_quotes(self, model: ScriptedModel) -> None:
        chat = Chat()
        turn = say(Say(chat.id, ASKED, chat.owner, piecewise=True), actor=chat.actor, now=NOW)
        sentences = iter(Spoken(turn, NOW))
        assert next(sentences) == GOOD
        sentences.close()
        kept = get_conversation(chat.id, owner=chat.owner).turns[0].answer
        assert (kept.outcome, kept.rephrased) == ("answered", ())
        assert outcomes() == ["left"]
        assert model.requests


class TestChatClientStream:
    def test_gets_checked_sentences_then_their_source(self, client: Client, model: ScriptedModel) -> None:
        said = self._contents(client)
        assert said[:2] == [GOOD, MORE]
        assert "来源：《摊位经营许可》办事指南" in "".join(said[2:])
        assert QUOTED not in "".join(said)
        assert model.requests[0]["stream"] is True

    @pytest.mark.parametrize("mode", ["cut", "garbled", "slow", "nonsense"])
    def test_gets_the_words_of_the_source_whatever_fails(self, client: Client, model: ScriptedModel, mode: str) -> None:
        model.mode = mode
        said = "".join(self._contents(client))
        assert QUOTED in said
        assert said.count("来源：") == 1
        assert ("以原文为准" in said) == said.startswith(GOOD)

    def _contents(self, client: Client) -> list[str]:
        body = {"messages": [{"role": "user", "content": ASKED}], "stream": True}
        events = streamed(post(client, COMPLETIONS, body))
        assert events[-1] == "data: [DONE]"
        chunks = [json.loads(event.removeprefix("data: "))["choices"][0] for event in events[:-1]]
        assert chunks[-1]["finish_reason"] == "stop"
        return [chunk["delta"]["content"] for chunk in chunks if chunk["delta"].get("content")]
