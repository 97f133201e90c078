"""Tiles, read back by the specification."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from zhicheng.engines.geo.tiles.drawing import draw
from zhicheng.engines.geo.tiles.encoding import Features, Tile, attributes_of, encode
from zhicheng.engines.geo.tiles.flat import FlatShapes, flat_from_wkb
from zhicheng.engines.geo.tiles.matrix import TileId, tiles_over
from zhicheng.engines.geo.tiles.tests.reading import ReadFeature, read_tile

TILE = TileId(14, 7139, 13381)
WEST, SOUTH, EAST, NORTH = TILE.box()


def _flat(shapes: Sequence[BaseGeometry | None]) -> FlatShapes:
    wkb = [b"" if shape is None else shapely.to_wkb(shape, byte_order=1) for shape in shapes]
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in wkb])]).astype(np.int64)
    return flat_from_wkb(np.frombuffer(b"".join(wkb), np.uint8), offsets)


def _tile(
    shapes: Sequence[BaseGeometry | None], *, most_bytes: int = 500_000, tolerance: float = 1.0, **columns
) -> Tile:
    flat = _flat(shapes)
    drawn = draw(flat, TILE, tolerance=tolerance)
    ids = np.arange(len(shapes), dtype=np.int64) + 1
    attributes = attributes_of({name: pa.array(values) for name, values in columns.items()})
    return encode("building", Features(flat.kinds, ids, drawn, attributes), most_bytes=most_bytes)


def _read(shapes: Sequence[BaseGeometry | None], **options) -> list[ReadFeature]:
    return read_tile(_tile(shapes, **options).content)[1]


def _at(x: float, y: float) -> tuple[float, float]:
    """Degrees of a place in the tile, in its units; good enough for a small part of it."""
    return WEST + (EAST - WEST) * x / 4096, NORTH + (SOUTH - NORTH) * y / 4096


def _square(x: float, y: float, size: float) -> shapely.Polygon:
    return shapely.Polygon([_at(x, y), _at(x + size, y), _at(x + size, y + size), _at(x, y + size)])


class TestTileId:
    def test_has_a_box_that_finds_it_again(self) -> None:
        inner = shapely.box(*TILE.box()).buffer(-1e-5).bounds
        assert list(tiles_over(inner, 14)) == [TILE]
        assert TILE in list(TileId(13, 3569, 6690).children())

    def test_covers_the_world_at_zoom_0(self) -> None:
        assert TileId(0, 0, 0).box() == (-180.0, -85.0511287798066, 180.0, 85.0511287798066)
        assert not TileId(3, 8, 0).exists
        assert not TileId(60, 8, 0).exists


class TestEncode:
    def test_writes_shapes_and_attributes_that_can_be_read_back(self) -> None:
        (found, other) = _read([_square(100, 200, 50), _square(500, 200, 50)], name=["莲花楼", None], floors=[-3, 12],
                               height_m=[1.5, 2.5], elevator=[True, False])  # fmt: skip
        assert (found.number, found.kind) == (1, 3)
        assert found.properties == {"name": "莲花楼", "floors": -3, "height_m": 1.5, "elevator": True}
        assert other.properties == {"floors": 12, "height_m": 2.5, "elevator": False}
        assert sorted(set(found.parts[0])) == [(100, 200), (100, 250), (150, 200), (150, 250)]

    def test_winds_outer_rings_one_way_and_holes_the_other(self) -> None:
        holed = _square(100, 100, 300).difference(_square(200, 200, 50))
        both = shapely.MultiPolygon([holed, _square(800, 800, 40).reverse()])
        (found,) = _read([both])
        areas = [shapely.LinearRing(part).is_ccw for part in found.parts]
        assert areas == [True, False, True]  # y grows downwards: on the screen outer rings run clockwise

    def test_cuts_what_crosses_the_border(self) -> None:
        (found,) = _read([_square(-1000, 100, 2000)])
        xs = [x for part in found.parts for x, _ in part]
        assert (min(xs), max(xs)) == (-64, 1000)

    def test_leaves_out_what_cannot_be_seen(self) -> None:
        tile = _tile([_square(9000, 100, 50), _square(100, 100, 0.2), None, _square(100, 100, 50)])
        assert [found.number for found in read_tile(tile.content)[1]] == [4]
        assert (tile.features, tile.dropped) == (1, 0)

    def test_is_empty_where_there_is_nothing(self) -> None:
        assert _tile([]).content == b""
        assert _tile([_square(9000, 100, 50)]).content == b""

    def test_splits_a_line_that_leaves_and_returns(self) -> None:
        line = shapely.LineString([_at(100, 100), _at(-500, 100), _at(-500, 900), _at(100, 900)])
        (found,) = _read([line])
        assert found.kind == 2
        assert found.parts == [[(100, 100), (-64, 100)], [(-64, 900), (100, 900)]]

    def test_thins_lines_to_the_tolerance(self) -> None:
        wave = shapely.LineString([_at(x, 100 + x % 2) for x in range(0, 2000, 3)])
        assert len(_read([wave], tolerance=4.0)[0].parts[0]) == 2
        assert len(_read([wave], tolerance=0.0)[0].parts[0]) > 600

    def test_draws_points_alone_and_together(self) -> None:
        some = [shapely.Point(_at(10, 20)), shapely.MultiPoint([_at(30, 40), _at(50, 60)])]
        assert [found.parts for found in _read(some)] == [[[(10, 20)]], [[(30, 40)], [(50, 60)]]]

    def test_keeps_under_the_cap_by_leaving_out_the_smallest(self) -> None:
        squares = [_square(60 * (i % 60), 60 * (i // 60), 5 + i % 50) for i in range(3000)]
        tile = _tile(squares, most_bytes=20_000, name=[f"第{i}号楼" for i in range(3000)])
        assert 15_000 < len(tile.content) <= 20_000
        found = read_tile(tile.content)[1]
        assert (len(found), tile.features + tile.dropped) == (tile.features, 3000)
        assert min((one.number - 1) % 50 for one in found) > 25
        assert {one.properties["name"] for one in found} == {f"第{one.number - 1}号楼" for one in found}

    def test_thins_points_the_same_way_every_time(self) -> None:
        points = [shapely.Point(_at(i % 64 * 60, i // 64 * 60)) for i in range(4000)]
        few = {one.number for one in _read(points, most_bytes=8_000)}
        fewer = {one.number for one in _read(points, most_bytes=4_000)}
        assert fewer < few
        assert max(few) > 3500

    @pytest.mark.parametrize("kind", ["Z", "big"])
    def test_skips_what_it_cannot_read(self, kind: str) -> None:
        point = shapely.Point(*_at(10, 20))
        wkb = shapely.to_wkb(point, byte_order=0) if kind == "big" else shapely.to_wkb(shapely.force_3d(point))
        flat = flat_from_wkb(np.frombuffer(wkb, np.uint8), np.array([0, len(wkb)], np.int64))
        assert flat.kinds.tolist() == [0]
        assert draw(flat, TILE, tolerance=0.0).sizes.tolist() == [0.0]
