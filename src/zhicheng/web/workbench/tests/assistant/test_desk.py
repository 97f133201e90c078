"""The clerk's desk: the conversation, what is known, the answer, the entry; nothing for other units."""

import re
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client

from zhicheng.apps.appeals.tests.town import Case, browser, citizen, official
from zhicheng.apps.assistant.tests.talking import Chat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "knowledge", "monday")]
CLERK, STRANGER = "liu.yang", "li.na"
ANSWER = "满 18 周岁就可以，带上身份证来镇政府办。"


def handed_over() -> str:
    chat = Chat()
    chat.say("摆摊要什么条件？")
    chat.say("转人工")
    return str(Case.objects.get(process="handover").number)


def words_of(page: object) -> str:
    return re.sub(r"<[^>]+>", " ", page.content.decode())  # type: ignore[attr-defined]  # a response of the client


class TestDesk:
    def test_lists_who_waits_for_the_units_clerks_alone(self) -> None:
        number = handed_over()
        assert number in words_of(official(CLERK).get("/workbench/assistant/"))
        assert number not in words_of(official(STRANGER).get("/workbench/assistant/"))
        assert browser(citizen()).get("/workbench/assistant/").status_code in {302, 403}

    def test_shows_the_conversation_with_its_sources(self) -> None:
        number = handed_over()
        page = words_of(official(CLERK).get(f"/workbench/assistant/{number}/"))
        assert "摆摊要什么条件？" in page
        assert "年满 18 周岁" in page
        assert "《摊位经营许可》办事指南" in page
        assert official(STRANGER).get(f"/workbench/assistant/{number}/").status_code == 404

    def test_answers_once_however_often_it_is_pressed(self) -> None:
        number, clerk = handed_over(), official(CLERK)
        form = {"text": ANSWER, "idempotency_key": uuid4().hex}
        for _ in range(2):
            assert clerk.post(f"/workbench/assistant/{number}/answer/", form).status_code == 302
        page = words_of(clerk.get(f"/workbench/assistant/{number}/"))
        assert page.count(ANSWER) == 1
        assert "云溪镇人民政府工作人员" in page

    def test_says_that_an_answer_is_missing(self) -> None:
        number = handed_over()
        answer = official(CLERK).post(f"/workbench/assistant/{number}/answer/", {"text": ""})
        assert answer.status_code == 422

    def test_takes_no_answer_of_another_unit(self) -> None:
        number = handed_over()
        client = official(STRANGER)
        assert client.post(f"/workbench/assistant/{number}/answer/", {"text": ANSWER}).status_code == 404
        assert client.post(f"/workbench/assistant/{number}/draft/").status_code == 404

    def test_suggests_while_one_types(self) -> None:
        page = words_of(official(CLERK).get("/workbench/assistant/suggest/", {"q": "停水"}))
        assert "计划停水提前一天张贴通知。" in page
        assert Client().get("/workbench/assistant/suggest/", {"q": "停水"}).status_code in {302, 403}

    def test_lets_the_assistant_draft_into_the_box(self) -> None:
        number = handed_over()
        page = official(CLERK).post(f"/workbench/assistant/{number}/draft/").content.decode()
        assert re.search(r"<textarea[^>]*>年满 18 周岁", page)

    def test_leads_from_an_answer_to_an_entry_and_its_owner(self) -> None:
        number, clerk = handed_over(), official(CLERK)
        clerk.post(f"/workbench/assistant/{number}/answer/", {"text": ANSWER, "propose": "yes"})
        entry = Case.objects.get(pk=apps.get_model("assistant", "Proposal").objects.get().pk).number
        page = clerk.get(f"/workbench/assistant/entries/{entry}/").content.decode()
        assert ANSWER in page
        form = {"question": "摆摊要几岁？", "text": ANSWER, "unit": "YX-WORKS"}
        assert clerk.post(f"/workbench/cases/{entry}/actions/propose/", form).status_code == 302
        owner = official("chen.wei").get(f"/workbench/assistant/entries/{entry}/").content.decode()
        assert "确认，发布到知识库" in owner
        assert official(STRANGER).get(f"/workbench/assistant/entries/{entry}/").status_code == 404

    def test_is_found_from_the_case_page(self) -> None:
        number = handed_over()
        assert f"/workbench/assistant/{number}/" in official(CLERK).get(f"/workbench/cases/{number}/").content.decode()
