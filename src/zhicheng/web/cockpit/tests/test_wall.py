"""The wall: only what the reader's units have, and no personal data."""

import pytest

from zhicheng.apps.appeals.tests.town import (
    EAST,
    OUTAGE,
    WATER,
    WORKS,
    later,
    official,
    promote,
    replied,
    sent,
)
from zhicheng.kit.clock import frozen

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def sun():
    """孙杰 leads the whole town."""
    return official("sun.jie")


@pytest.fixture
def li():
    """李娜 leads the water station only."""
    promote("li.na", "leader", WATER)
    return official("li.na")


def both():
    return sent(), sent(text="东桥停水两天了怎么办", confirmed_item=OUTAGE)


def points(client) -> dict[str, str]:
    found = client.get("/cockpit/points.geojson").json()
    assert found["type"] == "FeatureCollection"
    return {feature["properties"]["number"]: feature["properties"]["state"] for feature in found["features"]}


def areas(client, level: str = "district") -> dict[str, tuple[int, int]]:
    found = client.get(f"/cockpit/areas/{level}.geojson").json()["features"]
    counted = [feature["properties"] for feature in found]
    return {each["code"]: (each["open"], each["late"]) for each in counted}


class TestPoints:
    def test_are_open_cases_of_readable_units(self, sun, li):
        noise, water = both()
        assert set(points(sun)) == {noise.number, water.number}
        assert set(points(li)) == {water.number}

    def test_have_a_place_and_nothing_personal(self, sun):
        sent(text="东桥工地吵，我的电话13800138000，我叫王芳")
        (feature,) = sun.get("/cockpit/points.geojson").json()["features"]
        assert feature["geometry"]["coordinates"] == pytest.approx(list(EAST), abs=1e-6)
        assert set(feature["properties"]) == {"number", "title", "state", "url"}
        assert "13800138000" not in str(feature)

    def test_tell_what_is_late_soon_and_open(self, sun):
        done = replied()  # waits seven days for a rating
        with frozen(later(minutes=5)):
            fresh = sent(now=later(minutes=5))
            assert points(sun) == {done.number: "open", fresh.number: "warning"}
        with frozen(later(minutes=16)):
            assert points(sun)[fresh.number] == "late"

    def test_leave_out_what_has_no_position(self, sun):
        sent(longitude=None, latitude=None, text="工地晚上打桩太吵了")
        assert points(sun) == {}

    def test_ask_the_database_as_often_for_many_as_for_one(self, sun, django_assert_max_num_queries):
        for _ in range(12):
            sent()
        sun.get("/cockpit/points.geojson")
        with django_assert_max_num_queries(10):
            assert len(points(sun)) == 12


class TestAreas:
    def test_count_what_the_reader_may_read(self, sun, li):
        both()
        assert areas(sun)["990101"] == (2, 0)
        assert areas(li)["990101"] == (1, 0)
        with frozen(later(minutes=11)):
            assert areas(sun, "street")["990101001"] == (2, 2)

    def test_of_an_unknown_level_are_the_districts(self, sun):
        assert areas(sun, "planet") == areas(sun, "district") == {"990101": (0, 0)}


class TestWall:
    def test_shows_the_numbers_the_next_due_and_the_newest(self, sun):
        noise, water = both()
        page = sun.get("/cockpit/").context
        tiles = {tile["label"]: tile["value"] for tile in page["tiles"]}
        assert (tiles["今天受理"], tiles["今天答复"]) == ("2", "0")
        assert {line["url"].split("/")[3] for line in page["soon"]} == {noise.number, water.number}
        assert all(line["title"].startswith("新诉求：") for line in page["events"])
        assert page["areas"]["rows"][0]["words"] == "2 件"
        assert {row["label"]: row["value"] for row in page["items"]["rows"]} == {"夜间施工噪音": 1, "停水": 1}

    def test_shows_cases_of_readable_units_only(self, li):
        both()
        page = li.get("/cockpit/").context
        assert {line["unit"] for line in page["soon"]} == {"云溪镇供水站"}
        assert [row["label"] for row in page["items"]["rows"]] == ["停水"]

    def test_stands_while_nothing_happens(self, sun):
        page = sun.get("/cockpit/")
        assert (page.status_code, page.context["areas"], page.context["items"]) == (200, None, None)

    def test_is_for_those_who_may_view_it(self, client):
        for path in ("/cockpit/", "/cockpit/points.geojson", "/cockpit/areas/district.geojson"):
            assert official("chen.wei").get(path).status_code == 403
            assert client.get(path).status_code == 302
            assert client.get(path, headers={"Accept": "application/json"}).status_code == 401

    def test_asks_the_database_a_bounded_number_of_times(self, sun, django_assert_max_num_queries):
        for _ in range(12):
            sent()
        sun.get("/cockpit/")
        with django_assert_max_num_queries(25):
            sun.get("/cockpit/")

    def test_names_units_that_work_there(self, sun):
        assert sent().unit == WORKS
        assert sun.get("/cockpit/").context["events"][0]["text"] == "云溪镇城镇管理服务中心"


class TestDrill:
    def test_a_district_shows_its_own_cases_and_the_way_up(self, sun):
        both()
        page = sun.get("/cockpit/", {"area": "990101"}).context
        assert [each.name for each in page["crumbs"]][-1] == page["title"] == page["area"].name
        assert {tile["label"]: tile["value"] for tile in page["tiles"]}["正在办理"] == "2"
        assert page["areas_url"] == "/cockpit/areas/street.geojson?within=990101"

    def test_goes_down_to_the_grids(self, sun):
        sent()
        page = sun.get("/cockpit/", {"area": "990101001001"}).context
        assert page["areas"]["title"] == "各网格未办结"
        assert page["areas"]["rows"][0]["words"] == "1 件"
        grids = sun.get("/cockpit/areas/grid.geojson", {"within": "990101001001"}).json()["features"]
        assert sum(grid["properties"]["open"] for grid in grids) == 1

    def test_an_area_without_cases_says_nought(self, sun):
        sent()
        page = sun.get("/cockpit/", {"area": "990101001002"}).context
        assert {tile["value"] for tile in page["tiles"]} == {"0"}
        assert page["areas"] is None
        assert sun.get("/cockpit/points.geojson", {"area": "990101001002"}).json()["features"] == []

    def test_an_old_link_opens_the_city(self, sun):
        assert sun.get("/cockpit/", {"area": "123456"}).context["area"].level == "city"

    def test_counts_only_what_the_reader_may_read(self, li):
        both()
        page = li.get("/cockpit/", {"area": "990101"}).context
        assert {tile["label"]: tile["value"] for tile in page["tiles"]}["正在办理"] == "1"
