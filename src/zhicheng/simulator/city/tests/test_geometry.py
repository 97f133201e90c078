"""Everything lies where it should: inside its area, inside its parcel, and nothing on top of another."""

import numpy as np
import pytest
import shapely

from zhicheng.simulator.city.community import build_community
from zhicheng.simulator.city.cutting import Style, cut_areas, no_gap, share_out
from zhicheng.simulator.city.figures import outlines_of
from zhicheng.simulator.city.files import CityFiles
from zhicheng.simulator.city.tests.conftest import ORDER, PACKS


def shapes_of(table) -> np.ndarray:
    return shapely.from_wkb(table.column("geometry").to_numpy(zero_copy_only=False))


def crowded(shapes: np.ndarray) -> int:
    """How many pairs have ground in common."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    common = shapely.area(shapely.intersection(shapes[first[pairs]], shapes[second[pairs]]))
    return int((common > 0).sum())


class TestTown:
    @pytest.mark.parametrize("layer", ["parcel", "building"])
    def test_has_valid_outlines_that_do_not_overlap(self, town: CityFiles, layer: str):
        shapes = shapes_of(town.read(layer))
        assert shapely.is_valid(shapes).all()
        assert crowded(shapes) == 0

    def test_has_each_building_inside_its_parcel(self, town: CityFiles):
        parcels = town.read("parcel")
        outline = dict(zip(parcels.column("parcel_key").to_pylist(), shapes_of(parcels), strict=True))
        buildings = town.read("building")
        around = np.array([outline[key] for key in buildings.column("parcel_key").to_pylist()])
        assert shapely.covers(around, shapes_of(buildings)).all()

    def test_has_each_parcel_inside_its_grid(self, town: CityFiles):
        grids = {code: shape for code, (_, shape) in outlines_of(ORDER.pack, "grids").items()}
        parcels = town.read("parcel")
        around = np.array([grids[code] for code in parcels.column("grid").to_pylist()])
        assert shapely.covers(around, shapes_of(parcels)).all()


class TestShenzhen:
    @pytest.mark.parametrize("code", ["440304008001", "440307010003"])
    def test_lies_inside_the_outline_of_its_community(self, code: str):
        found = build_community(PACKS / "shenzhen", code, 1)
        (_, outline) = outlines_of(PACKS / "shenzhen", "communities")[code]
        shapes = shapes_of(found["building"])
        assert shapely.covers(outline, shapes).all()
        assert crowded(shapes) == 0


class TestCutAreas:
    def test_makes_as_many_pieces_as_asked_without_losing_ground(self):
        area = np.array([shapely.box(0, 0, 400, 150), shapely.box(500, 0, 600, 90)])
        cuts = cut_areas(area, np.array([13, 4]), Style(no_gap), np.random.default_rng(1))
        assert np.bincount(cuts.owners).tolist() == [13, 4]
        assert shapely.area(cuts.pieces).sum() == pytest.approx(69_000)

    def test_leaves_the_gap_it_was_told(self):
        style = Style(lambda quotas, _: np.full(len(quotas), 10.0), lines=True)
        cuts = cut_areas(np.array([shapely.box(0, 0, 300, 80)]), np.array([3]), style, np.random.default_rng(1))
        distances = [a.distance(b) for a in cuts.pieces for b in cuts.pieces if a is not b]
        assert min(distances) == pytest.approx(10.0, abs=0.01)
        assert len(cuts.lines) == 2


class TestShareOut:
    def test_sums_to_the_total_and_keeps_the_least(self):
        found = share_out(np.array([0.0, 1.0, 100.0]), 50, 5)
        assert found.sum() == 50
        assert found.min() == 5

    def test_halves_what_is_too_little_for_everybody(self):
        assert share_out(np.array([1.0, 1.0]), 4, 5).tolist() == [2, 2]
