from datetime import UTC, datetime

import pytest

from zhicheng.core.inference import public as inference
from zhicheng.core.inference.contrib.scripted import ScriptedModel
from zhicheng.core.inference.errors import ModelFailed, ModelNotConfigured
from zhicheng.core.inference.models import ModelCall
from zhicheng.core.inference.values import ChatMessage, ChatRequest

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
QUESTION = ChatRequest((ChatMessage("user", "居住证怎么办？"),), "rephrase")


@pytest.fixture(autouse=True)
def _forgetful(settings):
    inference.forget_failures()
    yield
    inference.forget_failures()


@pytest.fixture
def served(settings):
    settings.CHAT_MODEL, settings.CHAT_KEY, settings.CHAT_TIMEOUT_S = "test-model", "secret", 0.5
    with ScriptedModel(lambda messages: f"您问的是：{messages[-1]['content']}") as model:
        settings.CHAT_URL = model.url
        yield model


def outcomes():
    return list(ModelCall.objects.order_by("id").values_list("outcome", flat=True))


@pytest.mark.django_db
class TestAskChat:
    def test_without_an_address_says_so(self):
        assert not inference.has_chat()
        with pytest.raises(ModelNotConfigured):
            inference.ask_chat(QUESTION, now=NOW)

    def test_gives_the_answer_and_meters_the_call(self, served):
        reply = inference.ask_chat(QUESTION, now=NOW)
        assert (reply.text, reply.model) == ("您问的是：居住证怎么办？", "test-model")
        assert served.requests[0]["model"] == "test-model"
        (line,) = inference.read_meter(since=NOW)
        assert (line.purpose, line.outcome, line.calls) == ("rephrase", "ok", 1)
        assert (line.prompt_tokens, line.completion_tokens) == (7, 12)

    @pytest.mark.parametrize(
        ("mode", "outcome"),
        [("slow", "slow"), ("down", "down"), ("refused", "refused"), ("nonsense", "nonsense"), ("empty", "nonsense")],
    )
    def test_fails_in_one_way_whatever_goes_wrong(self, served, mode, outcome):
        served.mode = mode
        with pytest.raises(ModelFailed) as caught:
            inference.ask_chat(QUESTION, now=NOW)
        assert caught.value.data["outcome"] == outcome
        assert outcomes() == [outcome]

    def test_an_address_where_nobody_listens_is_down(self, served, settings):
        settings.CHAT_URL = "http://127.0.0.1:9/v1"
        with pytest.raises(ModelFailed) as caught:
            inference.ask_chat(QUESTION, now=NOW)
        assert caught.value.data["outcome"] == "down"

    def test_leaves_a_failing_server_in_peace(self, served):
        served.mode = "down"
        for _ in range(4):
            with pytest.raises(ModelFailed):
                inference.ask_chat(QUESTION, now=NOW)
        assert len(served.requests) == 3
        assert outcomes() == ["down", "down", "down", "paused"]

    def test_keeps_nothing_of_what_was_said(self, served):
        inference.ask_chat(QUESTION, now=NOW)
        assert "居住证" not in str(ModelCall.objects.values().get())


@pytest.mark.django_db
class TestStreamChat:
    def test_gives_the_answer_piece_by_piece(self, served):
        pieces = list(inference.stream_chat(QUESTION, now=NOW))
        assert "".join(pieces) == "您问的是：居住证怎么办？"
        assert len(pieces) > 1
        assert outcomes() == ["ok"]

    @pytest.mark.parametrize(
        ("mode", "outcome"),
        [("cut", "cut"), ("long", "cut"), ("garbled", "nonsense"), ("empty", "nonsense"), ("down", "down")],
    )
    def test_tells_of_an_answer_that_breaks_off(self, served, mode, outcome):
        served.mode = mode
        with pytest.raises(ModelFailed):
            list(inference.stream_chat(QUESTION, now=NOW))
        assert outcomes() == [outcome]

    def test_does_not_wait_for_a_trickle(self, served):
        served.mode, served.delay_s, served.script = "trickle", 0.2, lambda _messages: "慢" * 80
        with pytest.raises(ModelFailed) as caught:
            list(inference.stream_chat(QUESTION, now=NOW))
        assert caught.value.data["outcome"] == "slow"

    def test_is_metered_when_nobody_listens_any_more(self, served):
        pieces = inference.stream_chat(QUESTION, now=NOW)
        next(pieces)
        pieces.close()
        assert outcomes() == ["left"]
