"""Every link leads somewhere, every address is one of its kind, and the counts agree."""

from collections import Counter

from zhicheng.simulator.city.files import CityFiles


def keys(town: CityFiles, layer: str, column: str) -> list[str]:
    return town.read(layer, [column]).column(0).to_pylist()


class TestLinks:
    def test_lead_from_the_address_to_the_parcel(self, town: CityFiles):
        units, buildings = set(keys(town, "unit", "unit_key")), set(keys(town, "building", "building_key"))
        parcels, roads = set(keys(town, "parcel", "parcel_key")), set(keys(town, "road", "road_key"))
        assert set(keys(town, "address", "unit_key")) - {None} <= units
        assert set(keys(town, "address", "building_key")) == buildings
        assert set(keys(town, "unit", "building_key")) <= buildings
        assert set(keys(town, "building", "parcel_key")) <= parcels
        assert set(keys(town, "building", "road_key")) <= roads

    def test_have_keys_that_occur_once(self, town: CityFiles):
        for layer in ("parcel", "building", "unit", "address", "road", "facility"):
            found = keys(town, layer, f"{layer}_key")
            assert len(set(found)) == len(found) > 0


class TestCounts:
    def test_agree_between_buildings_and_units(self, town: CityFiles):
        buildings = town.read("building", ["building_key", "unit_count", "residents"]).to_pylist()
        units = town.read("unit", ["building_key", "residents"]).to_pylist()
        counted = Counter(unit["building_key"] for unit in units)
        living: Counter[str] = Counter()
        for unit in units:
            living[unit["building_key"]] += unit["residents"]
        assert all(counted[one["building_key"]] == one["unit_count"] for one in buildings)
        assert all(living[one["building_key"]] == one["residents"] for one in buildings)

    def test_keep_elders_and_children_below_the_residents(self, town: CityFiles):
        rows = town.read("building", ["residents", "elders_65", "children_6"]).to_pylist()
        assert all(row["elders_65"] + row["children_6"] <= row["residents"] for row in rows)
        assert sum(row["elders_65"] for row in rows) > 0


class TestAddresses:
    def test_name_one_thing_each(self, town: CityFiles):
        texts = keys(town, "address", "text")
        assert len(set(texts)) == len(texts)

    def test_are_written_from_the_city_down_to_the_room(self, town: CityFiles):
        rows = town.read("address").to_pylist()
        room = next(row for row in rows if row["estate"] and row["building_no"] and row["room"])
        assert room["text"].startswith("云溪镇云溪镇区溪畔片区")
        assert room["text"].endswith(
            f"{room['number']}号{room['estate']}{room['building_no']}{room['unit_no'] or ''}{room['room']}室"
        )

    def test_have_odd_numbers_on_one_side_of_a_street(self, town: CityFiles):
        rows = town.read("building", ["road_key", "number", "estate", "building_no"]).to_pylist()
        assert {row["number"] % 2 for row in rows} == {0, 1}
        taken = Counter((row["road_key"], row["number"]) for row in rows if not row["building_no"])
        assert max(taken.values()) == 1
