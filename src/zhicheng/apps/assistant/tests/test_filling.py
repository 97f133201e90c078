"""A form filled by talking: several fields at once, the same draft as the ordinary form, nothing without a yes."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from zhicheng.apps.assistant.tests.fixtures import stock_knowledge
from zhicheng.apps.assistant.tests.talking import Chat, photographed, spoken
from zhicheng.apps.services.tests.town import ADULT, CHILD, NOW, PHOTO, resident, town_installed
from zhicheng.core.forms.public import (
    add_document,
    get_draft,
    list_documents,
    list_drafts,
    save_draft,
)
from zhicheng.core.forms.values import NewDocument, SaveDraft
from zhicheng.core.parties.values import Actor, ActorKind
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.files import FileRefused

pytestmark = pytest.mark.django_db
Case = apps.get_model("cases", "Case")


@pytest.fixture(autouse=True)
def _town(db: None, tmp_path: Path) -> Any:
    with town_installed(tmp_path):
        stock_knowledge()
        yield


def begun(actor: Actor) -> Chat:
    chat = Chat(actor)
    chat.say("边聊边办：摊位经营许可")
    return chat


def told(chat: Chat) -> str:
    """Everything that the form asks, said until the draft is shown."""
    chat.say(f"我叫王小芳，身份证号{ADULT}")
    chat.say("去年三月来镇上住的，5号吧")
    return spoken(chat.say("想要甲 3 号摊位，卖豆花"))


class TestFilling:
    def test_reads_several_fields_from_one_message(self) -> None:
        chat = begun(resident())
        said = spoken(chat.say(f"我叫王小芳，身份证号{ADULT}"))
        assert "王小芳" in said
        draft = get_draft(list_drafts(chat.owner, now=NOW)[0].id, owner=chat.owner, now=NOW)
        assert draft.values["name"] == "王小芳"
        assert draft.values["birth_date"] == "1990-03-07"

    def test_shows_the_draft_and_submits_after_a_yes(self) -> None:
        chat = begun(resident())
        shown = told(chat)
        assert "申请草稿" in shown
        assert Case.objects.filter(process="application").count() == 0
        draft = list_drafts(chat.owner, now=NOW)[0]
        assert "还不能提交" in spoken(chat.say("确认提交"))  # the photo of the ID card is missing
        add_document(NewDocument(draft.id, "id_card", "身份证.png", PHOTO), owner=chat.owner, now=NOW)
        done = spoken(chat.say("确认提交"))
        case = Case.objects.get(process="application")
        assert case.number in done
        assert case.requester_id == chat.actor.party_id

    def test_takes_a_photo_for_the_material_that_is_missing(self) -> None:
        chat = begun(resident())
        said = photographed(chat, PHOTO)
        assert "收到《居民身份证》" in spoken(said)
        draft = list_drafts(chat.owner, now=NOW)[0]
        assert [one.material for one in list_documents(draft=draft.id)] == ["id_card"]

    def test_refuses_what_is_no_photo_and_what_nobody_asked_for(self) -> None:
        chat = begun(resident())
        with pytest.raises(FileRefused):
            photographed(chat, b"not a photo", "id_card")
        with pytest.raises(FieldErrors):
            photographed(Chat(resident("李强", CHILD)), PHOTO)

    def test_takes_over_what_was_changed_in_the_form(self) -> None:
        chat = begun(resident())
        chat.say(f"我叫王小芳，身份证号{ADULT}")
        row = list_drafts(chat.owner, now=NOW)[0]
        draft = get_draft(row.id, owner=chat.owner, now=NOW)
        save_draft(SaveDraft(draft.id, draft.version, {"stall": "乙 9 号"}), owner=chat.owner, now=NOW)
        chat.say("卖什么：豆花")
        draft = get_draft(row.id, owner=chat.owner, now=NOW)
        assert (draft.values["stall"], draft.values["goods"]) == ("乙 9 号", "豆花")

    def test_answers_a_question_on_the_way_and_comes_back(self) -> None:
        chat = begun(resident())
        said = spoken(chat.say("要多久？"))
        assert "5 个工作日" in said
        assert "接着填" in said

    def test_can_be_left_and_taken_up_again(self) -> None:
        chat = begun(resident())
        chat.say(f"我叫王小芳，身份证号{ADULT}")
        assert "草稿" in spoken(chat.say("先不填了，退出"))
        again = Chat(chat.actor)
        again.say("帮我填摊位经营许可")
        assert len(list_drafts(chat.owner, now=NOW)) == 1

    def test_is_not_submitted_for_nobody(self) -> None:
        chat = begun(Actor(ActorKind.ANONYMOUS))
        told(chat)
        assert "请先登录" in spoken(chat.say("确认提交"))
        assert Case.objects.filter(process="application").count() == 0

    def test_of_a_draft_that_is_gone_says_so(self) -> None:
        chat = begun(resident())
        apps.get_model("forms", "FormDraft").objects.all().delete()
        assert "不在了" in spoken(chat.say("我叫王小芳"))
