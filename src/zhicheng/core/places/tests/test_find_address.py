"""Addresses in words found in the buildings of an invented town, by an index that lies on disk."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from django.conf import LazySettings

from zhicheng.core.lake.public import Target, write_table
from zhicheng.core.places.gate.address_files import newest_index, open_index, version_of, write_index
from zhicheng.core.places.operations.addresses import index_addresses
from zhicheng.core.places.public import (
    describe_divisions,
    find_address,
    forget_addresses,
    locate_address,
    refresh_addresses,
    suggest_addresses,
)
from zhicheng.core.places.queries.addresses import addresses_root
from zhicheng.engines.addresses.finding.finder import AddressFinder

DIVISIONS = {"100001": "东区", "100001001": "河口街道", "100001001001": "渔民社区"}
COMMUNITY = "100001001001"
COMMUNITY_OF_LIANHUA = "440304008011"  # 福新社区


def town(*estates: str) -> tuple[pa.Table, pa.RecordBatch]:
    buildings, addresses = [], []
    for place, estate in enumerate(estates, 1):
        key = f"{COMMUNITY}-B{place:05d}"
        named = {"district": "100001", "street": "100001001", "community": COMMUNITY, "grid": COMMUNITY + "001"}
        shown = {"name": "", "road": "河口路", "number": place, "estate": estate, "building_no": "2栋"}
        text = f"云溪市东区河口街道渔民社区河口路{place}号{estate}2栋"
        buildings.append(
            {"building_key": key, **named, **shown, "address": text, "longitude": 100.1, "latitude": 20.0 + place / 100}
        )
        addresses.append({"address_key": f"{key}-A", "building_key": key, "unit_no": None, "room": None})
        for cell in ("1单元", "2单元"):
            room = {"address_key": f"{key}-{cell[0]}0301-A", "building_key": key, "unit_no": cell, "room": "301"}
            addresses.append(room)
    stray = {"address_key": "X-A", "building_key": "X", "unit_no": None, "room": "1"}
    return pa.Table.from_pylist(buildings), pa.RecordBatch.from_pylist([*addresses, stray])


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path):
    settings.HOME = tmp_path
    forget_addresses()
    yield tmp_path
    forget_addresses()


def keep(version: str, *estates: str) -> Path:
    buildings, addresses = town(*estates)
    folder = write_index(index_addresses(buildings, [addresses], DIVISIONS), addresses_root(), version)
    forget_addresses()
    return folder


def fill(name: str, table: pa.Table) -> None:
    target = Target(name, table.schema, f"{name.removeprefix('layer_')}_key")
    write_table(target, table.to_batches(), actor="account:clerk", now=datetime(2026, 3, 4, tzinfo=UTC))


@pytest.mark.usefixtures("home")
class TestFindAddress:
    def test_places_a_room(self):
        keep("one", "望海花园", "听涛花园")
        best = find_address("河口街道听涛花园2栋2单元301")[0]
        assert best.address_key == f"{COMMUNITY}-B00002-20301-A"
        assert best.text.endswith("听涛花园2栋2单元301室")
        assert (best.latitude, best.grid) == (20.02, COMMUNITY + "001")

    def test_does_not_choose_between_two_entrances(self):
        keep("one", "望海花园")
        best = find_address("望海花园2栋301")[0]
        assert best.building_key
        assert best.address_key == ""

    def test_removes_an_index_that_was_never_finished(self):
        left = addresses_root() / "older.unfinished"
        left.mkdir(parents=True)
        keep("one", "望海花园")
        assert not left.exists()

    @pytest.mark.django_db
    @pytest.mark.parametrize("lacking", [[], ["estate", "number", "grid"]])
    def test_is_made_from_the_layers_of_the_city_whatever_columns_they_have(self, lacking):
        buildings, addresses = town("望海花园")
        fill("layer_building", buildings.drop_columns(lacking))
        assert not refresh_addresses()
        fill("layer_address", pa.Table.from_batches([addresses]))
        assert (refresh_addresses(), refresh_addresses()) == (True, False)
        assert find_address("河口路1号" if not lacking else "河口路2栋")[0].building_key == f"{COMMUNITY}-B00001"

    @pytest.mark.django_db
    def test_leaves_out_a_building_that_nobody_knows_where_it_is(self):
        buildings, addresses = town("望海花园", "听涛花园")
        nowhere = pa.array([None, 100.1], pa.float64())
        fill(
            "layer_building", buildings.set_column(buildings.schema.get_field_index("longitude"), "longitude", nowhere)
        )
        fill("layer_address", pa.Table.from_batches([addresses]))
        assert refresh_addresses()
        assert find_address("望海花园2栋") == []
        assert find_address("听涛花园2栋")[0].longitude == 100.1

    def test_finds_nothing_in_a_city_without_addresses(self):
        assert find_address("望海花园2栋") == []
        assert suggest_addresses("望") == []

    def test_suggests_what_begins_like_this(self):
        keep("one", "望海花园")
        assert suggest_addresses("望")[0].text == "东区望海花园"


@pytest.mark.usefixtures("home")
class TestAddressFiles:
    def test_the_newest_counts_and_one_older_stays(self):
        folders = [keep(version, f"{version}花园") for version in ("望海", "听涛", "观山")]
        assert newest_index(addresses_root()) == folders[-1]
        assert version_of(folders[-1]) == "观山"
        assert [folder.exists() for folder in folders] == [False, True, True]
        assert find_address("观山花园")
        assert not find_address("望海花园")

    def test_who_reads_an_index_reads_on_when_it_is_gone(self):
        folder = keep("one", "望海花园")
        finder = AddressFinder(open_index(folder))
        shutil.rmtree(folder)
        assert finder.find("望海花园")

    def test_half_an_index_is_none(self):
        folder = keep("one", "望海花园")
        folder.rename(addresses_root() / "two.unfinished")
        forget_addresses()
        assert find_address("望海花园") == []


@pytest.mark.django_db
@pytest.mark.usefixtures("home", "city")
class TestLocateAddress:
    def keep(self):
        buildings, addresses = town("望海花园", "听涛花园")
        columns = {"district": "440304", "street": "440304008", "community": COMMUNITY_OF_LIANHUA, "grid": "G1"}
        for name, value in columns.items():
            place = buildings.schema.get_field_index(name)
            buildings = buildings.set_column(place, name, pa.array([value] * len(buildings)))
        names = {"440304": "福田区", "440304008": "莲花街道", COMMUNITY_OF_LIANHUA: "福新社区"}
        write_index(index_addresses(buildings, [addresses], names), addresses_root(), "one")
        forget_addresses()

    def test_gives_the_grid_and_point_of_the_building_that_is_meant(self):
        self.keep()
        found = locate_address("福田区望海花园2栋楼道灯坏了")
        assert found is not None
        assert (found.divisions[0], found.grid) == (COMMUNITY_OF_LIANHUA, "G1")
        assert found.point is not None
        assert found.point.latitude == 20.01

    def test_gives_no_grid_beside_it(self):
        self.keep()
        found = locate_address("福田区望海花园2栋对面有人摆摊")
        assert found is not None
        assert (found.divisions[0], found.grid) == (COMMUNITY_OF_LIANHUA, "")

    def test_keeps_to_the_area_where_the_building_lies_elsewhere(self):
        self.keep()
        found = locate_address("宝安区沙井街道沙四社区望海花园2栋")
        assert found is not None
        assert describe_divisions(found.divisions) == "宝安区·沙井街道·沙四社区"
