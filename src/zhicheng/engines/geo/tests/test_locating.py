import math

import numpy as np
import pytest
import shapely

from zhicheng.engines.geo.locating import NOWHERE, AreaIndex
from zhicheng.engines.geo.partition import partition_evenly

BOX = shapely.box(114.0, 22.5, 114.2, 22.7)
CELLS = partition_evenly(BOX, 60, seed=5)
INDEX = AreaIndex(CELLS)


class TestLocate:
    def test_agrees_with_asking_every_area(self):
        points = np.random.default_rng(3).uniform((113.98, 22.48), (114.22, 22.72), (2000, 2))
        inside = shapely.intersects_xy(np.array(CELLS)[None, :], points[:, :1], points[:, 1:])
        expected = np.where(inside.any(axis=1), inside.argmax(axis=1), NOWHERE)
        assert INDEX.locate(points).tolist() == expected.tolist()
        assert [INDEX.locate_one(x, y) for x, y in points.tolist()] == expected.tolist()

    def test_gives_a_border_to_the_first_of_its_areas(self):
        corners = shapely.get_coordinates(CELLS)
        found = INDEX.locate(corners)
        assert (found >= 0).all()
        for (x, y), position in zip(corners.tolist(), found.tolist(), strict=True):
            assert position == min(n for n, cell in enumerate(CELLS) if cell.intersects(shapely.Point(x, y)))

    def test_knows_nothing_of_nan_and_infinity(self):
        assert INDEX.locate_one(math.nan, 22.6) == NOWHERE
        points = np.array([[114.1, math.nan], [math.inf, 22.6], [114.1, 22.6]])
        assert (INDEX.locate(points) >= 0).tolist() == [False, False, True]

    def test_takes_no_points_and_no_areas(self):
        assert INDEX.locate(np.empty((0, 2))).tolist() == []
        assert AreaIndex([]).locate(np.array([[1.0, 1.0]])).tolist() == [NOWHERE]
        assert AreaIndex([]).locate_one(1.0, 1.0) == NOWHERE


class TestNearest:
    def test_tells_area_and_distance(self):
        position, distance = INDEX.nearest(114.3, 22.6)
        assert distance == pytest.approx(0.1)
        assert CELLS[position].bounds[2] == pytest.approx(114.2)

    def test_refuses_an_empty_index(self):
        with pytest.raises(ValueError, match="no areas"):
            AreaIndex([]).nearest(0.0, 0.0)
