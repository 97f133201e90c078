import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.text.questions import Sayings, lexical_terms, plain, plain_question, read_question


class TestPlain:
    @given(st.text(max_size=60))
    def test_twice_is_once(self, text):
        assert plain(plain(text)) == plain(text)

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("點樣辦理居住證", "怎么样办理居住证"),
            ("細路仔讀書要去邊度報名", "小孩仔读书要去哪里报名"),
            ("我嘅社保卡唔見咗", "我的社保卡丢失了"),
            ("ＨＫ身份證", "hk身份证"),
        ],
    )
    def test_every_way_of_typing_ends_in_one_form(self, typed, meant):
        assert plain_question(typed) == meant

    @pytest.mark.parametrize("text", ["系统正在审核", "关系证明怎么开", "理睬", "小巴士"])
    def test_mandarin_stays_as_it_is(self, text):
        assert plain_question(text) == text


class TestReadQuestion:
    @given(st.text(max_size=80))
    def test_reads_anything(self, text):
        question = read_question(text, Sayings({"宝宝": "孩子"}))
        assert all(weight > 0 for weight in question.terms.values())

    def test_what_only_asks_weighs_less_than_what_says_something(self):
        terms = read_question("居住证怎么办理").terms
        assert terms["居住证"] > terms["怎么"]

    def test_adds_what_was_meant_and_keeps_what_was_said(self):
        question = read_question("宝宝上户口", Sayings({"宝宝": "新生儿", "上户口": "出生登记"}))
        assert question.rewritten == "新生儿出生登记"
        assert {"宝宝", "出生", "登记"} <= set(question.terms)
        assert question.terms["宝宝"] > question.terms["登记"]

    def test_the_longer_saying_wins(self):
        assert Sayings({"宝宝": "孩子", "刚生的宝宝": "新生儿"}).rewritten("刚生的宝宝") == "新生儿"


class TestLexicalTerms:
    @given(st.text("居住证办理12ab ，。", max_size=60))
    def test_leaves_out_blanks_and_punctuation(self, text):
        assert not {"，", "。", " "} & set(lexical_terms(text))
