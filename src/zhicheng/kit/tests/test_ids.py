import string
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhicheng.kit.ids import case_number, is_case_number, uuid7

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
numbers = st.builds(
    case_number,
    st.text(ALPHABET, min_size=1, max_size=6),
    st.integers(0, 29_000).map(lambda days: AT + timedelta(days=days)),
)


class TestCaseNumber:
    @given(numbers)
    def test_fits_its_check_character(self, number):
        assert is_case_number(number)

    @given(numbers, st.data())
    def test_notices_every_single_wrong_character(self, number, data):
        place = data.draw(st.integers(0, len(number) - 1))
        for wrong in set(ALPHABET) - {number[place]}:
            assert not is_case_number(number[:place] + wrong + number[place + 1 :])

    @given(numbers)
    def test_notices_every_swap_of_neighbours(self, number):
        for place in range(len(number) - 1):
            left, right = number[place], number[place + 1]
            swapped = number[:place] + right + left + number[place + 2 :]
            assert is_case_number(swapped) is (left == right)

    def test_takes_nothing_else_for_a_number(self):
        number = case_number("SZ", AT)
        for wrong in (
            "",
            "SZ",
            number.lower(),
            number + " ",
            "０" + number[1:],
            number[:8] + "号" + number[9:],
            "0" * 8,
        ):
            assert not is_case_number(wrong)
        assert not is_case_number("0" * 4000)

    def test_carries_the_local_day(self):
        assert case_number("SZ", datetime(2026, 3, 2, 17, 0, tzinfo=UTC)).startswith("SZ260303")

    def test_allows_a_city_any_capitals(self):
        assert all(is_case_number(case_number(letter * 2, AT)) for letter in string.ascii_uppercase)


class TestUuid7:
    @given(
        st.integers(-400_000, 600_000).map(lambda hours: AT + timedelta(hours=hours)),
        st.timedeltas(timedelta(milliseconds=1), timedelta(days=3650)),
    )
    def test_sorts_by_time(self, at, span):
        assert uuid7(at) < uuid7(at + span)

    def test_is_version_7_of_the_rfc_and_never_twice_the_same(self):
        made = {uuid7(AT) for _ in range(1000)}
        assert len(made) == 1000
        assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
        assert {each.int >> 80 for each in made} == {int(AT.timestamp() * 1000)}
