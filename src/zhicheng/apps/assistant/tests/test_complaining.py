"""A problem that is told becomes an appeal: asked is what is missing, shown is the draft, needed is a yes."""

import pytest

from zhicheng.apps.appeals.public import get_appeal
from zhicheng.apps.appeals.tests.town import Case, resident
from zhicheng.apps.assistant.tests.talking import Chat, spoken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "knowledge")]
TOLD = "我要投诉，东桥头的工地昨晚十二点还在打桩，吵得睡不着"


class TestComplaint:
    def test_told_completely_is_shown_and_sent_after_a_yes(self) -> None:
        chat = Chat(resident())
        shown = chat.say(TOLD)
        assert "东桥社区" in spoken(shown)
        assert Case.objects.filter(process="appeal").count() == 0
        done = chat.say("确认提交")
        case = Case.objects.get(process="appeal")
        assert case.number in spoken(done)
        assert case.requester_id == chat.actor.party_id
        assert get_appeal(case.pk).text == "东桥头的工地昨晚十二点还在打桩，吵得睡不着"

    def test_asks_for_what_is_missing_each_once(self) -> None:
        chat = Chat()
        assert "什么事" in spoken(chat.say("我要投诉"))
        assert "哪里" in spoken(chat.say("工地施工太吵了，没法睡觉"))
        assert "什么时候" in spoken(chat.say("东桥头"))
        shown = spoken(chat.say("每天半夜"))
        assert "工地施工太吵了，没法睡觉" in shown
        assert "发生时间：每天半夜" in shown
        assert "匿名" in shown

    def test_of_nobody_gets_a_code_to_follow_it(self) -> None:
        chat = Chat()
        chat.say(TOLD)
        done = spoken(chat.say("是的"))
        assert "查询码" in done
        assert Case.objects.get(process="appeal").requester_id is None

    def test_is_sent_once_however_often_yes_is_said(self) -> None:
        chat = Chat()
        chat.say(TOLD)
        chat.turn("确认提交", "k")
        chat.turn("确认提交", "k")
        assert Case.objects.filter(process="appeal").count() == 1

    def test_is_dropped_when_it_is_called_off(self) -> None:
        chat = Chat()
        chat.say(TOLD)
        chat.say("取消")
        chat.say("确认提交")
        assert Case.objects.filter(process="appeal").count() == 0

    def test_can_be_changed_before_the_yes(self) -> None:
        chat = Chat()
        chat.say(TOLD)
        assert "西岭" in spoken(chat.say("地点是西岭社区 3 号"))

    def test_where_to_complain_is_a_question(self) -> None:
        chat = Chat()
        assert chat.turn("投诉电话是多少").intent == "ask"

    def test_is_not_sent_by_a_word_of_thanks(self) -> None:
        chat = Chat(resident("王芳", "13800138009"))
        chat.say(TOLD)
        chat.say("谢谢")
        assert Case.objects.filter(process="appeal").count() == 0
