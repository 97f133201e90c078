"""Where a case is: one's own, or by number and code; nothing for anybody else."""

import pytest

from zhicheng.apps.appeals.tests.town import do, resident, sent
from zhicheng.apps.assistant.tests.talking import Chat, spoken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "knowledge")]


class TestProgress:
    def test_of_ones_own_case_is_told_from_its_history(self) -> None:
        chat = Chat(resident())
        done = sent(chat.actor)
        do(done.case_id, "accept", "chen.wei")
        said = spoken(chat.say("我反映的事办到哪了"))
        assert done.number in said
        assert "云溪镇城镇管理服务中心" in said
        assert "最近时限" in said

    def test_of_a_strangers_case_is_not_told(self) -> None:
        done = sent(resident())
        other = Chat(resident("李强", "13900139000"))
        for words in (f"{done.number}办到哪了", "我反映的事办到哪了"):
            said = spoken(other.say(words))
            assert "打桩" not in said
            assert "城镇管理服务中心" not in said

    def test_needs_number_and_code_without_an_account(self) -> None:
        done = sent()
        chat = Chat()
        assert "查询码" in spoken(chat.say(f"{done.number}办到哪了"))
        assert "没有找到" in spoken(chat.say(f"{done.number} 查询码 00000000"))
        assert "现在" in spoken(chat.say(f"{done.number} 查询码 {done.follow_code}"))

    def test_of_several_asks_which(self) -> None:
        chat = Chat(resident())
        first, second = sent(chat.actor), sent(chat.actor, text="东桥头的工地早上六点就开工，太吵了")
        answer = chat.say("我的诉求处理得怎么样了")
        assert {first.number, second.number} <= set(spoken(answer).replace("编号", " ").split())
        assert second.number in spoken(chat.say(f"{second.number} 办到哪了"))

    def test_asks_nobody_to_say_who_they_are(self) -> None:
        answer = Chat().say("我的申请办到哪了")
        assert answer.options[0].url.startswith("/signin/")

    def test_says_that_a_number_was_mistyped(self) -> None:
        number = sent().number
        mistyped = number[:-1] + ("7" if number[-1] != "7" else "8")
        assert "编号不对" in spoken(Chat().say(f"{mistyped} 办到哪了"))
