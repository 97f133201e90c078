"""小龙说政事 in conversation: plain words with their clauses, the text itself named as what counts."""

import pytest

from zhicheng.apps.assistant.policy.intents import understand
from zhicheng.apps.assistant.tests.talking import Chat, spoken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday", "knowledge")]


class TestExplainPolicy:
    def test_says_each_statement_with_the_clause_that_it_rests_on(self):
        answer = Chat().say("用大白话讲讲小微企业首次招用补助办法")
        assert [each.text for each in answer.quotes][1] == "能有多少？每招用 1 人补 1000 元。"
        assert answer.quotes[1].link == "/policies/company.first_hire/?version=2026#clause-c2"
        assert answer.quotes[1].source.startswith("大白话解读，依据")
        assert "以政策原文为准" in spoken(answer)
        assert {"看原文", "看我符不符合"} <= {each.label for each in answer.options}

    def test_goes_by_everyday_words_and_by_what_was_spoken_of(self):
        chat = Chat()
        assert "1000 元" in spoken(chat.say("小龙说政事：招人补贴"))
        assert "1000 元" in spoken(chat.say("说人话"))

    def test_answers_as_a_question_what_nobody_has_explained(self):
        answer = Chat().say("用大白话讲讲云溪镇摊位管理办法")
        assert all(not quote.document.startswith("reading:") for quote in answer.quotes)

    def test_invents_nothing_about_a_policy_that_is_not_there(self):
        answer = Chat().say("用大白话讲讲火星移民补贴政策")
        assert all(not quote.document.startswith("reading:") for quote in answer.quotes)

    @pytest.mark.parametrize("text", ["育儿补贴怎么领？", "公租房政策是什么", "我想办居住证"])
    def test_leaves_ordinary_questions_alone(self, text):
        assert understand(text).intent != "explain"
