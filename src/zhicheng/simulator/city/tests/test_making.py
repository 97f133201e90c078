"""Equal orders make equal bytes; a cut holds what the whole holds; the numbers are those of the figures."""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from zhicheng.simulator.city.caching import cached_city
from zhicheng.simulator.city.figures import read_figures
from zhicheng.simulator.city.files import CityFiles
from zhicheng.simulator.city.making import CUT, CityOrder, make_city
from zhicheng.simulator.city.planning import plan_city
from zhicheng.simulator.city.schemas import SCHEMAS
from zhicheng.simulator.city.tests.conftest import ORDER, PACKS


def content(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.parquet"))}


class TestCity:
    def test_has_exactly_the_numbers_of_the_figures(self, town: CityFiles):
        totals = read_figures(ORDER.pack).totals
        assert {
            layer: town.rows[f"{layer[:-1] if layer != 'addresses' else 'address'}"]
            for layer in totals
            if layer != "residents"
        } == {layer: many for layer, many in totals.items() if layer != "residents"}
        assert sum(town.read("building", ["residents"]).column(0).to_pylist()) == totals["residents"]

    def test_has_the_columns_of_every_layer(self, town: CityFiles):
        for layer in town.layers:
            assert town.read(layer).schema.names == SCHEMAS[layer].names

    def test_is_made_of_the_same_bytes_every_time(self, town: CityFiles, tmp_path: Path):
        make_city(ORDER, tmp_path)
        assert content(tmp_path) == content(town.root)

    def test_is_another_for_another_seed(self, town: CityFiles, tmp_path: Path):
        make_city(replace(ORDER, seed=2), tmp_path)
        assert content(tmp_path)["building/000.parquet"] != content(town.root)["building/000.parquet"]

    def test_holds_in_a_cut_what_the_whole_holds(self, town: CityFiles, tmp_path: Path):
        part = cached_city(replace(ORDER, size=CUT), tmp_path, processes=1)
        whole = {row["building_key"]: row for row in town.read("building").to_pylist()}
        rows = part.read("building").to_pylist()
        assert 0 < len(rows) < len(whole)
        assert all(whole[row["building_key"]] == row for row in rows)

    def test_is_not_made_twice(self, town: CityFiles, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr("zhicheng.simulator.city.caching.make_city", None)
        assert cached_city(ORDER, town.root.parent).rows == town.rows

    def test_leaves_nothing_behind_when_it_breaks_off(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        def broken(*_: object, **__: object) -> None:
            raise OSError("no space left on device")

        monkeypatch.setattr("zhicheng.simulator.city.caching.make_city", broken)
        with pytest.raises(OSError, match="no space"):
            cached_city(ORDER, tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_is_geoparquet(self, town: CityFiles):
        (path,) = town.layers["building"]
        assert b'"primary_column": "geometry"' in pq.read_metadata(path).metadata[b"geo"]


class TestPlan:
    def test_shares_out_the_totals_of_shenzhen(self):
        quotas = plan_city(PACKS / "shenzhen").values()
        totals = read_figures(PACKS / "shenzhen").totals
        found = {name: sum(getattr(quota, name) for quota in quotas) for name in totals}
        assert found == dict(totals)

    def test_gives_every_community_something(self):
        quotas = plan_city(PACKS / "shenzhen").values()
        assert min(quota.buildings for quota in quotas) >= 15
        assert all(quota.addresses <= quota.buildings + quota.units for quota in quotas)

    def test_names_the_streets_of_the_demo_cut(self):
        order = CityOrder(PACKS / "shenzhen", size=CUT)
        assert {code[:9] for code in order.communities} == {"440304004", "440304008"}
