from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.addresses.voting import vote

PARTS = st.lists(st.tuples(st.sampled_from(["road", "poi", "town"]), st.integers(1, 4)), min_size=3, max_size=3)
LENGTH = 12


def marks_of(parts):
    marks = [mark for tag, length in parts for mark in ["B-" + tag] + ["I-" + tag] * (length - 1)]
    return marks + ["B-redundant"] * (LENGTH - len(marks))


class TestVote:
    @given(PARTS)
    def test_says_what_all_say(self, parts):
        assert vote([marks_of(parts)] * 3) == marks_of(parts)

    @given(PARTS, PARTS, PARTS)
    def test_continues_only_what_began(self, one, two, three):
        marks = vote([marks_of(one), marks_of(two), marks_of(three)])
        assert len(marks) == LENGTH
        assert marks[0].startswith("B-")
        assert all(mark.startswith("B-") or before[2:] == mark[2:] for before, mark in pairwise(marks))

    def test_follows_the_majority(self):
        one, two = ["B-poi", "I-poi", "I-poi"], ["B-town", "I-town", "B-poi"]
        assert vote([one, two, two]) == two

    def test_has_nothing_to_say_without_readings(self):
        assert vote([]) == vote([[], []]) == []
