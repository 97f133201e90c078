import pytest
import shapely

from zhicheng.engines.geo.hints import Region, are_swapped, distance_m, surrounding_region

CITY = shapely.box(113.7, 22.4, 114.7, 22.9)


class TestAreSwapped:
    @pytest.mark.parametrize("point", [(22.54, 114.05), (22.4, 113.7), (23.1, 114.9)])
    def test_sees_exchanged_numbers(self, point):
        assert are_swapped(*point, CITY)

    @pytest.mark.parametrize("point", [(114.05, 22.54), (116.4, 39.9), (0.0, 0.0), (float("nan"), 22.5)])
    def test_does_not_suspect_other_points(self, point):
        assert not are_swapped(*point, CITY)

    def test_does_not_suspect_a_city_on_the_diagonal(self):
        assert not are_swapped(30.1, 30.2, shapely.box(30, 30, 31, 31))


class TestSurroundingRegion:
    def test_asks_land_before_water(self):
        water = Region("海", shapely.box(0, 0, 9, 9), is_water=True)
        island = Region("岛", shapely.box(4, 4, 5, 5))
        assert surrounding_region(4.5, 4.5, [water, island]) is island
        assert surrounding_region(1.0, 1.0, [water, island]) is water
        assert surrounding_region(10.0, 1.0, [water, island]) is None


class TestDistance:
    def test_is_zero_inside_and_metres_outside(self):
        assert distance_m(CITY, 114.0, 22.5) == 0.0
        assert distance_m(CITY, 114.0, 22.91) == pytest.approx(1112, abs=1)
        east = distance_m(CITY, 114.71, 22.6)  # a degree of longitude is shorter
        assert east == pytest.approx(1112 * 0.9232, abs=2)
