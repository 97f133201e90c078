"""The readings that come with the product against the library that they were made from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.phrases_dict import phrases_dict

from zhicheng.engines.text.readings import Readings
from zhicheng.engines.text.sounds import initials, syllables

_PHRASES = sorted(phrases_dict)
_CHARACTERS = st.characters(min_codepoint=0x20, max_codepoint=0x2A6DF, exclude_categories=["Cs", "Co", "Cn"])


class TestSyllables:
    def test_says_every_phrase_as_the_library_does(self) -> None:
        assert [phrase for phrase in _PHRASES if syllables(phrase) != lazy_pinyin(phrase)] == []

    @given(st.lists(st.sampled_from(_PHRASES), min_size=2, max_size=4).map("".join))
    def test_cuts_phrases_where_the_library_does(self, text: str) -> None:
        assert syllables(text) == lazy_pinyin(text)

    @given(st.text(_CHARACTERS, max_size=12))
    def test_leaves_what_has_no_reading_in_the_same_pieces(self, text: str) -> None:
        assert syllables(text) == lazy_pinyin(text)
        assert initials(text) == lazy_pinyin(text, style=Style.FIRST_LETTER, errors="default")

    @pytest.mark.parametrize(
        ("text", "said"),
        [("重庆", "chong qing"), ("重要", "zhong yao"), ("绿", "lv"), ("", ""), ("龙岗，A座", "long gang ，A zuo")],
    )
    def test_says(self, text: str, said: str) -> None:
        assert " ".join(syllables(text)) == said


class TestReadings:
    def test_prefers_the_longest_phrase(self) -> None:
        known = Readings.parse("# head\n\na\t阿\ner\t儿\ne\t呢\n\n儿阿\t er a\n儿阿呢\te a er\n")
        assert [piece for piece, _ in known.said("儿阿呢阿")] == ["e", "a", "er", "a"]
