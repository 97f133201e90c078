import pytest

from zhicheng.engines.commands.indicators import KnownIndicator, name_indicators, read_asked
from zhicheng.engines.commands.plain import brief, from_plain, to_plain
from zhicheng.engines.commands.tests.words import LEXICON, NOW
from zhicheng.engines.commands.wording import Wording

KNOWN = name_indicators(
    [
        KnownIndicator("on_time", "按时办结率", "诉求", "%"),
        KnownIndicator("area", "人均住宅面积", "建筑", "平方米", ("人均面积",)),
        KnownIndicator("use", "24 小时使用率", "设施", "%"),
        KnownIndicator("reply", "平均用时", "诉求", "小时"),
        KnownIndicator("answer", "平均用时", "问答", "秒"),
    ]
)
ASKED = [
    ("人均住宅面积", {"get": "value: area"}),
    ("福田区的人均面积是多少", {"in": ["福田区"], "get": "value: area"}),
    ("上个月各区人均住宅面积", {"when": ["period 2026-02-01..2026-03-01"], "get": "value: area", "by": ["district"]}),
    ("按时办结率指标最低的三个街道", {"get": "value: on_time", "by": ["street"], "bottom": "3"}),
    ("24小时使用率低于30%的街道", {"get": "value: use", "by": ["street"], "having": "< 30"}),
    ("人均住宅面积走势", {"get": "value: area", "by": ["period"]}),
    ("问答平均用时", {"get": "value: answer"}),
]
REFUSED = [
    ("有电梯的人均住宅面积", "not_understood"),
    ("平均用时", "ambiguous"),
    ("人均住宅面积同比", "incomplete"),
    ("除福田区外的人均住宅面积", "incomplete"),
    ("福田口岸附近的人均住宅面积", "incomplete"),
    ("给人均住宅面积最低的街道立案", "incomplete"),
    ("人均住宅面积和按时办结率", "not_understood"),
]


class TestReadAsked:
    @pytest.mark.parametrize(("text", "query"), ASKED)
    def test_reads_an_indicator_by_its_name(self, text, query):
        reading = read_asked(text, LEXICON, KNOWN, NOW)
        assert reading.refusal is None, reading.refusal
        assert brief(reading.command) == {"find": "indicator", **query}
        assert from_plain(to_plain(reading.command)) == reading.command

    def test_lets_the_table_answer_what_it_can_and_still_names_the_indicator(self):
        reading = read_asked("各区按时办结率", LEXICON, KNOWN, NOW)
        assert reading.command.table == "case"
        assert [known.code for known in reading.indicators] == ["on_time"]

    @pytest.mark.parametrize(("text", "code"), REFUSED)
    def test_refuses_what_no_stored_value_answers(self, text, code):
        reading = read_asked(text, LEXICON, KNOWN, NOW)
        assert reading.command is None
        assert reading.refusal.code == code

    def test_says_the_indicator_back(self):
        command = read_asked("上个月按时办结率指标低于90%的街道", LEXICON, KNOWN, NOW).command
        said = Wording(LEXICON.vocabulary, KNOWN).sentence(command)
        assert "指标“按时办结率”" in said
        assert "低于90" in said
