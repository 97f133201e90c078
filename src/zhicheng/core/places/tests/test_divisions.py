import json

import pytest

from zhicheng.core.places.public import (
    DivisionNotFound,
    Point,
    area_geojson,
    atlas_revision,
    describe_divisions,
    division_path,
    get_division,
    list_divisions,
    list_landmarks,
    neighbourhood,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


class TestDivisions:
    def test_form_a_tree_of_10_districts_79_streets_788_communities(self):
        (city,) = list_divisions()
        districts = list_divisions(city.code)
        streets = [street for district in districts for street in list_divisions(district.code)]
        communities = [community for street in streets for community in list_divisions(street.code)]
        assert (city.name, len(districts), len(streets), len(communities)) == ("深圳市", 10, 79, 788)

    def test_put_three_streets_under_dapeng(self):
        assert [street.name for street in list_divisions("440312")] == ["葵涌街道", "大鹏街道", "南澳街道"]
        assert "自编" in get_division("440312").note

    def test_say_which_outlines_are_synthetic(self):
        assert not get_division("440304").synthetic
        assert get_division("440304008").synthetic

    def test_are_described_as_people_read_them(self):
        path = division_path("440304008001")
        assert path[-1] == "440300"
        assert describe_divisions(path) == describe_divisions(reversed(path)) == "福田区·莲花街道·福中社区"
        assert describe_divisions(["440300"]) == "深圳市"
        assert describe_divisions([]) == ""

    def test_an_unknown_code_is_named(self):
        for ask in (get_division, division_path, lambda code: describe_divisions([code])):
            with pytest.raises(DivisionNotFound, match="999"):
                ask("999")

    def test_bear_names_as_residents_say_them(self):
        official = ("居委", "委员会")
        names = [
            c.name for d in list_divisions("440300") for s in list_divisions(d.code) for c in list_divisions(s.code)
        ]
        assert not [name for name in names if name.endswith(official)]
        assert {"桂木园社区", "小梅沙社区", "嘉丽园社区", "凤凰社区"} <= set(names)


class TestAreaGeojson:
    def test_gives_one_feature_a_division(self):
        districts = json.loads(area_geojson("district"))
        assert [feature["properties"]["name"] for feature in districts["features"]][:2] == ["罗湖区", "福田区"]
        assert districts["revision"] == atlas_revision()

    @pytest.mark.parametrize(("level", "within", "count"), [("street", "440312", 3), ("grid", "440304008001", 4)])
    def test_gives_those_inside_a_division(self, level: str, within: str, count: int):
        features = json.loads(area_geojson(level, within))["features"]
        assert len(features) == count
        assert all(feature["properties"]["synthetic"] for feature in features)


class TestLandmarks:
    def test_are_many_and_well_known(self):
        names = {landmark.name for landmark in list_landmarks()}
        assert len(names) >= 250
        assert {"深圳北站", "莲花山公园", "罗湖口岸", "北京大学深圳医院", "白石洲村", "大芬村"} <= names


class TestNeighbourhood:
    def test_is_a_box_of_the_radius(self):
        west, south, east, north = neighbourhood(Point(114.0, 22.5), 111.195)
        assert (north - south) == pytest.approx(0.002)
        assert (east - west) == pytest.approx(0.002 / 0.92388, rel=1e-4)
