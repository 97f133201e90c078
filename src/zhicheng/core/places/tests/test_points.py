import math

import numpy as np
import pytest
import shapely

from zhicheng.core.packs.public import PackSource
from zhicheng.core.places.public import (
    CoordinatesSwapped,
    InvalidCoordinates,
    PlacesNotInstalled,
    PointOutsideCity,
    describe_divisions,
    forget_known,
    locate_point,
)
from zhicheng.core.places.queries.known import get_known
from zhicheng.engines.geo.coordinates import wgs84_to_bd09, wgs84_to_gcj02
from zhicheng.engines.geo.locating import AreaIndex

pytestmark = pytest.mark.django_db

# Positions (WGS84) from general knowledge, good to some 300 m
KNOWN_PLACES = {
    "市民中心": (114.0551, 22.5447, "福田区"),
    "国贸大厦": (114.1142, 22.5411, "罗湖区"),
    "深圳大学": (113.9310, 22.5330, "南山区"),
    "世界之窗": (113.9690, 22.5345, "南山区"),
    "宝安国际机场": (113.8110, 22.6370, "宝安区"),
    "石岩": (113.9330, 22.6800, "宝安区"),
    "松岗": (113.8370, 22.7690, "宝安区"),
    "大芬油画村": (114.1310, 22.6110, "龙岗区"),
    "大运中心": (114.2120, 22.6970, "龙岗区"),
    "平湖": (114.1220, 22.6950, "龙岗区"),
    "大梅沙": (114.3060, 22.5950, "盐田区"),
    "深圳北站": (114.0240, 22.6095, "龙华区"),
    "观澜": (114.0420, 22.7230, "龙华区"),
    "坪山高铁站": (114.3330, 22.7080, "坪山区"),
    "光明城站": (113.9390, 22.7290, "光明区"),
    "公明": (113.8940, 22.7760, "光明区"),
    "大鹏所城": (114.5080, 22.5930, "大鹏新区"),
    "西涌": (114.5380, 22.4800, "大鹏新区"),
    "葵涌": (114.4210, 22.6390, "大鹏新区"),
    "内伶仃岛": (113.8020, 22.4130, "南山区"),
}
OUTSIDE = {
    "中环": (114.1583, 22.2819, "香港"),
    "旺角": (114.1694, 22.3193, "香港"),
    "上水": (114.1280, 22.5010, "香港"),
    "元朗": (114.0300, 22.4450, "香港"),
    "香港机场": (113.9185, 22.3080, "香港"),
    "伶仃洋": (113.7300, 22.5000, "海上"),
    "大亚湾外": (114.6700, 22.5000, "海上"),
    "大鹏湾": (114.3800, 22.5200, "海上"),
    "东莞市政府": (113.7518, 23.0207, "其他"),
    "惠州": (114.4160, 23.1110, "其他"),
    "天安门": (116.3975, 39.9087, "其他"),
    "几内亚湾": (0.0, 0.0, "其他"),
}


@pytest.mark.usefixtures("city")
class TestLocatePoint:
    def test_finds_the_district_of_well_known_places(self):
        found = {
            name: describe_divisions(locate_point(longitude, latitude).divisions[-2:])
            for name, (longitude, latitude, _) in KNOWN_PLACES.items()
        }
        assert found == {name: district for name, (_, _, district) in KNOWN_PLACES.items()}

    def test_gives_the_whole_chain_and_the_grid(self):
        location = locate_point(114.1310, 22.6110)
        assert [len(code) for code in location.divisions] == [12, 9, 6, 6]
        assert location.grid.startswith(location.divisions[0])
        assert location.score == 1.0

    def test_understands_every_coordinate_system(self):
        here = (114.0551, 22.5447)
        as_gps = locate_point(*here)
        others = {"gcj02": wgs84_to_gcj02(*here), "bd09": wgs84_to_bd09(*here), "cgcs2000": here}
        for crs, (longitude, latitude) in others.items():
            found = locate_point(longitude, latitude, crs=crs)
            assert found.divisions == as_gps.divisions
            assert found.grid == as_gps.grid
            assert found.point is not None
            assert found.point.longitude == pytest.approx(here[0], abs=1e-7)

    @pytest.mark.parametrize("name", OUTSIDE)
    def test_says_where_a_point_outside_the_city_lies(self, name: str):
        longitude, latitude, place = OUTSIDE[name]
        with pytest.raises(PointOutsideCity) as caught:
            locate_point(longitude, latitude)
        assert caught.value.data["place"] == place
        assert "不在深圳市范围内" in str(caught.value)

    @pytest.mark.parametrize("point", [(22.5447, 114.0551), (22.7, 113.8)])
    def test_says_that_longitude_and_latitude_are_exchanged(self, point: tuple[float, float]):
        with pytest.raises(CoordinatesSwapped, match="写反了"):
            locate_point(*point)

    @pytest.mark.parametrize(
        "point",
        [(math.nan, 22.5), (114.0, math.inf), (181.0, 22.5), (114.0, -91.0), ("east", 22.5), (None, None), (1e400, 0)],
    )
    def test_refuses_what_is_no_position(self, point):
        with pytest.raises(InvalidCoordinates):
            locate_point(*point)

    def test_refuses_an_unknown_coordinate_system(self):
        with pytest.raises(InvalidCoordinates, match="坐标系 utm"):
            locate_point(114.05, 22.54, crs="utm")

    def test_forgives_a_few_metres_beyond_the_border(self, city: PackSource):
        border = shapely.union_all([area.outline for area in city.values["areas"]["district"]])
        point = border.buffer(20 / 111_000).exterior.coords[0] if border.geom_type == "Polygon" else None
        point = point or max(border.geoms, key=lambda part: part.area).buffer(20 / 111_000).exterior.coords[0]
        location = locate_point(*point)
        assert 0 < location.score < 1

    def test_finds_the_grid_of_a_point(self):
        atlas = get_known().atlas
        grid = atlas.grids.get(atlas.find(114.0551, 22.5447).grid)
        assert grid is not None
        assert locate_point(114.0551, 22.5447).grid == grid.code
        assert atlas.find(114.1583, 22.2819) is None


@pytest.mark.usefixtures("city")
class TestPointsOutside:
    def test_are_told_how_far_they_are_where_that_is_near(self):
        with pytest.raises(PointOutsideCity) as caught:
            locate_point(114.4160, 23.1110)
        assert "还有约" in str(caught.value)
        assert caught.value.data["away_m"] < 100_000

    @pytest.mark.parametrize("point", [(116.3975, 39.9087), (0.0, 0.0), (-58.38, -34.60), (114.05, 89.9)])
    def test_are_told_no_distance_where_none_makes_sense(self, point: tuple[float, float]):
        with pytest.raises(PointOutsideCity) as caught:
            locate_point(*point)
        assert str(caught.value).startswith("这个位置离深圳市很远，不在深圳市范围内")


class TestLocatePointWithoutPack:
    def test_says_that_no_pack_is_installed(self):
        forget_known()
        with pytest.raises(PlacesNotInstalled, match="安装城市包"):
            locate_point(114.0551, 22.5447)


@pytest.mark.usefixtures("city")
class TestTiling:
    def test_every_community_contains_its_own_point(self, city: PackSource):
        areas = city.values["areas"]["community"]
        parents = {item.value.code: item.value.parent for item in city.values["divisions"]}
        assert len(areas) == 788
        for area in areas:
            inside = area.outline.representative_point()
            street = parents[area.code]
            expected = (area.code, street, parents[street], "440300")
            assert locate_point(inside.x, inside.y).divisions == expected

    def test_every_point_of_a_district_lies_in_exactly_one_community_of_it(self, city: PackSource):
        areas = city.values["areas"]
        parents = {item.value.code: item.value.parent for item in city.values["divisions"]}
        communities = [area.code for area in areas["community"]]
        index = AreaIndex([area.outline for area in areas["community"]])
        tree = shapely.STRtree([area.outline for area in areas["community"]])
        rng = np.random.default_rng(440300)
        for district in areas["district"]:
            west, south, east, north = district.outline.bounds
            points = rng.uniform((west, south), (east, north), (400, 2))
            points = points[shapely.intersects_xy(district.outline, points[:, 0], points[:, 1])]
            found = [communities[position] for position in index.locate(points)]
            assert {parents[parents[code]] for code in found} == {district.code}
            hits, _ = tree.query(shapely.points(points), predicate="within")
            assert np.bincount(hits, minlength=len(points)).tolist() == [1] * len(points)
