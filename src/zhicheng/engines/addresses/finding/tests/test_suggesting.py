import pytest

from zhicheng.engines.addresses.finding.suggesting import Suggester
from zhicheng.engines.addresses.finding.tests.samples import small_city


@pytest.fixture(scope="module")
def suggester():
    return Suggester(small_city())


def texts(suggester, typed, limit=10):
    return [one.text for one in suggester.suggest(typed, limit=limit)]


class TestSuggest:
    def test_completes_a_name(self, suggester):
        assert texts(suggester, "滨")[0] == "云山区滨河大道"
        assert texts(suggester, "锦绣")[0].endswith("锦绣花园")

    def test_keeps_to_what_was_named_before(self, suggester):
        assert texts(suggester, "东湖区锦绣")[0] == "东湖区锦绣花园"
        houses = texts(suggester, "东湖区锦绣花园")[1:]
        assert houses
        assert all("科苑南路" in house for house in houses)

    def test_completes_a_number(self, suggester):
        found = texts(suggester, "梅岭十二巷1")
        assert found[0].endswith("梅岭十二巷1号")
        assert all("梅岭十二巷1" in text for text in found)

    def test_gives_no_more_than_asked_for(self, suggester):
        assert len(texts(suggester, "锦绣花园", limit=3)) == 3

    @pytest.mark.parametrize("typed", ["", " ", "zzz", "？", "无此路"])
    def test_has_nothing_to_say_to_what_begins_no_name(self, suggester, typed):
        assert texts(suggester, typed) == []

    def test_places_what_it_suggests(self, suggester):
        best = suggester.suggest("滨河大道1008")[0]
        assert (best.kind, best.longitude) == ("house", 100.0)
        assert best.building_key
