import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.addresses.levels import standard_levels
from zhicheng.engines.addresses.network.learning import Course
from zhicheng.engines.addresses.spans import TaggedAddress, span_f1, spans_of
from zhicheng.engines.addresses.tests.samples import invented_addresses
from zhicheng.engines.addresses.training import learn

QUICK = (Course(rounds=12, batch=8),)


@pytest.fixture(scope="module")
def reader():
    return learn(invented_addresses(120), QUICK)


class TestAddressReader:
    def test_reads_addresses_like_those_it_learned_from(self, reader):
        asked = invented_addresses(40, seed=8)
        found = [spans_of(reader.mark(address.tokens)) for address in asked]
        assert span_f1([spans_of(address.marks) for address in asked], found) > 0.95

    def test_fills_the_standard_levels(self, reader):
        assert standard_levels(reader.parse("云城市 东湖区平安路１８号锦绣花园3栋2单元501室")) == {
            "city": "云城市",
            "district": "东湖区",
            "road": "平安路",
            "number": "18号",
            "name": "锦绣花园",
            "building": "3栋",
            "cell": "2单元",
            "room": "501室",
        }

    @settings(deadline=None, max_examples=30)
    @given(text=st.text(max_size=25))
    def test_covers_the_text_without_overlap(self, reader, text):
        parts = reader.parse(text)
        ends = [0, *(part.end for part in parts)]
        for part, before in zip(parts, ends, strict=False):
            assert before <= part.start < part.end
            assert text[before : part.start].strip() == ""
            assert part.text == text[part.start : part.end]
        assert text[ends[-1] :].strip() == ""

    def test_reads_nothing_in_an_empty_address(self, reader):
        assert reader.parse(" 　") == []


class TestLearn:
    def test_learns_the_same_from_the_same(self):
        few, course = invented_addresses(20), (Course(rounds=2, batch=8),)
        text = "南岭区学府街12号海天大厦"
        assert learn(few, course).parse(text) == learn(few, course).parse(text)

    @pytest.mark.parametrize("addresses", [[], [TaggedAddress((), ())]])
    def test_refuses_to_learn_from_nothing(self, addresses):
        with pytest.raises(ValueError, match="no address"):
            learn(addresses)
