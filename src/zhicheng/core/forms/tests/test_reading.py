"""What people type becomes a stored value or a sentence."""

from datetime import UTC, date, datetime

import pytest

from zhicheng.core.forms.errors import FormTooLarge
from zhicheng.core.forms.gate.readers import check_form, read_form
from zhicheng.core.forms.policy.parsing import parse_form
from zhicheng.core.forms.policy.reading import BadValue, read_date, read_money
from zhicheng.core.forms.tests.conftest import GOOD, NOW, SCHEMA, WANG_NUMBER
from zhicheng.kit.sqltext import to_json

FORM = parse_form("", "settle", "落户申请", {"schema": SCHEMA})
TODAY = date(2026, 11, 20)


def errors(**values: object) -> dict[str, list[str]]:
    return dict(check_form(FORM, {**GOOD, **values}, NOW).errors)


class TestReadForm:
    def test_gives_stored_forms_that_read_the_same_again(self):
        first = read_form(FORM, {**GOOD, "id_number": f" {WANG_NUMBER[:6]} {WANG_NUMBER[6:]} "}, NOW)
        assert first.errors == {}
        assert first.values["income"] == 820_050
        assert first.values["id_number"] == WANG_NUMBER
        assert read_form(FORM, first.values, NOW).values == first.values

    def test_drops_invisible_characters_and_blank_values(self):
        found = read_form(FORM, {"name": "王\u200b小\u202e明", "spouse": "\u200b \ufeff", "phone": ""}, NOW)
        assert found.values == {"name": "王小明"}

    def test_keeps_what_cannot_be_read_as_it_was_typed(self):
        found = read_form(FORM, {"income": "很多"}, NOW)
        assert found.values["income"] == "很多"
        assert "金额" in found.errors["income"][0]

    def test_refuses_names_that_the_form_does_not_have(self):
        assert "没有「admin」" in errors(admin="1")[""][0]

    def test_counts_groups_and_leaves_empty_ones_out(self):
        found = read_form(FORM, {"has_children": "true", "children": [{"name": "王一"}, {"name": " "}]}, NOW)
        assert found.values["children"] == [{"name": "王一"}]
        assert found.values["children_count"] == 1

    def test_says_again_that_there_are_too_many_members(self):
        many = [{"name": f"王{number}"} for number in range(40)]
        first = read_form(FORM, {"has_children": "true", "children": many}, NOW)
        assert "最多填 20 项" in first.errors["children"][0]
        assert "最多填 20 项" in read_form(FORM, first.values, NOW).errors["children"][0]

    def test_refuses_more_than_100_kb(self):
        with pytest.raises(FormTooLarge, match="100 KB"):
            read_form(FORM, {"name": "王" * 40_000}, NOW)

    @pytest.mark.parametrize("strange", [{"a": 1}, [["x"]], 3.5, float("inf")])
    def test_answers_strange_shapes_with_a_sentence(self, strange: object):
        assert "name" in errors(name=strange)
        assert "phone" in errors(phone=strange)
        assert "children" in errors(has_children="true", children="x")

    @pytest.mark.parametrize("strange", ["\x00很多", "\ud800", "1\udfff", {"\ud800": "\x00"}])
    def test_keeps_nothing_that_cannot_be_stored(self, strange: object):
        to_json(read_form(FORM, {"income": strange, "name": strange}, NOW).values).encode()


class TestCheckForm:
    def test_finds_nothing_wrong_with_a_good_form(self):
        assert errors() == {}

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("name", "", "请填写姓名"),
            ("id_number", WANG_NUMBER[:-1] + "5", "校验码不符"),
            ("phone", "1380", "号码"),
            ("birth_date", "2027-01-01", "不能晚于今天"),
            ("birth_date", "2010-11-21", "应满 18 周岁"),
            ("birth_date", "2026-02-30", "没有这一天"),
            ("income", "-1", "金额"),
            ("income", "1.234", "小数点后两位"),
            ("marital", "widowed", "选"),
            ("spouse", "", "请填写配偶姓名"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, name: str, value: str, words: str):
        found = errors(**{name: value})
        assert words in found[name][0]
        assert "birth_date" in found or set(found) == {name}

    def test_drops_what_the_answers_hide_instead_of_checking_it(self):
        checked = check_form(FORM, {**GOOD, "marital": "single", "spouse": "李红" * 200}, NOW)
        assert checked.errors == {}
        assert "spouse" not in checked.values

    def test_hides_inside_a_group_by_its_own_answers(self):
        children = [{"name": "王一", "school": "false", "school_name": "柳村小学"}, {"name": "王二", "school": "true"}]
        checked = check_form(FORM, {**GOOD, "has_children": "true", "children": children}, NOW)
        assert checked.values["children"] == [{"name": "王一", "school": False}, {"name": "王二", "school": True}]

    def test_names_the_member_of_a_group(self):
        children = [{"name": "王一"}, {"school": "false"}]
        assert errors(has_children="true", children=children) == {"children.1.name": ["请填写姓名。"]}

    def test_looks_at_one_page_alone(self):
        section = FORM.section("person")
        assert set(check_form(FORM, {"name": "王小明"}, NOW, section=section).errors) == {"id_number"}

    def test_counts_years_to_the_birthday_in_china(self):
        late = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 00:30 on the 21st in China
        assert "birth_date" not in check_form(FORM, {**GOOD, "birth_date": "2008-11-21"}, late).errors


class TestReadMoney:
    @pytest.mark.parametrize("text", ["", "十", "1e3", "1..2", "NaN", "-1", "1,2,3.4.5"])
    def test_refuses_what_is_no_amount(self, text: str):
        with pytest.raises(BadValue):
            read_money(text)

    @pytest.mark.parametrize(("text", "cents"), [("0.1", 10), ("12万", 12_000_000), ("１２３", 12_300)])
    def test_reads_what_people_write(self, text: str, cents: int):
        assert read_money(text) == cents


class TestReadDate:
    @pytest.mark.parametrize("text", ["明天", "2026-13-01", "26-1-1", "0000-01-01"])
    def test_refuses_what_is_no_day(self, text: str):
        with pytest.raises(BadValue):
            read_date(text)
