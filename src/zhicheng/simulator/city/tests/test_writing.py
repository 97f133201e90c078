"""Addresses as people write them: each means one building, and the same seed writes the same."""

import pyarrow as pa
import pytest

from zhicheng.simulator.city.files import CityFiles
from zhicheng.simulator.city.homophones import replaced
from zhicheng.simulator.city.numerals import numeral, spelled
from zhicheng.simulator.city.tests.conftest import ORDER
from zhicheng.simulator.city.writing import HABITS, written_addresses


class TestWrittenAddresses:
    def test_are_the_same_for_the_same_seed(self, town: CityFiles):
        buildings = town.read("building")
        first = written_addresses(ORDER, buildings, 50, seed=3)
        assert first == written_addresses(ORDER, buildings, 50, seed=3)
        assert first.items != written_addresses(ORDER, buildings, 50, seed=4).items

    def test_name_the_city_of_the_pack(self, town: CityFiles):
        texts = [one.text for one in written_addresses(ORDER, town.read("building"), 100).items]
        assert any("云溪" in text for text in texts)
        assert not any("深圳" in text for text in texts)

    def test_show_every_habit(self, town: CityFiles):
        found = written_addresses(ORDER, town.read("building"), 300)
        assert {habit for one in found.items for habit in one.habits} == set(HABITS)

    def test_give_out_no_text_twice_for_two_buildings(self, town: CityFiles):
        means: dict[str, set[str]] = {}
        for one in written_addresses(ORDER, town.read("building"), 600).items:
            means.setdefault(one.text, set()).add(one.building_key)
        assert all(len(keys) == 1 for keys in means.values())

    def test_are_refused_where_every_building_has_a_twin(self, town: CityFiles):
        twins = pa.concat_tables([town.read("building"), town.read("building")])
        with pytest.raises(ValueError, match="only 0 of 5"):
            written_addresses(ORDER, twins, 5)


class TestWords:
    def test_replaces_one_character_by_one_that_sounds_the_same(self):
        assert replaced("福华路", 1) in {"富华路", "付华路", "府华路", "抚华路", "福花路", "福桦路"}
        assert replaced("路", 1) == "路"

    def test_writes_numbers_in_words(self):
        assert (numeral(1), numeral(10), numeral(21), numeral(110), numeral(3005)) == (
            "一",
            "十",
            "二十一",
            "一百一十",
            "三千零五",
        )
        assert spelled("308") == "三零八"
