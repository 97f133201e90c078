import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon

from zhicheng.engines.geo.partition import partition_by_seeds, partition_evenly, spread_seeds, weld

GRID = 1e-6
BAY = Polygon(
    [(114.0, 22.5), (114.1, 22.5), (114.1, 22.6), (114.06, 22.6), (114.05, 22.51), (114.04, 22.6), (114.0, 22.6)]
)


def star(seed: int, corners: int) -> Polygon:
    """A jagged island around 114°E, 22.5°N."""
    rng = np.random.default_rng(seed)
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    radii = rng.uniform(0.02, 0.08, corners)
    return Polygon(np.column_stack([114 + radii * np.cos(angles), 22.5 + radii * np.sin(angles)]))


def assert_tiles(cells: list, area) -> None:
    beyond_rounding = area.length * GRID  # a corner on a slanting border moves by at most one step
    assert all(cell.is_valid and not cell.is_empty for cell in cells)
    assert shapely.coverage_is_valid(cells)  # no overlap, and neighbours share their vertices
    assert sum(cell.area for cell in cells) == pytest.approx(area.area, abs=beyond_rounding)
    assert shapely.union_all(cells).symmetric_difference(area).area < beyond_rounding


class TestPartitionEvenly:
    @settings(max_examples=25, deadline=None)
    @given(st.integers(0, 10_000), st.integers(5, 40), st.integers(1, 12))
    def test_tiles_any_area_with_connected_cells(self, seed, corners, count):
        area = star(seed, corners)
        cells = partition_evenly(area, count, seed=seed)
        assert len(cells) == count
        assert_tiles(cells, area)
        assert all(cell.geom_type == "Polygon" for cell in cells)

    def test_makes_cells_of_similar_size(self):
        sizes = [cell.area for cell in partition_evenly(shapely.box(114, 22.5, 114.2, 22.6), 20, seed=7)]
        assert max(sizes) < 2.5 * min(sizes)

    def test_is_the_same_every_time(self):
        first, second = (partition_evenly(BAY, 6, seed=3) for _ in range(2))
        assert shapely.to_wkb(first).tolist() == shapely.to_wkb(second).tolist()
        other = partition_evenly(BAY, 6, seed=4)
        assert shapely.to_wkb(first).tolist() != shapely.to_wkb(other).tolist()

    def test_keeps_an_island_with_the_nearest_cell(self):
        area = MultiPolygon([shapely.box(114.0, 22.5, 114.1, 22.6), shapely.box(114.2, 22.5, 114.201, 22.501)])
        cells = partition_evenly(area, 3, seed=1)
        assert_tiles(cells, area)
        assert sum(len(shapely.get_parts(cell)) for cell in cells) == 4

    def test_refuses_no_cells(self):
        with pytest.raises(ValueError, match="0 cells"):
            partition_evenly(BAY, 0, seed=1)


class TestPartitionBySeeds:
    def test_keeps_the_order_of_the_seeds(self):
        seeds = np.array([[114.08, 22.55], [114.02, 22.55]])
        east, west = partition_by_seeds(BAY, seeds)
        assert east.centroid.x > 114.05 > west.centroid.x

    def test_gives_a_piece_behind_the_bay_to_its_neighbour(self):
        # the northern seed is nearest to the tips of both arms, but only one arm is its own
        seeds = np.array([[114.02, 22.59], [114.05, 22.505]])
        cells = partition_by_seeds(BAY, seeds)
        assert_tiles(cells, BAY)
        assert [cell.geom_type for cell in cells] == ["Polygon", "Polygon"]

    def test_a_negative_weight_makes_a_cell_smaller(self):
        box, seeds = shapely.box(114, 22.5, 114.1, 22.6), np.array([[114.03, 22.55], [114.07, 22.55]])
        even, small = (partition_by_seeds(box, seeds, weights_km2=[weight, 0])[0] for weight in (0, -5))
        assert small.area < 0.9 * even.area

    def test_several_seeds_make_one_cell(self):
        box, seeds = shapely.box(114, 22.5, 114.1, 22.6), np.array([[114.02, 22.52], [114.08, 22.58], [114.03, 22.56]])
        cells = partition_by_seeds(box, seeds, cell_of_seed=[0, 1, 0])
        assert_tiles(cells, box)
        assert all(shapely.intersects_xy(cells[0], *seeds[number]) for number in (0, 2))

    def test_says_which_cell_got_nothing(self):
        seeds = np.array([[114.05, 22.505], [120.0, 30.0]])
        with pytest.raises(ValueError, match=r"cells \[1\]"):
            partition_by_seeds(BAY, seeds)


class TestWeld:
    def test_gives_the_long_border_the_corner_of_its_two_neighbours(self):
        west = shapely.box(0, 0, 1, 2)
        south, north = shapely.box(1, 0, 2, 1.00000049), shapely.box(1, 1.0000005, 2, 2)
        welded = weld([west, south, north], grid_size=GRID)
        assert shapely.coverage_is_valid(welded)
        assert (1.0, 1.0) in {(round(x, 5), round(y, 5)) for x, y in shapely.get_coordinates(welded[0])}

    def test_closes_a_small_gap(self):
        gap = shapely.box(0.5, 0.5, 0.501, 0.501)
        ring, inner = shapely.box(0, 0, 1, 1).difference(gap), shapely.box(1, 0, 2, 1)
        assert weld([ring, inner], grid_size=GRID)[0].area == pytest.approx(1.0)


class TestSpreadSeeds:
    def test_lies_in_a_convex_area(self):
        seeds = spread_seeds(shapely.box(114, 22.5, 114.2, 22.6), 15, seed=2)
        assert seeds.shape == (15, 2)
        assert len(np.unique(seeds, axis=0)) == 15
        assert shapely.intersects_xy(shapely.box(114, 22.5, 114.2, 22.6), seeds).all()
