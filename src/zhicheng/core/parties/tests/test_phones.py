import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.core.parties.errors import InvalidIdentifier
from zhicheng.core.parties.policy.phones import parse_mobile, parse_phone


class TestParseMobile:
    @pytest.mark.parametrize("text", ["13800138000", "+86 138 0013 8000", "0086-13800138000", "１３８００１３８０００"])
    def test_reads_a_number_however_it_is_typed(self, text):
        assert parse_mobile(text) == "13800138000"

    @pytest.mark.parametrize("text", ["", "12800138000", "1380013800", "138001380000", "0755-88123456", "一三八"])
    def test_refuses_what_is_none(self, text):
        with pytest.raises(InvalidIdentifier, match="11 位手机号码"):
            parse_mobile(text)


class TestParsePhone:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("(0755)8812-3456", "0755-88123456"),
            ("+86 755 88123456", "0755-88123456"),
            ("010 6552 9999", "010-65529999"),
            ("021-23111111", "021-23111111"),
            ("400 882 3456", "4008823456"),
            ("+852 9123 4567", "+85291234567"),
            ("+853 6612 3456", "+85366123456"),
            ("13800138000", "13800138000"),
        ],
    )
    def test_keeps_one_form(self, text, number):
        assert parse_phone(text) == number
        assert parse_phone(number) == number

    def test_asks_for_the_area_code(self):
        with pytest.raises(InvalidIdentifier, match="区号"):
            parse_phone("88123456")

    @given(st.text(max_size=30))
    def test_never_fails_in_another_way(self, text):
        try:
            number = parse_phone(text)
        except InvalidIdentifier as error:
            number = str(error)
        assert 10 <= len(number) <= 13 or number.endswith("。")
