from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.statetable.definition import FIELD_TYPES, Field
from zhicheng.engines.statetable.inputs import check_input
from zhicheng.kit.errors import FieldErrors

TODAY = date(2026, 3, 2)
FILE = "0197f3a2-0000-7000-8000-000000000001"
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def field(kind="text", **more):
    return Field("x", "字段", kind, **more)


def cleaned(spec, raw):
    return check_input([spec], {"x": raw}, today=TODAY).get("x")


def sentence(spec, raw):
    with pytest.raises(FieldErrors) as refused:
        check_input([spec], {"x": raw}, today=TODAY)
    return refused.value.fields["x"][0]


class TestCheckInput:
    @pytest.mark.parametrize(
        ("kind", "raw", "value"),
        [
            ("text", "  路灯坏了 ", "路灯坏了"),
            ("text", 0, "0"),
            ("textarea", "第一行\r\n第二行", "第一行\n第二行"),
            ("textarea", "路灯\u200b坏\x00了", "路灯坏了"),
            ("textarea", "救命👨‍👩‍👧‍👦🔥", "救命👨‍👩‍👧‍👦🔥"),
            ("unit", " FT-HOUSING ", "FT-HOUSING"),
            ("item", "water.outage", "water.outage"),
            ("number", "SZ2603020000000X", "SZ2603020000000X"),
            ("account", "0197", "0197"),
            ("integer", " 12 ", 12),
            ("integer", "１２", 12),
            ("integer", -3, -3),
            ("score", "5", 5),
            ("date", " 2026-03-31 ", "2026-03-31"),
            ("boolean", "on", True),
            ("boolean", True, True),
            ("boolean", "off", False),
            ("boolean", None, False),
            ("files", [FILE], [FILE]),
            ("files", FILE.upper(), [FILE]),
            ("files", (), None),
        ],
    )
    def test_gives_every_type_its_value(self, kind, raw, value):
        assert cleaned(field(kind), raw) == value

    @pytest.mark.parametrize(
        ("kind", "raw", "said"),
        [
            ("text", ["列表"], "字段的格式不对"),
            ("text", {"a": 1}, "字段的格式不对"),
            ("integer", "三", "字段要填整数"),
            ("integer", "1.5", "字段要填整数"),
            ("integer", "1_000", "字段要填整数"),
            ("integer", "9" * 5000, "字段要填整数"),
            ("integer", True, "字段要填整数"),
            ("date", "明天", "字段要写成日期，例如 2026-03-02"),
            ("date", "2026-02-30", "字段要写成日期，例如 2026-03-02"),
            ("date", "20260331", "字段要写成日期，例如 2026-03-02"),
            ("date", 20260331.5, "字段要写成日期，例如 2026-03-02"),
            ("score", 0, "字段要在 1 到 5 之间"),
            ("score", 6, "字段要在 1 到 5 之间"),
            ("files", ["../../etc/passwd"], "字段没有上传成功，请重新选择文件"),
            ("files", {"a": 1}, "字段没有上传成功，请重新选择文件"),
        ],
    )
    def test_says_what_is_wrong_with_a_value(self, kind, raw, said):
        assert sentence(field(kind), raw) == said

    @pytest.mark.parametrize("raw", [None, "", "   ", "\u200b\ufeff", "\u202e", "\x00"])
    @pytest.mark.parametrize(
        ("kind", "said"),
        [
            ("text", "请填写字段"),
            ("textarea", "请填写字段"),
            ("unit", "请选择字段"),
            ("choice", "请选择字段"),
            ("integer", "请填写字段"),
            ("date", "请选择字段"),
        ],
    )
    def test_takes_invisible_text_for_empty(self, kind, said, raw):
        assert sentence(field(kind, required=True), raw) == said
        assert cleaned(field(kind), raw) is None

    def test_asks_for_a_required_file(self):
        assert sentence(field("files", required=True), []) == "请上传字段"

    @pytest.mark.parametrize(
        ("size", "said"),
        [(9, "字段至少写 10 个字"), (10, None), (20, None), (21, "字段不能超过 20 个字，现在是 21 个")],
    )
    def test_counts_characters_after_cleaning(self, size, said):
        spec = field("textarea", min_length=10, max_length=20)
        raw = "  " + "路\u200b" * size + "\x00 "
        if said is None:
            assert cleaned(spec, raw) == "路" * size
        else:
            assert sentence(spec, raw) == said

    @pytest.mark.parametrize(
        ("low", "high", "raw", "said"),
        [
            (1, 15, 0, "字段要在 1 到 15 之间"),
            (1, 15, 16, "字段要在 1 到 15 之间"),
            (1, None, 0, "字段不能小于 1"),
            (None, 15, 16, "字段不能大于 15"),
        ],
    )
    def test_names_the_bounds_that_there_are(self, low, high, raw, said):
        assert sentence(field("integer", minimum=low, maximum=high), raw) == said

    @pytest.mark.parametrize(
        ("low", "high", "raw", "said"),
        [
            (1, 60, "2026-03-02", "字段要在 2026-03-03 到 2026-05-01 之间"),
            (1, 60, "2026-05-02", "字段要在 2026-03-03 到 2026-05-01 之间"),
            (0, None, "2026-03-01", "字段不能早于 2026-03-02"),
            (None, 0, "2026-03-03", "字段不能晚于 2026-03-02"),
        ],
    )
    def test_counts_the_bounds_of_a_date_from_today(self, low, high, raw, said):
        assert sentence(field("date", minimum=low, maximum=high), raw) == said

    @pytest.mark.parametrize("raw", ["2026-03-03", "2026-05-01"])
    def test_takes_the_first_and_the_last_day(self, raw):
        assert cleaned(field("date", minimum=1, maximum=60), raw) == raw

    def test_takes_only_choices_that_are_offered(self):
        spec = field("choice", choices=(("solved", "已解决"),))
        assert cleaned(spec, "solved") == "solved"
        assert sentence(spec, "已解决") == "字段不在可选范围内"

    def test_reports_every_wrong_field_at_once_and_drops_what_is_undeclared(self):
        specs = [Field("a", "甲", required=True), Field("b", "乙", "score"), Field("c", "丙")]
        with pytest.raises(FieldErrors) as refused:
            check_input(specs, {"b": 9, "c": "好", "d": "多余"}, today=TODAY)
        assert sorted(refused.value.fields) == ["a", "b"]
        assert check_input(specs, {"a": "好", "d": "多余"}, today=TODAY) == {"a": "好"}

    @settings(deadline=None, max_examples=300)
    @given(st.sampled_from(sorted(FIELD_TYPES)), anything, st.booleans())
    def test_never_fails_in_another_way(self, kind, raw, required):
        spec = field(kind, required=required, choices=(("a", "甲"),) if kind == "choice" else ())
        try:
            value = cleaned(spec, raw)
        except FieldErrors as refused:
            value = None
            message = refused.fields["x"][0]
        else:
            message = "字段"
        assert "字段" in message
        assert value is None or isinstance(value, str | int | bool | list)
