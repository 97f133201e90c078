import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from zhicheng.engines.dialogue.filling import begin, fill
from zhicheng.engines.dialogue.slots import nested
from zhicheng.engines.dialogue.state import state_from_json, state_to_json
from zhicheng.engines.dialogue.tests.fixtures import SCHEMA, SCRIPT, TODAY, resolve

WANG_MING = "我叫王明，身份证11010519491231002X，电话13800138000，住在福田区景田路8号"
PIECES = [
    "我叫王明",
    "身份证",
    "11010519491231002X",
    "13800138000",
    "不对",
    "改成",
    "去年三月",
    "没有",
    "有",
    "租的",
    "三千五",
    "跳过",
]
PIECES += [
    "为什么",
    "，",
    " ",
    "福田",
    "结婚了",
    "老婆叫李红",
    "儿子",
    "确认提交",
    "第一个",
    "5号",
    "\ud800",
    "１２",
    "同意",
    "还有",
]


def talk(*messages, turn=None):
    turn = turn or begin(SCRIPT, today=TODAY)
    for message in messages:
        turn = fill(SCRIPT, turn.state, message, today=TODAY, resolve=resolve)
    return turn


def asked(turn):
    return [question.name for question in turn.questions]


class TestFill:
    def test_fills_several_fields_from_one_message(self):
        turn = talk(WANG_MING)
        assert nested(turn.state.values) == {
            "name": "王明",
            "id_number": "11010519491231002X",
            "birth_date": "1949-12-31",
            "phone": "13800138000",
            "address": "福田区景田路8号",
        }
        assert asked(turn) == ["married"]

    def test_asks_what_a_new_answer_makes_necessary(self):
        assert asked(talk(WANG_MING, "结婚了")) == ["spouse_name"]
        assert asked(talk(WANG_MING, "没有")) == ["children"]

    def test_asks_for_the_day_when_only_the_month_was_said(self):
        turn = talk(WANG_MING, "没有", "没有", "福田", "租的，去年三月入住，租金三千五")
        assert turn.state.partial == {"moved_date": "2025-03"}
        assert talk("12号", turn=turn).state.values["moved_date"] == "2025-03-12"
        assert talk("记不清了", turn=turn).state.values["moved_date"] == "2025-03-01"

    def test_takes_one_child_after_another(self):
        turn = talk(WANG_MING, "没有", "有", "王小宝，2019年5月1日", "还有一个，王小花，2021年2月3日", "没有了")
        assert nested(turn.state.values)["children"] == [
            {"name": "王小宝", "birth_date": "2019-05-01"},
            {"name": "王小花", "birth_date": "2021-02-03"},
        ]
        assert asked(turn)[0] == "district"

    def test_asks_which_of_two_telephones_is_right(self):
        turn = talk(WANG_MING, "我电话是13900139000")
        assert [one.kind for one in turn.contradictions] == ["again"]
        assert talk("用后面那个", turn=turn).state.values["phone"] == "13900139000"
        assert talk("不改", turn=turn).state.values["phone"] == "13800138000"

    def test_takes_a_correction_without_asking(self):
        turn = talk(WANG_MING, "不对，电话是13900139000，姓名改成王鸣")
        assert (turn.state.values["phone"], turn.state.values["name"]) == ("13900139000", "王鸣")
        assert turn.contradictions == ()

    def test_says_why_it_asks(self):
        turn = talk("为什么要填这个")
        assert "核对" in turn.say
        assert asked(turn) == asked(begin(SCRIPT, today=TODAY))

    def test_offers_the_form_after_three_attempts(self):
        turn = talk(WANG_MING, "哈哈", "天气不错", "哈哈哈")
        assert turn.offers == ("form",)
        assert "married" not in asked(turn)

    def test_says_what_is_open_when_somebody_wants_to_submit_too_early(self):
        turn = talk(WANG_MING, "没有", "确认提交")
        assert not turn.done
        assert "提交之前还要填" in turn.say
        assert asked(turn) == asked(talk(WANG_MING, "没有"))

    def test_submits_only_after_the_draft_and_a_yes(self):
        turn = talk(WANG_MING, "没有", "没有", "福田", "自己的", "2020年5月1日", "没有", "同意")
        assert not turn.done
        assert dict(turn.draft)["住房性质"] == "自有"
        turn = talk("住房性质改成租赁，月租三千", turn=turn)
        assert dict(turn.draft)["月租金"] == "3,000.00 元"
        assert talk("好的，确认提交", turn=turn).done

    def test_stops_when_asked_to(self):
        assert talk("算了不办了").left


class TestAnyMessage:
    @settings(max_examples=80, deadline=None)
    @given(
        st.lists(
            st.one_of(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.text(max_size=60)), max_size=8
        )
    )
    def test_never_raises_and_never_writes_what_the_schema_refuses(self, messages):
        turn = begin(SCRIPT, today=TODAY)
        for message in messages:
            state = state_from_json(json.loads(json.dumps(state_to_json(turn.state))))
            turn = fill(SCRIPT, state, message, today=TODAY, resolve=resolve)
            partial = {**SCHEMA, "required": []}
            for error in Draft202012Validator(partial).iter_errors(nested(turn.state.values)):
                assert error.validator == "required"
            assert all(count <= 4 for count in turn.state.tries.values())


@pytest.mark.parametrize("message", ["", "   ", "\x00", "a" * 10_000, "１" * 500, "？" * 300])
def test_strange_messages_change_nothing(message):
    assert dict(talk(message).state.values) == {}
