import pytest

from zhicheng.engines.commands.parsing import read_command
from zhicheng.engines.commands.plain import brief, from_plain, to_plain
from zhicheng.engines.commands.tests.words import LEXICON, NOW
from zhicheng.engines.commands.tokens import cut, normal

UNDERSTOOD = [
    ("福田区100米以上的办公楼", {"find": "building", "in": ["福田区"], "where": ["height_m >= 100", "use = office"]}),
    (
        "办公楼，福田区，一百米以上",
        {"find": "building", "in": ["福田区"], "where": ["height_m >= 100", "use = office"]},
    ),
    ("福田區一百米以上的辦公樓", {"find": "building", "in": ["福田区"], "where": ["height_m >= 100", "use = office"]}),
    ("南山区住满65岁老人最多的20栋楼", {"find": "building", "in": ["南山区"], "top": "20 elders_65"}),
    (
        "没有电梯的8层以上住宅楼",
        {"find": "building", "where": ["elevator = false", "floors >= 8", "use = residential"]},
    ),
    ("楼龄超过30年的楼有几栋", {"find": "building", "where": ["built_year < 1996"], "get": "count"}),
    ("各区老人数量", {"find": "building", "get": "sum: elders_65", "by": ["district"]}),
    ("离福田口岸2公里内的学校", {"find": "facility", "near": ["福田口岸站 <= 2000"], "where": ["kind = school"]}),
    (
        "500米内没有公厕的住宅楼",
        {"find": "building", "near": ["facility(kind = toilet) > 500"], "where": ["use = residential"]},
    ),
    ("三天内到期的工单", {"find": "case", "when": ["due_at 2026-03-11T10:00..2026-03-15"]}),
    ("福田区城管局超期的工单", {"find": "case", "where": ["closed_at is null", "due_at < now", "unit = FT-URBAN"]}),
    ("南山区新围社区的学校", {"find": "facility", "in": ["新围社区"], "where": ["kind = school"]}),
    ("除福田区外的学校", {"find": "facility", "out": ["福田区"], "where": ["kind = school"]}),
    (
        "没有公厕的社区",
        {"find": "facility", "where": ["kind = toilet"], "get": "count", "by": ["community"], "having": "= 0"},
    ),
    ("星河大厦附近的学校", {"find": "facility", "near": ["星河大厦 <= 500"], "where": ["kind = school"]}),
    ("飞到福田口岸", {"find": "", "in": ["福田口岸站"], "do": "fly"}),
    (
        "按时办结率低于90%的街道",
        {
            "find": "case",
            "where": ["closed_at is not null"],
            "get": "share: on_time = true",
            "by": ["street"],
            "having": "< 0.9",
        },
    ),
    (
        "投诉在10到20件之间的社区",
        {
            "find": "case",
            "where": ["process = appeal"],
            "get": "count",
            "by": ["community"],
            "having": "between 10 and 20",
        },
    ),
    ("老人超过1000人的社区", {"find": "building", "get": "sum: elders_65", "by": ["community"], "having": "> 1000"}),
    (
        "上周夜间的投诉",
        {
            "find": "case",
            "where": ["opened_at_hour in [0, 1, 2, 22, 23, 3, 4, 5]", "process = appeal"],
            "when": ["opened_at 2026-03-02..2026-03-09"],
        },
    ),
    (
        "昨天下午两点到四点办结的投诉",
        {
            "find": "case",
            "where": ["closed_at_hour in [14, 15]", "process = appeal"],
            "when": ["closed_at 2026-03-10..2026-03-11"],
        },
    ),
    ("超期3天以上的工单", {"find": "case", "where": ["closed_at is null", "due_at < now", "due_at <= now-259200s"]}),
    ("除周末外的投诉", {"find": "case", "where": ["opened_at_weekday not in [6, 7]", "process = appeal"]}),
    ("上周末的投诉", {"find": "case", "where": ["process = appeal"], "when": ["opened_at 2026-03-07..2026-03-09"]}),
]
REFUSED = [
    ("", "empty"),
    ("楼" * 201, "too_long"),
    ("福田区的猫", "not_understood"),
    ("福田区有喷泉的办公楼", "not_understood"),
    ("老旧的楼", "ambiguous"),
    ("新围社区的学校", "ambiguous"),
    ("南山区福田街道的学校", "contradictory"),
    ("最多的楼", "incomplete"),
    ("200米以上100米以下的楼", "contradictory"),
    ("派任务：核查超期的工单", "incomplete"),
    ("我处理的投诉", "not_understood"),
    ("最高的第3栋楼", "not_understood"),
    ("办公楼和学校", "not_understood"),
    ("老人和儿童各多少", "not_understood"),
    ("投诉有多少栋", "not_understood"),
    ("没有公厕也没有学校的社区", "not_understood"),
    ("大概100米的楼", "not_understood"),
    ("三点以后的投诉", "not_understood"),
    ("福田口岸承办的投诉", "not_understood"),
    ("最高的楼住了多少老人", "incomplete"),
    ("每个区最高的楼", "incomplete"),
    ("两三层的楼", "not_understood"),
    ("跟踪这个工单", "not_understood"),
    ("福田口岸500米的楼", "not_understood"),
    ("没有电梯的", "no_subject"),
    ("500米内住宅楼", "not_understood"),
    ("上周的投诉，本周的呢", "contradictory"),
    ("上周办结的投诉里超期的", "contradictory"),
    ("福田口岸里的学校", "ambiguous"),
    ("福田区的噪音", "incomplete"),
]
MEANT = ["其余", "末", "初", "第", "比", "其中", "但不", "我的", "大约100", "最"]


class TestReadCommand:
    @pytest.mark.parametrize(("text", "query"), UNDERSTOOD)
    def test_reads_what_officials_say(self, text, query):
        reading = read_command(text, LEXICON, NOW)
        assert reading.refusal is None, reading.refusal
        wanted = query if query["find"] else {name: value for name, value in query.items() if name != "find"}
        assert brief(reading.command) == wanted

    def test_reads_the_week_before_the_given_hour(self):
        reading = read_command("上周南山区噪音投诉最多的十个社区", LEXICON, NOW)
        assert brief(reading.command) == {
            "find": "case",
            "in": ["南山区"],
            "where": ["category under environment.noise", "process = appeal"],
            "when": ["opened_at 2026-03-02..2026-03-09"],
            "get": "count",
            "by": ["community"],
            "top": "10",
        }

    @pytest.mark.parametrize(("text", "code"), REFUSED)
    def test_refuses_rather_than_guesses(self, text, code):
        reading = read_command(text, LEXICON, NOW)
        assert reading.command is None
        assert reading.refusal.code == code

    @pytest.mark.parametrize("word", MEANT)
    def test_leaves_no_word_out_that_means_something(self, word):
        for text, _ in UNDERSTOOD:
            command = read_command(text, LEXICON, NOW).command
            ends = [0, *(token.end for token in cut(normal(text), LEXICON, NOW))]
            longer = [text[:end] + word + text[end:] for end in ends]
            assert [said for said in longer if read_command(said, LEXICON, NOW).command == command] == []

    def test_names_the_words_that_it_did_not_understand(self):
        reading = read_command("福田区有喷泉的办公楼", LEXICON, NOW)
        assert [(span.text, span.start) for span in reading.refusal.spans] == [("喷泉", 4)]
        assert "喷泉" in reading.refusal.message

    @pytest.mark.parametrize("text", [text for text, _ in UNDERSTOOD])
    def test_survives_being_stored(self, text):
        command = read_command(text, LEXICON, NOW).command
        assert from_plain(to_plain(command)) == command
