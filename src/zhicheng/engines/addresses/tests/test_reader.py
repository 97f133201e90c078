import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.addresses.levels import standard_levels
from zhicheng.engines.addresses.spans import span_f1, spans_of
from zhicheng.engines.addresses.tests.samples import invented_addresses
from zhicheng.engines.addresses.training import Learner, Plan, learn

QUICK = Learner("ap", {"max_iterations": 5})


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    plan = Plan(tmp_path_factory.mktemp("models"), first=QUICK, second=(QUICK,), folds=2)
    return learn(invented_addresses(120), plan)


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

    @settings(deadline=None)
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
    def test_learns_the_same_from_the_same(self, reader, tmp_path):
        again = learn(invented_addresses(120), Plan(tmp_path, first=QUICK, second=(QUICK,), folds=2))
        text = "南岭区学府街12号海天大厦"
        assert again.parse(text) == reader.parse(text)

    def test_refuses_too_few_addresses(self, tmp_path):
        with pytest.raises(ValueError, match="1 addresses"):
            learn(invented_addresses(1), Plan(tmp_path))
