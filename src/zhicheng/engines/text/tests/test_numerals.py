"""Numbers as people say them."""

import pytest

from zhicheng.engines.text.numerals import find_months, find_numbers, read_number

LONG = "1" * 400


class TestLongRowsOfDigits:
    """A card number typed twice must not keep a web process busy for minutes."""

    @pytest.mark.timeout(60)
    @pytest.mark.parametrize("text", [f"卡号{LONG}号", LONG, "一" * 400 + "号", "1 " * 200])
    def test_are_read_at_once(self, text: str) -> None:
        assert find_months(text) is None
        assert all(found.end > found.start for found in find_numbers(text))
        read_number(f"{text}x")
