"""With a chat model it speaks better and is never less right; slow, down or talking nonsense it is left aside."""

from collections.abc import Iterator
from typing import Any

import pytest

from zhicheng.apps.assistant.policy.supporting import is_supported, supported
from zhicheng.apps.assistant.tests.talking import Chat, spoken, stages
from zhicheng.core.inference.contrib.scripted import ScriptedModel
from zhicheng.core.inference.public import forget_failures

ASKED = "摆摊要什么条件？"
GOOD, INVENTED = "您年满18周岁，并且在本镇住满6个月，就可以申请摊位经营许可。", "办证要交三百元押金。"


@pytest.fixture
def model(settings: Any) -> Iterator[ScriptedModel]:
    """A model that rephrases well and invents one sentence."""
    forget_failures()
    settings.CHAT_MODEL, settings.CHAT_KEY, settings.CHAT_TIMEOUT_S = "test-model", "secret", 0.5
    with ScriptedModel(lambda _messages: f"{GOOD}卖食品的要有健康证。{INVENTED}") as served:
        settings.CHAT_URL = served.url
        yield served
    forget_failures()


@pytest.mark.django_db
@pytest.mark.usefixtures("town", "knowledge")
class TestModel:
    def test_is_kept_to_what_its_passage_says(self, model: ScriptedModel) -> None:
        turn = Chat().turn(ASKED)
        assert turn.answer.rephrased == (GOOD, "卖食品的要有健康证。")
        assert turn.answer.quotes[0].source == "《摊位经营许可》办事指南"
        assert stages(turn)["rephrase"] == "partial"

    @pytest.mark.parametrize("mode", ["slow", "down", "refused", "nonsense", "empty"])
    def test_that_fails_leaves_the_quotes(self, model: ScriptedModel, mode: str) -> None:
        model.mode = mode
        turn = Chat().turn(ASKED)
        assert turn.answer.outcome == "answered"
        assert turn.answer.rephrased == ()
        assert "年满 18 周岁" in spoken(turn.answer)
        assert stages(turn)["rephrase"] == "failed"

    def test_that_only_invents_is_not_heard(self, settings: Any) -> None:
        forget_failures()
        settings.CHAT_MODEL, settings.CHAT_KEY, settings.CHAT_TIMEOUT_S = "test-model", "", 0.5
        with ScriptedModel(lambda _messages: INVENTED * 3) as served:
            settings.CHAT_URL = served.url
            turn = Chat().turn(ASKED)
        assert turn.answer.rephrased == ()
        assert INVENTED not in spoken(turn.answer)


class TestSupport:
    @pytest.mark.parametrize(
        "sentence",
        [
            "承诺10个工作日办结。",
            "不用年满18周岁。",
            "费用为三百元。",
            "港澳居民也可以申请台胞证。",
        ],
    )
    def test_is_missing_for_what_the_passage_does_not_say(self, sentence: str) -> None:
        known = ["年满 18 周岁，就可以申请摊位经营许可。", "承诺 5 个工作日办结，不收费。"]
        assert not is_supported(sentence, known)

    def test_is_found_for_other_words_of_the_same(self) -> None:
        passage = "年满 18 周岁，就可以申请摊位经营许可。承诺 5 个工作日办结，不收费。"
        said = "您年满18周岁就可以申请摊位经营许可。承诺5个工作日办结。不收费。"
        assert len(supported(said, [passage])) == 3
