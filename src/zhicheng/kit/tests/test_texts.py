import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.kit.texts import clean_text


class TestCleanText:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("  路灯\u3000坏了 \n", "路灯\u3000坏了"),
            ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
            ("路\u200b灯\ufeff\u00ad", "路灯"),
            ("\u202e了坏灯路\u202c", "了坏灯路"),
            ("a\x00\x1b[31mb\x7f", "a[31mb"),
            ("一家人👨\u200d👩\u200d👧", "一家人👨\u200d👩\u200d👧"),
            ("e\u0301", "é"),
            ("\u200d\ufe0f \u200b", ""),
            ("\ue000\ud800路", "路"),
            ("𠮷野家", "𠮷野家"),
        ],
    )
    def test_drops_what_cannot_be_seen_and_keeps_what_can(self, typed, kept):
        assert clean_text(typed) == kept

    @given(st.text())
    def test_has_nothing_more_to_clean_the_second_time(self, text):
        once = clean_text(text)
        assert clean_text(once) == once
        assert unicodedata.is_normalized("NFC", once)

    @given(st.text())
    def test_can_be_stored_anywhere(self, text):
        cleaned = clean_text(text)
        assert "\x00" not in cleaned
        cleaned.encode("utf-8")
