"""The call desk: what the city knows while a caller speaks, for call-takers alone; a mere question kept as closed."""

from typing import Any

import pytest

from zhicheng.apps.appeals.tests.town import EAST, NOISE, NOW, SAID, Case, person, resident, sent
from zhicheng.apps.appeals.values import AppealDraft
from zhicheng.apps.assistant.errors import NotAtCallDesk
from zhicheng.apps.assistant.public import record_consultation, suggest_for_call
from zhicheng.apps.assistant.queries import calls
from zhicheng.apps.assistant.tests.documents import DOCUMENTS
from zhicheng.apps.assistant.values import Ask, CallSuggestions, NewConsultation
from zhicheng.core.cases.public import Purpose, get_case
from zhicheng.core.knowledge.public import rebuild_index, remove_documents
from zhicheng.core.ledger.public import idempotency_key
from zhicheng.kit.errors import FieldErrors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "knowledge")]
ZHOU, CHEN = "zhou.mei", "chen.wei"  # takes calls; does not


def helped(text: str, **place: Any) -> CallSuggestions:
    return suggest_for_call(AppealDraft(text=text, channel="phone", **place), actor=person(ZHOU), now=NOW)


class TestSuggestForCall:
    def test_quotes_the_nearest_answer_with_its_source(self) -> None:
        found = helped("摆摊要什么条件")
        assert found.state == "ready"
        assert found.answers[0].title == "摆摊要什么条件？"
        assert "18 周岁" in found.answers[0].text
        assert found.answers[0].source == "《摊位经营许可》办事指南"

    def test_quotes_no_sentence_that_speaks_to_the_machine(self) -> None:
        assert all("一万元" not in each.text for each in helped("家里停水了找谁").answers)

    def test_shows_items_and_open_appeals_alike(self) -> None:
        done = sent()
        found = helped(SAID[NOISE], longitude=EAST[0], latitude=EAST[1])
        assert found.items[0].code == NOISE
        assert [each.number for each in found.alike] == [done.number]

    def test_helps_without_a_place_that_cannot_be(self) -> None:
        assert helped("摆摊要什么条件", longitude=200.0, latitude=95.0).answers

    def test_waits_for_two_characters(self) -> None:
        assert helped("摆") == CallSuggestions("short")

    def test_says_when_there_is_nothing_near(self) -> None:
        assert helped("zzzz") == CallSuggestions("empty")

    def test_says_when_there_is_no_index(self) -> None:
        remove_documents([each.code for each in DOCUMENTS], now=NOW)
        rebuild_index()
        assert helped("摆摊要什么条件").state == "missing"

    def test_searches_for_no_number_of_a_caller(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []

        def noting(text: str, ask: Ask, **_: Any) -> list[Any]:
            asked.extend((text, ask.text))
            return []

        monkeypatch.setattr(calls, "find", noting)
        helped("我的电话是13800138000，想摆摊")
        assert asked
        assert all("13800138000" not in each for each in asked)

    def test_is_for_call_takers(self) -> None:
        for actor in (person(CHEN), resident()):
            with pytest.raises(NotAtCallDesk):
                suggest_for_call(AppealDraft(text="摆摊要什么条件"), actor=actor, now=NOW)


class TestRecordConsultation:
    asked = NewConsultation("摆摊要什么条件？电话13800138000", "满 18 周岁就可以。")

    def test_keeps_a_closed_case_that_says_nothing_of_the_caller(self) -> None:
        number = record_consultation(self.asked, actor=person(ZHOU), now=NOW)
        case = Case.objects.get(number=number)
        assert (case.process, case.state, case.requester_id) == ("consultation", "answered", None)
        assert case.closed_at is not None
        assert "13800138000" not in case.title
        assert get_case(person(ZHOU), number, Purpose.CALL).row.number == number

    def test_is_kept_once(self) -> None:
        key = idempotency_key("consultations:test", "call-1", {"text": "x"})
        numbers = {record_consultation(self.asked, actor=person(ZHOU), now=NOW, key=key) for _ in range(2)}
        assert (len(numbers), Case.objects.filter(process="consultation").count()) == (1, 1)

    def test_wants_question_and_answer(self) -> None:
        with pytest.raises(FieldErrors) as found:
            record_consultation(NewConsultation("", ""), actor=person(ZHOU), now=NOW)
        assert set(found.value.fields) == {"text", "note"}

    def test_is_for_call_takers(self) -> None:
        with pytest.raises(NotAtCallDesk):
            record_consultation(self.asked, actor=person(CHEN), now=NOW)
        assert not Case.objects.filter(process="consultation").exists()


class TestApi:
    address = "/api/v1/assistant/calls/suggestions"

    def test_is_refused_to_everybody_else(self, client: Any) -> None:
        answer = client.post(self.address, {"text": "摆摊要什么条件"}, "application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "assistant.not_at_call_desk")
