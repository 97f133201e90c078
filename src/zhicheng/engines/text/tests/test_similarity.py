import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.text.similarity import fingerprint, likeness, most_alike

WANG = "福田区福华路118号旁边的工地每天夜里十二点还在打桩,吵得没法睡"
LI = "你好,福华路118号工地半夜打桩施工,噪音太大没法睡觉,请尽快处理"
OTHER_STREET = "龙岗区翔鸽路22号门口的垃圾桶满了好几天没有人清运"


class TestLikeness:
    def test_the_same_problem_in_other_words_is_closer_than_another_problem(self):
        same, other = (likeness(fingerprint(WANG), fingerprint(text)) for text in (LI, OTHER_STREET))
        assert same > 0.35 > 0.1 > other

    def test_another_house_number_makes_a_difference(self):
        near, far = (likeness(fingerprint("福华路118号漏水"), fingerprint(f"福华路{n}号漏水")) for n in (118, 203))
        assert near == 1.0
        assert far < 0.8

    def test_courtesy_alone_is_no_likeness(self):
        assert likeness(fingerprint("您好,希望领导尽快处理,谢谢"), fingerprint("希望尽快处理")) == 0.0

    @given(st.text(max_size=60), st.text(max_size=60))
    def test_is_symmetric_and_between_zero_and_one(self, one, other):
        first, second = fingerprint(one), fingerprint(other)
        assert likeness(first, second) == likeness(second, first)
        assert 0 <= likeness(first, second) <= 1 + 1e-9
        assert likeness(first, first) == pytest.approx(1.0 if first else 0.0)


class TestMostAlike:
    def test_the_most_alike_comes_first_and_strangers_stay_out(self):
        found = most_alike(WANG, [("street", OTHER_STREET), ("li", LI), ("wang", WANG)], least=0.3)
        assert [key for key, _ in found] == ["wang", "li"]
