from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.core.parties.errors import InvalidIdentifier
from zhicheng.core.parties.policy.identifiers import (
    id_check_character,
    parse_id_number,
    parse_uscc,
    uscc_check_character,
)

TODAY = date(2026, 3, 2)


class TestParseIdNumber:
    @pytest.mark.parametrize(
        ("given_number", "number", "holder"),
        [
            # GB 11643-1999, examples of the standard
            ("11010519491231002X", "11010519491231002X", "citizen"),
            ("440524188001010014", None, "citizen"),
            # the published samples of 港澳台居民居住证
            ("810000199408230021", "810000199408230021", "resident_permit"),
            ("830000199201300022", "830000199201300022", "resident_permit"),
            # 15 characters of 1985
            ("110105491231002", "11010519491231002X", "citizen"),
            (" 110105 19491231 002x ", "11010519491231002X", "citizen"),
            ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", "citizen"),
        ],
    )
    def test_reads_numbers_of_the_standards(self, given_number, number, holder):
        today = TODAY if number else date(1990, 1, 1)  # born in 1880: 110 years old then
        parsed = parse_id_number(given_number, today=today)
        assert (parsed.number, parsed.holder) == (number or given_number, holder)

    def test_tells_birth_date_and_sex(self):
        parsed = parse_id_number("11010519491231002X", today=TODAY)
        assert parsed.birth_date == date(1949, 12, 31)
        assert parsed.is_female

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            ("", "18 位"),
            ("1101051949123100", "18 位"),
            ("11010519491231002Y", "18 位"),
            ("110105194912310021", "校验码"),
            ("99010519491231002X", "地区代码"),
            ("110105199902300023", "出生日期不存在"),
            ("110105209912310029", "出生日期不合理"),
            ("110105180012310028", "出生日期不合理"),
        ],
    )
    def test_says_what_is_wrong(self, number, words):
        with pytest.raises(InvalidIdentifier, match=words):
            parse_id_number(number, today=TODAY)

    @given(st.integers(0, 16), st.integers(1, 9))
    def test_notices_any_single_wrong_digit(self, position, shift):
        good = "440301199001011230"[:17]
        good += id_check_character(good)
        wrong = list(good)
        wrong[position] = str((int(wrong[position]) + shift) % 10)
        with pytest.raises(InvalidIdentifier):
            parse_id_number("".join(wrong), today=TODAY)

    @given(st.text(max_size=40))
    def test_never_fails_in_another_way(self, text):
        try:
            number = parse_id_number(text, today=TODAY).number
        except InvalidIdentifier as error:
            number = str(error)
        assert len(number) == 18 or number.endswith("。")


class TestParseUscc:
    @pytest.mark.parametrize("code", ["91350100M000100Y43", "9144030071526726XG", "914403001922038216"])
    def test_reads_codes_as_registered(self, code):
        assert parse_uscc(f" {code.lower()} ") == code

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("91350100M000100Y4", "18 位"),
            ("91350100M000100Y4I", "没有 I、O、S、V、Z"),
            ("91350100M000100Y44", "校验码"),
        ],
    )
    def test_says_what_is_wrong(self, code, words):
        with pytest.raises(InvalidIdentifier, match=words):
            parse_uscc(code)

    @given(st.integers(0, 16))
    def test_notices_any_single_wrong_character(self, position):
        good = "91350100M000100Y43"
        wrong = good[:position] + ("7" if good[position] != "7" else "8") + good[position + 1 :]
        assert uscc_check_character(wrong[:17]) != wrong[17]
