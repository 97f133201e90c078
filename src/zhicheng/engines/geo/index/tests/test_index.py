"""The index against the same questions asked of every shape in turn."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod

from zhicheng.engines.geo.index import (
    LINE,
    POINT,
    POLYGON,
    BoxTree,
    RaggedShapes,
    build_nodes,
    distances,
    hilbert_codes,
    locate_first,
    located,
    nearest,
    pack_shapes,
    search_box,
    search_boxes,
    to_cells,
    unpack_shapes,
)

STEPS = st.integers(0, 60)
EARTH = Geod(ellps="WGS84")


def degrees(steps: int) -> float:
    return 114.0 + steps / 1000


@st.composite
def shapes(draw: st.DrawFn, most: int = 60) -> NDArray[np.object_]:
    corners = draw(st.lists(st.tuples(STEPS, STEPS, st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=most))
    return np.array([_shape(*corner) for corner in corners], object)


def _shape(x: int, y: int, wide: int, high: int) -> shapely.Geometry:
    west, south = degrees(x), degrees(y) - 91.5
    box = shapely.box(west, south, west + wide / 1000, south + high / 1000)
    if wide % 3 == 0:
        return shapely.Polygon(box.exterior.coords, [shapely.box(*box.buffer(-0.0004).bounds).exterior.coords])
    if wide % 3 == 1 and high > 4:
        return shapely.MultiPolygon([box, shapely.affinity.translate(box, 0.03, 0)])
    return box


def build(found: NDArray[np.object_], kind: int = POLYGON) -> tuple[BoxTree, RaggedShapes, NDArray[np.object_]]:
    cells = to_cells(shapely.bounds(found))
    order = np.argsort(hilbert_codes(cells), kind="stable")
    return build_nodes(cells[order]), pack_shapes(found[order], kind), found[order]


class TestSearchBox:
    @settings(max_examples=40, deadline=None)
    @given(shapes(), st.tuples(STEPS, STEPS, STEPS, STEPS), st.integers(1, 20), st.integers(-1, 60))
    def test_finds_what_asking_everything_finds(self, given_shapes, corners, limit, after) -> None:
        tree, _, ordered = build(given_shapes)
        x, y, wide, high = corners
        box = np.array([degrees(x), degrees(y) - 91.5, degrees(x + wide), degrees(y + high) - 91.5])
        bounds = shapely.bounds(ordered)
        touching = (bounds[:, :2] <= box[2:] + 1e-9).all(axis=1) & (bounds[:, 2:] >= box[:2] - 1e-9).all(axis=1)
        wanted = [row for row in np.flatnonzero(touching).tolist() if row > after]
        assert search_box(tree, to_cells(box)[0], limit, after).tolist() == wanted[:limit]
        rows, ends = search_boxes(tree, np.repeat(to_cells(box), 3, axis=0), limit)
        assert rows[ends[1] : ends[2]].tolist() == np.flatnonzero(touching)[:limit].tolist()

    def test_finds_all_of_many_thousands(self) -> None:
        corners = np.random.default_rng(7).random((5000, 2)) * 0.1 + [114, 22.5]
        cells = to_cells(np.concatenate([corners, corners + 0.001], axis=1))
        tree = build_nodes(cells[np.argsort(hilbert_codes(cells), kind="stable")])
        assert search_box(tree, to_cells(np.array([113, 22, 115, 23]))[0], 10**6).tolist() == list(range(5000))

    def test_finds_nothing_in_nothing(self) -> None:
        tree = build_nodes(np.empty((0, 4), np.int32))
        assert len(search_box(tree, np.array([0, 0, 9, 9], np.int32), 10)) == 0


class TestLocated:
    @settings(max_examples=40, deadline=None)
    @given(shapes(), st.lists(st.tuples(st.integers(0, 700), st.integers(0, 700)), min_size=1, max_size=30))
    def test_holds_what_shapely_says_it_holds(self, given_shapes, places) -> None:
        tree, ragged, ordered = build(given_shapes)
        points = np.array([[114.00003 + x / 10_000, 22.50003 + y / 10_000] for x, y in places])  # on no border
        firsts = locate_first(tree, ragged, points)
        for (longitude, latitude), first in zip(points.tolist(), firsts.tolist(), strict=True):
            wanted = np.flatnonzero(shapely.intersects_xy(ordered, longitude, latitude)).tolist()
            assert located(tree, ragged, longitude, latitude).tolist() == wanted
            assert first == (wanted[0] if wanted else -1)

    def test_gives_a_shared_border_to_one_of_two(self) -> None:
        two = np.array([shapely.box(114, 22, 114.001, 22.001), shapely.box(114.001, 22, 114.002, 22.001)])
        tree, ragged, _ = build(two)
        assert len(located(tree, ragged, 114.001, 22.0005)) == 1


class TestNearest:
    @settings(max_examples=30, deadline=None)
    @given(shapes(), st.tuples(STEPS, STEPS), st.integers(1, 8), st.sampled_from([50.0, 700.0, 20_000.0]))
    def test_gives_the_nearest_first(self, given_shapes, place, limit, radius_m) -> None:
        tree, ragged, ordered = build(given_shapes)
        point = (degrees(place[0]) + 0.00013, degrees(place[1]) - 91.49987)
        every = distances(ragged, np.arange(len(ordered), dtype=np.int32), *point)
        rows, metres = nearest(tree, ragged, point, radius_m, limit)
        assert metres.tolist() == np.sort(every[every <= radius_m])[:limit].tolist()
        assert every[rows].tolist() == metres.tolist()

    @pytest.mark.parametrize("kind", [POINT, LINE, POLYGON])
    def test_measures_on_the_ellipsoid(self, kind: int) -> None:
        square = shapely.box(114.01, 22.51, 114.02, 22.52)
        shape = {POINT: shapely.Point(114.01, 22.51), LINE: square.exterior, POLYGON: square}[kind]
        found = np.array([shapely.LineString(shape.coords) if kind == LINE else shape])
        _, ragged, _ = build(found, kind)
        metres = distances(ragged, np.zeros(1, np.int32), 114.0, 22.5)[0]
        assert metres == pytest.approx(EARTH.inv(114.0, 22.5, 114.01, 22.51)[2], rel=1e-4)


class TestRaggedShapes:
    @settings(max_examples=25, deadline=None)
    @given(shapes(20))
    def test_give_the_shapes_back(self, given_shapes) -> None:
        _, ragged, ordered = build(given_shapes)
        rows = np.arange(len(ordered), dtype=np.int32)[::-1]
        assert shapely.equals_exact(unpack_shapes(ragged, rows), ordered[::-1]).all()

    def test_take_points_and_lines_of_several_parts(self) -> None:
        points = np.array([shapely.Point(1, 2), shapely.MultiPoint([(3, 4), (5, 6)])])
        lines = np.array(
            [shapely.LineString([(1, 2), (3, 4)]), shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]])]
        )
        for found, kind in ((points, POINT), (lines, LINE)):
            back = unpack_shapes(pack_shapes(found, kind), np.array([1, 0], np.int32))
            assert shapely.equals_exact(back, found[::-1]).all()


class TestOddQuestions:
    @pytest.mark.parametrize("odd", [float("nan"), float("inf"), -float("inf"), 1e300])
    def test_have_no_answer_and_do_no_harm(self, odd: float) -> None:
        tree, ragged, _ = build(np.array([shapely.box(114, 22, 114.1, 22.1)]))
        assert len(located(tree, ragged, odd, 22.05)) == len(located(tree, ragged, 114.05, odd)) == 0
        assert len(nearest(tree, ragged, (odd, 22.05), 100, 5)[0]) == 0
        assert len(search_box(tree, to_cells(np.array([odd, odd, odd, odd]))[0], 5)) == 0

    def test_of_the_whole_earth_find_everything(self) -> None:
        tree, _, _ = build(np.array([shapely.box(114, 22, 114.1, 22.1)]))
        assert len(search_box(tree, to_cells(np.array([-1e300, -1e300, 1e300, 1e300]))[0], 5)) == 1


class TestHilbertCodes:
    def test_keep_neighbours_together(self) -> None:
        x, y = np.meshgrid(np.arange(32), np.arange(32))
        cells = np.stack([x, y, x, y], axis=-1).reshape(-1, 4).astype(np.int32)
        order = np.argsort(hilbert_codes(cells), kind="stable")
        steps = np.abs(np.diff(cells[order][:, :2], axis=0)).sum(axis=1)
        assert (steps == 1).all()
