import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.text.matching import Pairs, Texts, coverage, decode, encode

CHINESE = st.text("居住证办理公积金提取。;!?\n 新生儿A1", max_size=200)
ASKED = Pairs.of({"居住": 2.0, "住证": 1.0, "提取": 3.0, "办理": 0.5, "居住证": 9.0, "证": 9.0})


def cover(*texts, titles=None, pairs=ASKED):
    named = titles or [""] * len(texts)
    return coverage(Texts.of([encode(text) for text in texts], [encode(title) for title in named]), pairs, 50.0)


class TestCoverage:
    @given(CHINESE, CHINESE, CHINESE)
    def test_of_a_text_does_not_depend_on_its_neighbours(self, one, two, three):
        together = cover(one, two, three)
        alone = np.concatenate([cover(text) for text in (one, two, three)])
        assert np.allclose(together, alone)

    @given(CHINESE, CHINESE)
    def test_lies_between_nothing_and_everything(self, text, title):
        assert 0 <= cover(text, titles=[title])[0] <= 1

    @given(CHINESE)
    def test_what_the_title_says_counts_everywhere(self, text):
        assert cover(text, titles=["居住证办理"])[0] > cover(text)[0] - 1e-9

    def test_pairs_that_stand_together_count_more(self):
        filling = "其他内容也写在这里。" * 100
        near, far = cover(f"居住证提取。{filling}", f"居住证。{filling}提取。")
        assert near > far

    def test_a_rarer_pair_counts_more(self):
        rare, usual = cover("提取。", "办理。")
        assert rare > usual

    def test_a_question_without_pairs_is_covered_by_nothing(self):
        assert cover("居住证", pairs=Pairs.of({"证": 1.0})).tolist() == [0.0]


class TestEncode:
    @given(st.text(max_size=50))
    def test_decodes_to_the_same_text(self, text):
        assert decode(encode(text)) == text.encode("utf-16-le", "ignore").decode("utf-16-le")
