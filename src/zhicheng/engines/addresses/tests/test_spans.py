from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.addresses.spans import TAGS, Span, span_f1, spans_of

MARKS = st.lists(st.sampled_from([begin + tag for begin in ("B-", "I-") for tag in TAGS]), max_size=30)


class TestSpansOf:
    @given(MARKS)
    def test_covers_every_token_once_and_in_order(self, marks):
        spans = list(spans_of(marks))
        assert [at for span in spans for at in range(span.start, span.end)] == list(range(len(marks)))
        assert all(mark[2:] == span.tag for span in spans for mark in marks[span.start : span.end])

    def test_begins_a_part_at_each_b(self):
        assert list(spans_of(["B-poi", "B-poi", "I-poi"])) == [Span(0, 1, "poi"), Span(1, 3, "poi")]


class TestSpanF1:
    def test_counts_a_part_as_right_only_with_its_borders_and_tag(self):
        told = [[Span(0, 3, "road"), Span(3, 5, "roadno"), Span(5, 9, "poi")]]
        found = [[Span(0, 3, "road"), Span(3, 5, "houseno"), Span(5, 8, "poi"), Span(8, 9, "subpoi")]]
        assert span_f1(told, found) == 2 * 1 / (3 + 4)

    def test_does_not_mix_up_addresses(self):
        part = Span(0, 3, "road")
        assert span_f1([[part], []], [[], [part]]) == 0.0

    def test_is_zero_when_there_is_nothing_to_find(self):
        assert span_f1([[]], [[]]) == 0.0
