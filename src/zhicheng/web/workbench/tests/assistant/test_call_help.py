"""What the call desk is told while a caller speaks: by a script, by a button, never to anybody else."""

from typing import Any

import pytest
from django.apps import apps

from zhicheng.apps.appeals.public import get_appeal
from zhicheng.apps.appeals.tests.town import NOISE, SAID, Case, browser, citizen, official
from zhicheng.core.knowledge.public import rebuild_index, remove_documents
from zhicheng.kit.clock import now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "knowledge", "monday")]
ASKED = {"text": "摆摊要什么条件", "phone": "13800138001", "name": "李建国", "idempotency_key": "call-0009"}
SUGGEST, DESK = "/workbench/calls/suggest/", "/workbench/calls/"


def typed(client: Any, **changed: str) -> str:
    """What a script gets while somebody types."""
    answer = client.post(SUGGEST, {**ASKED, **changed}, headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestSuggest:
    def test_gives_a_part_of_a_page_with_answer_and_source(self) -> None:
        part = typed(official("zhou.mei"))
        assert "年满 18 周岁" in part
        assert "《摊位经营许可》办事指南" in part
        assert "<html" not in part

    def test_gives_the_whole_desk_without_a_script_and_keeps_what_was_typed(self) -> None:
        page = official("zhou.mei").post(SUGGEST, {**ASKED, "look": "yes"})
        assert page.context["values"]["name"] == "李建国"
        assert "年满 18 周岁" in page.content.decode()

    def test_puts_an_answer_into_the_note_without_a_script(self) -> None:
        page = official("zhou.mei").post(SUGGEST, {**ASKED, "note": "先记一句", "take": "1"})
        first, second = page.context["values"]["note"].split("\n")
        assert first == "先记一句"
        assert second.startswith("〔已告知〕摆摊要什么条件？ 年满 18 周岁")

    @pytest.mark.parametrize("take", ["0", "99", "-1", "甲", "1" * 400])
    def test_takes_no_answer_that_is_not_there(self, take: str) -> None:
        page = official("zhou.mei").post(SUGGEST, {**ASKED, "take": take})
        assert (page.status_code, page.context["values"]["note"]) == (200, "")

    def test_says_honestly_what_it_does_not_know(self) -> None:
        assert "没有找到相近的内容" in typed(official("zhou.mei"), text="zzzz")

    def test_says_that_there_is_no_index(self) -> None:
        codes = apps.get_model("knowledge", "Document").objects.values_list("code", flat=True)
        remove_documents(list(codes), now=now())
        rebuild_index()
        assert "还没有准备好" in typed(official("zhou.mei"))

    def test_stands_strange_places(self) -> None:
        assert "年满 18 周岁" in typed(official("zhou.mei"), longitude="east", latitude="x")

    def test_is_for_call_takers(self, client: Any) -> None:
        assert official("chen.wei").post(SUGGEST, ASKED).status_code == 403
        assert browser(citizen()).post(SUGGEST, ASKED).status_code in {302, 403}
        assert client.post(SUGGEST, ASKED).status_code == 302

    def test_may_not_be_asked_without_end(self, settings: Any) -> None:
        settings.RATE_LIMITS = {**settings.RATE_LIMITS, "suggest": 2}
        zhou = official("zhou.mei")
        assert [zhou.post(SUGGEST, ASKED).status_code for _ in range(3)] == [200, 200, 429]


class TestTaking:
    def test_keeps_what_was_answered_as_an_internal_note(self) -> None:
        official("zhou.mei").post(DESK, {**ASKED, "text": SAID[NOISE], "item": NOISE, "note": "已告知夜间施工要有证明"})
        case = Case.objects.get()
        row = apps.get_model("cases", "HistoryRow").objects.get(case=case, action="note")
        assert (row.input, row.public) == ({"text": "已告知夜间施工要有证明"}, False)
        assert "已告知" not in get_appeal(case.pk).text

    def test_keeps_a_mere_question_as_closed(self) -> None:
        zhou = official("zhou.mei")
        assert zhou.post(DESK, {**ASKED, "note": "满 18 周岁就可以。", "answered": "yes"}).status_code == 302
        zhou.post(DESK, {**ASKED, "note": "满 18 周岁就可以。", "answered": "yes"})
        case = Case.objects.get()
        assert (case.process, case.state, case.requester_id) == ("consultation", "answered", None)
        assert case.number in str(next(iter(zhou.get(DESK).context["messages"])))

    def test_wants_to_know_what_was_answered(self) -> None:
        page = official("zhou.mei").post(DESK, {**ASKED, "note": "", "answered": "yes"})
        assert (page.status_code, list(page.context["errors"])) == (422, ["note"])
        assert page.context["values"]["text"] == ASKED["text"]
