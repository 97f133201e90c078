import numpy as np
import pytest

from zhicheng.engines.addresses.finding.finder import AddressFinder
from zhicheng.engines.addresses.finding.forms import ways_of
from zhicheng.engines.addresses.finding.index import AddressIndex, Kind
from zhicheng.engines.addresses.finding.making import make_index
from zhicheng.engines.addresses.finding.tests.samples import DIVISIONS, HOUSES, columns, small_city

WRITTEN = {
    "云城市云山区莲花街道福新社区新洲路12号锦绣花园3栋301室": ("新洲路", "3栋", "0301"),
    "新洲路锦绣花园三号楼三〇一": ("新洲路", "3栋", "0301"),
    "云山锦绣花园３幢３０１房": ("新洲路", "3栋", "0301"),
    "301室，3栋，锦绣花园，福新社区": ("新洲路", "3栋", "0301"),
    "新州路锦秀花圆3座": ("新洲路", "3栋", ""),
    "雲山區錦繡花園3-301": ("新洲路", "3栋", "0301"),
    "东湖区科苑南路锦绣花园2栋": ("科苑南路", "2栋", ""),
    "滨河路1008号": ("滨河大道", "", ""),
    "天安大夏502对面": ("滨河大道", "", "0502"),
}


@pytest.fixture(scope="module")
def finder():
    return AddressFinder(small_city())


class TestFind:
    @pytest.mark.parametrize("text", WRITTEN)
    def test_finds_the_house_however_it_is_written(self, finder, text):
        best = finder.find(text)[0]
        road, block, room = WRITTEN[text]
        assert road in best.text
        assert block in best.text
        assert best.address_key.partition(best.building_key)[2] == (f"-{room}-A" if room else "")

    @pytest.mark.parametrize("said", ["梅岭12巷7号", "梅岭十二巷七号", "梅林十二巷7号"])
    def test_finds_a_number_on_a_lane(self, finder, said):
        best = finder.find(said)[0]
        assert best.text.endswith("梅岭十二巷7号")
        assert best.score > 0.8
        assert (best.district, best.street, best.community) == ("100001", "100001001", "100001001002")

    def test_says_both_where_two_may_be_meant(self, finder):
        found = finder.find("锦绣花园2栋")
        assert len(found) == 2
        assert sum(one.score for one in found) <= 1
        assert found[0].score < 0.6

    def test_takes_the_nearer_of_two(self, finder):
        best = finder.find("锦绣花园2栋", near=(100.2, 20.001))[0]
        assert "科苑南路" in best.text

    def test_says_that_it_is_beside(self, finder):
        assert finder.find("天安大厦对面")[0].is_beside
        assert not finder.find("天安大厦")[0].is_beside

    @pytest.mark.parametrize("text", ["", "  ", "，", "今天天气很好", "云城市", "🙂" * 400, "\x00", "1" * 5000])
    def test_finds_nothing_in_what_names_nothing(self, finder, text):
        assert finder.find(text) == []

    def test_passes_over_six_figures_that_are_no_number_of_a_house(self, finder):
        assert "3栋" in finder.find("新洲路123456锦绣花园3栋301室")[0].text
        assert finder.find("新洲路123456 301室") == finder.find("新洲路301室")

    def test_is_less_sure_of_a_house_that_does_not_exist(self, finder):
        sure, unsure = finder.find("锦绣花园8栋")[0], finder.find("锦绣花园99栋")
        assert not unsure or unsure[0].score < sure.score / 2


class TestWaysOf:
    def test_counts_lanes_but_no_luck(self):
        assert "梅岭12巷" in dict(ways_of("梅岭十二巷", Kind.ROAD))
        assert not any(way[0].isdigit() for way, _ in ways_of("百豪花园", Kind.ESTATE))


class TestIndex:
    def test_is_the_same_after_it_was_kept(self):
        index = small_city()
        again = AddressIndex.of(index.arrays())
        assert AddressFinder(again).find("天安大厦") == AddressFinder(index).find("天安大厦")

    def test_works_without_rooms(self):
        finder = AddressFinder(make_index(columns(), [], DIVISIONS))
        assert finder.find("天安大厦502")[0].address_key == ""
        assert len(finder) == len(HOUSES)

    def test_leads_from_every_name_to_its_houses(self):
        index = small_city()
        rows = {index.names.text_of(name): index.names.rows_of(name) for name in range(len(index.names.kinds))}
        assert np.array_equal(rows["滨河大道"], [11])
        assert len(rows["梅岭十二巷"]) == 29
        assert rows["梅岭十二巷"].tolist() == sorted(rows["梅岭十二巷"].tolist())
