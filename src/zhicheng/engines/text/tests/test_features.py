import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.text.features import Text, grams, normalise, read, words


class TestNormalise:
    @given(st.text(max_size=80))
    def test_twice_is_once(self, text):
        assert normalise(normalise(normalise(text))) == normalise(normalise(text))

    def test_full_width_becomes_half_width_and_numbers_lose_their_value(self):
        assert normalise("Ａ栋２０３") == normalise("a栋17") == "a栋0"


class TestWords:
    @given(st.text(max_size=80))
    def test_every_word_holds_something_that_can_be_read(self, text):
        assert all(any(map(str.isalnum, word)) and "\n" not in word for word in words(text))

    @given(st.text(max_size=80))
    def test_spaced_words_hold_no_blank(self, text):
        assert all(not any(map(str.isspace, word)) for word in words(text, spaced=True))


class TestRead:
    @pytest.mark.parametrize(
        ("text", "head"),
        [
            (Text("没人修", head="下水道堵塞"), ("下水道", "堵塞")),
            (Text.of_tokens("下水道 堵塞      没人 修"), ("下水道", "堵塞")),
            ("下水道堵塞\n没人修", ("下水道", "堵塞")),
            ("下水道堵塞", ("下水道", "堵塞")),
            ("", ()),
        ],
    )
    def test_finds_the_head(self, text, head):
        assert read(text, 100).head_words == head

    def test_without_a_head_the_first_dozen_words_stand_in(self):
        text = Text.of_tokens(" ".join(f"词{letter}" for letter in "abcdefghijklmnop"))
        assert len(read(text, 100).head_words) == 12

    @given(st.text(max_size=300), st.integers(1, 50))
    def test_reads_no_more_than_it_may(self, text, limit):
        assert read(text, limit) == read(Text(text[:limit]), limit)


class TestGrams:
    @given(st.text(max_size=20), st.integers(1, 3), st.integers(0, 2))
    def test_counts_every_run(self, text, lowest, more):
        found = grams(text, lowest, lowest + more)
        assert len(found) == sum(max(0, len(text) - size + 1) for size in range(lowest, lowest + more + 1))
        assert all(run in text for run in found)
