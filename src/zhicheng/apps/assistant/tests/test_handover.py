"""A person goes on where the assistant stops; what was not known becomes knowledge after its owner confirmed it."""

from uuid import UUID

import pytest
from django.apps import apps

from zhicheng.apps.appeals.tests.town import NOW, Case, do, person, resident
from zhicheng.apps.assistant.public import (
    answer_as_clerk,
    conversation_of,
    draft_answer,
    get_conversation,
    get_proposal,
    rate,
    suggest,
)
from zhicheng.apps.assistant.tests.documents import DOCUMENTS
from zhicheng.apps.assistant.tests.talking import Chat, spoken
from zhicheng.apps.assistant.values import ClerkAnswer, Rate
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.knowledge.public import get_document, rebuild_index, remove_documents
from zhicheng.core.ledger.public import relay_outbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "knowledge")]
CLERK, STRANGER = "liu.yang", "li.na"  # at the town's centre, and at the waterworks
Proposal = apps.get_model("assistant", "Proposal")


def handed_over(chat: Chat) -> UUID:
    chat.say("摆摊要什么条件？")
    chat.say("转人工")
    return UUID(str(Case.objects.get(process="handover").pk))


def said_last(chat: Chat) -> str:
    return spoken(get_conversation(chat.id, owner=chat.owner).turns[-1].answer)


class TestHandOver:
    def test_opens_one_case_with_its_clocks_at_the_centre(self) -> None:
        chat = Chat(resident())
        case = handed_over(chat)
        assert "10 分钟内" in said_last(chat)
        chat.say("转人工")
        row = Case.objects.get(process="handover")
        assert (row.pk, row.unit_id, row.requester_id) == (case, "YX", chat.actor.party_id)
        assert row.title == "摆摊要什么条件？"
        assert row.due_at is not None

    def test_keeps_what_is_said_meanwhile_for_the_clerk(self) -> None:
        chat = Chat()
        case = handed_over(chat)
        assert "转达" in spoken(chat.say("我是想卖豆花"))
        assert [turn.question for turn in conversation_of(case).turns][-1] == "我是想卖豆花"

    def test_is_answered_by_a_clerk_in_the_conversation(self) -> None:
        chat = Chat()
        case = handed_over(chat)
        answer_as_clerk(ClerkAnswer(case, "满 18 周岁就可以，带上身份证来镇政府。"), actor=person(CLERK), now=NOW)
        turn = get_conversation(chat.id, owner=chat.owner).turns[-1]
        assert turn.answer.words == ("满 18 周岁就可以，带上身份证来镇政府。",)
        assert "工作人员" in turn.answer.said_by
        chat.say("好的，明白了")
        assert len({each.seq for each in get_conversation(chat.id, owner=chat.owner).turns}) == 4

    def test_is_none_of_another_units_business(self) -> None:
        case = handed_over(Chat())
        for act in (
            lambda: answer_as_clerk(ClerkAnswer(case, "不该看到"), actor=person(STRANGER), now=NOW),
            lambda: draft_answer(case, actor=person(STRANGER), now=NOW),
        ):
            with pytest.raises(CaseNotFound):
                act()

    def test_ends_when_the_person_does_not_wait(self) -> None:
        chat = Chat()
        handed_over(chat)
        chat.say("不等了")
        assert Case.objects.get(process="handover").state == "closed"
        assert chat.say("摆摊要什么条件？").outcome == "answered"

    def test_goes_back_to_the_assistant_when_the_clerk_has_closed_it(self) -> None:
        chat = Chat()
        case = handed_over(chat)
        do(case, "close", CLERK, text="已电话说明")
        assert "已经结束" in spoken(chat.say("还在吗"))
        assert chat.say("摆摊要什么条件？").outcome == "answered"


class TestDesk:
    def test_is_suggested_what_the_town_knows(self) -> None:
        found = suggest("停水", actor=person(CLERK), now=NOW)
        assert found[0].title == "停水了找谁？"
        assert "索赔" not in found[0].text
        assert suggest("停", actor=person(CLERK), now=NOW) == []

    def test_without_an_index_is_suggested_nothing(self) -> None:
        case = handed_over(Chat())
        remove_documents([document.code for document in DOCUMENTS], now=NOW)
        rebuild_index()
        assert suggest("停水", actor=person(CLERK), now=NOW) == []
        assert draft_answer(case, actor=person(CLERK), now=NOW) == ""

    def test_lets_the_assistant_draft(self) -> None:
        case = handed_over(Chat())
        assert "年满 18 周岁" in draft_answer(case, actor=person(CLERK), now=NOW)


class TestWorkList:
    def test_takes_up_what_was_not_answered_once_a_question(self) -> None:
        Chat().say("火星移民局电话是多少")
        Chat().say("火星移民局的电话是多少？")
        row = Proposal.objects.get()
        assert (row.origin, row.asked) == ("unanswered", 2)
        assert Case.objects.get(pk=row.pk).process == "knowledge_entry"

    def test_takes_up_what_was_rated_badly_with_what_was_said(self) -> None:
        chat = Chat()
        turn = chat.turn("停水了找谁？")
        rate(Rate(chat.id, turn.id, False, chat.owner, "没说清楚"), now=NOW)
        entry = get_proposal(Proposal.objects.get().pk)
        assert entry.origin == "rated"
        assert "计划停水" in entry.answer

    def test_keeps_no_personal_data(self) -> None:
        Chat().say("火星移民局给我13800138000打过电话吗")
        assert "13800138000" not in Proposal.objects.get().question

    def test_publishes_what_its_owner_confirmed(self) -> None:
        chat = Chat()
        handed = handed_over(chat)
        answer = "夜市摊位每月初开放申请，先到先得。"
        answer_as_clerk(ClerkAnswer(handed, answer, propose=True), actor=person(CLERK), now=NOW)
        entry = Proposal.objects.get().pk
        question = "夜市摊位什么时候开放申请？"
        do(entry, "propose", CLERK, question=question, text=answer, unit="YX-WORKS")
        do(entry, "confirm", "chen.wei", question=question, text=answer, source="云溪镇摊位管理办法（虚构）")
        relay_outbox(now=NOW)
        document = get_document(f"faq:clerk.{Case.objects.get(pk=entry).number.lower()}")
        assert document is not None
        assert document.title == question
        assert "云溪镇城镇管理服务中心" in document.source
        assert not Proposal.objects.get().open
