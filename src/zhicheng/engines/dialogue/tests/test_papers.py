import pytest

from zhicheng.engines.dialogue.filling import begin, fill
from zhicheng.engines.dialogue.papers import PaperReading, merge_reading
from zhicheng.engines.dialogue.slots import read_schema
from zhicheng.engines.dialogue.tests.fixtures import SCHEMA, SCRIPT, TODAY, resolve

CARD = {"name": "王明", "number": "11010519491231002X", "address": "北京市东城区景山前街4号"}


def card(confidence=0.9, **changed):
    return PaperReading("id_card", "居民身份证", "id_card", {**CARD, **changed}, confidence)


def merge(state, reading, script=SCRIPT):
    return merge_reading(script, state, reading, today=TODAY, resolve=resolve)


@pytest.fixture
def begun():
    return begin(SCRIPT, today=TODAY).state


class TestMergeReading:
    def test_fills_what_is_empty_and_says_from_where(self, begun):
        turn = merge(begun, card())
        assert turn.state.values["name"] == "王明"
        assert turn.state.values["birth_date"] == "1949-12-31"
        assert turn.state.sources["id_number"] == "read:id_card"
        assert [question.name for question in turn.questions] == ["phone"]

    def test_asks_about_what_differs_and_keeps_what_was_said_until_then(self, begun):
        said = fill(SCRIPT, begun, "我叫王鸣", today=TODAY, resolve=resolve)
        turn = merge(said.state, card())
        assert turn.state.values["name"] == "王鸣"
        assert "材料《居民身份证》上的是王明" in turn.contradictions[0].text
        settled = fill(SCRIPT, turn.state, "以身份证上的为准，改成后面的", today=TODAY, resolve=resolve)
        assert settled.state.values["name"] == "王明"
        assert settled.state.sources["name"] == "read:id_card"

    def test_a_longer_address_is_no_contradiction(self, begun):
        said = fill(SCRIPT, begun, "住在景山前街4号", today=TODAY, resolve=resolve)
        assert merge(said.state, card()).contradictions == ()

    def test_takes_nothing_that_is_unclear_or_wrong(self, begun):
        assert dict(merge(begun, card(confidence=0.4)).state.values) == {}
        assert "id_number" not in merge(begun, card(number="110105194912310021")).state.values

    def test_reads_an_id_card_into_a_form_that_does_not_link_it(self):
        plain = {
            name: {key: one for key, one in rules.items() if key != "x-document"}
            for name, rules in SCHEMA["properties"].items()
        }
        script = read_schema({**SCHEMA, "properties": plain})
        turn = merge(begin(script, today=TODAY).state, card(), script)
        assert (turn.state.values["name"], turn.state.values["id_number"]) == ("王明", "11010519491231002X")
