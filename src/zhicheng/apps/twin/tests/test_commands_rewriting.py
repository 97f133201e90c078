import pytest

from zhicheng.apps.twin.operations import commands_rewriting
from zhicheng.apps.twin.queries import commands_asking
from zhicheng.apps.twin.queries.commands_vocabulary import Words
from zhicheng.core.inference.values import ChatReply, Usage
from zhicheng.engines.commands.tests.words import LEXICON, NOW
from zhicheng.engines.commands.wording import Wording

WORDS = Words(LEXICON, Wording(LEXICON.vocabulary))


@pytest.fixture
def model(monkeypatch):
    """A chat model that says what the test tells it to; the words of a small town."""
    said = {"text": "无", "asked": 0}

    def ask(request, *, now):
        said["asked"] += 1
        return ChatReply(said["text"], "scripted", Usage(), 0.1)

    monkeypatch.setattr(commands_rewriting, "ask_chat", ask)
    monkeypatch.setattr(commands_rewriting, "has_chat", lambda: True)
    for module in (commands_rewriting, commands_asking):
        monkeypatch.setattr(module, "current_words", lambda: WORDS)
    return said


class TestUnderstandOrRewrite:
    def test_takes_a_rewriting_that_the_grammar_understands_and_says_so(self, model):
        model["text"] = "福田区的学校"
        found = commands_rewriting.understand_or_rewrite("福田那边娃娃念书的地方", now=NOW)
        assert found.sentence == "福田区、类别为学校的设施"
        assert "福田区的学校" in found.notes[0]

    def test_keeps_its_refusal_where_the_grammar_refuses_the_rewriting(self, model):
        model["text"] = "福田区的猫"
        found = commands_rewriting.understand_or_rewrite("福田那边娃娃念书的地方", now=NOW)
        assert found.command is None
        assert found.notes == ()

    def test_does_not_ask_about_what_it_understands(self, model):
        assert commands_rewriting.understand_or_rewrite("福田区的学校", now=NOW).notes == ()
        assert model["asked"] == 0
