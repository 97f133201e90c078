"""One's own things are shown to who is signed in, after a yes."""

import pytest

from zhicheng.apps.appeals.tests.town import NOW, citizen, resident
from zhicheng.apps.assistant.tests.talking import Chat, spoken
from zhicheng.core.parties.public import actor_for, list_consents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town", "knowledge")]


def _agreed(chat: Chat) -> list[str]:
    assert chat.actor.party_id is not None
    return [consent.source for consent in list_consents(chat.actor.party_id)]


class TestOwnThings:
    @pytest.mark.parametrize("words", ["我能领哪些补贴", "我的证照快到期了吗"])
    def test_are_not_shown_to_nobody(self, words: str) -> None:
        answer = Chat().say(words)
        assert "请先登录" in spoken(answer)
        assert answer.options[0].url.startswith("/signin/")

    def test_need_a_yes_that_is_kept(self) -> None:
        chat = Chat(actor_for(citizen(), now=NOW))
        assert "同意吗" in spoken(chat.say("我的证照快到期了吗"))
        assert _agreed(chat) == []
        assert "还没有电子证照" in spoken(chat.say("同意"))
        assert _agreed(chat) == ["assistant_licences"]
        assert "还没有电子证照" in spoken(Chat(chat.actor).say("我的证照快到期了吗"))

    def test_are_not_shown_after_a_no(self) -> None:
        chat = Chat(resident())
        chat.say("我能领哪些补贴")
        assert "不查看" in spoken(chat.say("不同意"))

    def test_that_rest_on_a_proven_number_say_so(self) -> None:
        chat = Chat(actor_for(citizen(), now=NOW))
        chat.say("我能领哪些补贴")
        answer = chat.say("同意")
        assert "/account/identity/" in [option.url for option in answer.options]
