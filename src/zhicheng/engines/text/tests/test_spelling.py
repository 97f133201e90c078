import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.text.spelling import Speller, may_be_pinyin

ASKED = ("身份证丢了怎么办", "护照多少钱", "居住证怎么办", "社保卡要多久", "驾照过期了怎么办", "怎么换证")


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller.reading(ASKED)


class TestSpeller:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("shenfenzheng diule zenmeban", "身份证丢了怎么办"),
            ("hu zhao duo shao qian", "护照多少钱"),
            ("JUZHUZHENG怎么办", "居住证怎么办"),
            ("shebaoka要多久", "社保卡要多久"),
        ],
    )
    def test_writes_what_was_typed_by_sound(self, speller: Speller, typed: str, meant: str) -> None:
        assert speller.spell(typed) == meant

    @pytest.mark.parametrize(
        "typed",
        ["How much is a passport?", "办KTV要什么证", "wang@example.com", "护照hello多少钱", "qqwwrr", "居住证怎么办"],
    )
    def test_leaves_alone_what_is_no_pinyin(self, speller: Speller, typed: str) -> None:
        assert speller.spell(typed) == typed

    def test_without_words_leaves_everything_alone(self) -> None:
        assert Speller({}).spell("huzhao") == "huzhao"

    @given(st.text(alphabet="abcdehinoprsuxyz 证办'", max_size=200))
    def test_bears_any_letters(self, typed: str) -> None:
        assert isinstance(Speller.reading(ASKED).spell(typed), str)
        assert may_be_pinyin(typed) in {True, False}
