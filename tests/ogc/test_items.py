"""Features: pages, boxes, filters, systems, forms."""

import io
import json
from urllib.parse import quote

import pytest
import shapely
from pyarrow import csv, parquet

from zhicheng.core.places.tests import hamlet

ITEMS = "/ogc/collections/house/items"


class TestItems:
    def test_come_as_geojson_with_links(self, served) -> None:
        page = served.json(f"{ITEMS}?limit=3")
        assert (page["type"], page["numberReturned"], len(page["features"])) == ("FeatureCollection", 3, 3)
        assert "numberMatched" not in page
        assert {link["rel"] for link in page["links"]} == {"self", "alternate", "collection", "next"}
        assert "owner" not in page["features"][0]["properties"]

    def test_lead_from_page_to_page_to_every_house_once(self, served) -> None:
        path, keys = f"{ITEMS}?limit=30&use=home", []
        while path:
            page = served.json(path)
            keys += [feature["id"] for feature in page["features"]]
            path = next((link["href"] for link in page["links"] if link["rel"] == "next"), "")
        assert sorted(keys) == [house["house_key"] for house in hamlet.HOUSES if house["use"] == "home"]

    def test_are_chosen_by_box(self, served) -> None:
        page = served.json(f"{ITEMS}?bbox=113.9999,22.4999,114.0011,22.5001&limit=100")
        assert sorted(feature["id"] for feature in page["features"]) == ["H000", "H001"]

    @pytest.mark.parametrize(
        ("system", "box"),
        [
            ("http://www.opengis.net/def/crs/EPSG/0/4326", "22.4999,113.9999,22.5001,114.0011"),
            ("http://www.opengis.net/def/crs/EPSG/0/4490", "22.4999,113.9999,22.5001,114.0011"),
            ("http://www.opengis.net/def/crs/EPSG/0/3857", "12690411.8,2571652.7,12690545.3,2571677.2"),
            ("urn:zhicheng:crs:gcj02", "114.0049,22.4971,114.0061,22.4973"),
        ],
    )
    def test_are_chosen_by_a_box_of_another_system(self, served, system, box) -> None:
        page = served.json(f"{ITEMS}?bbox={box}&bbox-crs={system}&limit=100")
        assert sorted(feature["id"] for feature in page["features"]) == ["H000", "H001"]

    def test_are_given_in_the_system_asked_for(self, served) -> None:
        for code, near in (("4326", (22.5, 114.0)), ("3857", (12690421, 2571663))):
            uri = f"http://www.opengis.net/def/crs/EPSG/0/{code}"
            answer = served.get(f"{ITEMS}/H000?crs={uri}")
            assert answer.headers["content-crs"] == f"<{uri}>"
            xs = [abs(x - near[0]) + abs(y - near[1]) for x, y in answer.json()["geometry"]["coordinates"][0]]
            assert min(xs) < (1e-6 if code == "4326" else 5)

    def test_are_filtered_and_counted_when_asked(self, served) -> None:
        wanted = quote("use = 'shop' AND height_m > 50 AND S_INTERSECTS(geometry, BBOX(113, 22, 115, 23))")
        page = served.json(f"{ITEMS}?filter={wanted}&count=true&limit=2")
        assert (page["numberReturned"], page["numberMatched"]) == (2, 5)
        said = json.dumps({"op": "like", "args": [{"property": "name"}, "柳林9%"]})
        page = served.json(f"{ITEMS}?filter={quote(said)}&filter-lang=cql2-json&limit=100")
        assert {feature["id"][:3] for feature in page["features"]} == {"H00", "H09"}

    def test_are_filtered_by_a_shape_of_another_system(self, served) -> None:
        wanted = quote("S_INTERSECTS(geometry, POINT(22.5003 114.0003))")
        page = served.json(f"{ITEMS}?filter={wanted}&filter-crs=http://www.opengis.net/def/crs/EPSG/0/4326")
        assert [feature["id"] for feature in page["features"]] == ["H000"]

    def test_are_chosen_by_time(self, served) -> None:
        assert served.json(f"{ITEMS}?datetime=2026-03-04&count=true")["numberMatched"] == 100
        assert served.json(f"{ITEMS}?datetime=2026-03-05T00:00:00Z/..&count=true")["numberMatched"] == 0

    def test_have_an_address_each(self, served) -> None:
        found = served.json(f"{ITEMS}/H042")
        assert found["properties"]["name"] == "柳林42号"
        answer = served.get(f"{ITEMS}/H999")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")

    def test_are_read_by_people(self, served) -> None:
        page = served.get(f"{ITEMS}?f=html&limit=2").text
        assert "柳林" in page
        assert "下一页" in page
        assert "楼高" not in served.get("/ogc/collections/house?f=html").text
        assert "高度" in served.get(f"{ITEMS}/H042?f=html").text

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("bbox=1,2,3", "bbox"),
            ("bbox=1,2,3,x", "bbox"),
            ("bbox=nan,2,3,4", "bbox"),
            ("bbox=114,23,115,22", "bbox"),
            ("bbox=113,22,115,23&bbox-crs=EPSG:9999", "bbox-crs"),
            ("limit=0", "limit"),
            ("limit=-1", "limit"),
            ("limit=ten", "limit"),
            ("flors=3", "flors"),
            ("owner=王五", "owner"),
            ("floors=drei", "floors"),
            ("filter=owner%20%3D%20'王五'", "owner"),
            ("filter=1%3D1%3BDROP%20TABLE%20layer", "第 4 个字"),
            ("filter-lang=sql&filter=TRUE", "filter-lang"),
            ("f=exe", "f"),
            ("datetime=yesterday", "datetime"),
            ("after=zzz", "after"),
            ("use=home&use=shop", "use"),
        ],
    )
    def test_refuse_what_cannot_be_understood(self, served, query, said) -> None:
        answer = served.get(f"{ITEMS}?{query}")
        assert answer.status_code == 400, answer.text
        assert said in answer.json()["detail"]
        assert answer.json()["english"]

    def test_take_a_limit_over_the_most_as_the_most(self, served) -> None:
        assert served.json(f"{ITEMS}?limit=999999999")["numberReturned"] == 100

    def test_say_when_a_page_belongs_to_a_version_that_is_gone(self, served) -> None:
        answer = served.get(f"{ITEMS}?after=77.5")
        assert (answer.status_code, answer.json()["code"]) == (410, "twin.page_gone")


class TestDownloads:
    def test_stream_a_whole_layer_as_csv(self, served) -> None:
        answer = served.get(f"{ITEMS}?f=csv")
        table = csv.read_csv(io.BytesIO(answer.content.removeprefix("﻿".encode())))
        assert (table.num_rows, "owner" in table.column_names) == (100, False)
        assert shapely.from_wkt(table.column("geometry")[0].as_py()).is_valid
        assert "attachment" in answer.headers["content-disposition"]

    def test_stream_what_a_filter_leaves_as_geoparquet(self, served) -> None:
        answer = served.get(f"{ITEMS}?f=parquet&filter={quote('floors = 2')}")
        table = parquet.read_table(io.BytesIO(answer.content))
        assert set(table.column("floors").to_pylist()) == {2}
        geo = json.loads(table.schema.metadata[b"geo"])
        assert geo["primary_column"] == "geometry"
        assert shapely.from_wkb(table.column("geometry")[0].as_py()).geom_type == "Polygon"

    def test_stop_at_the_limit(self, served) -> None:
        answer = served.get(f"{ITEMS}?f=csv&limit=7")
        assert answer.text.count("\n") == 8


class TestPost:
    def test_takes_a_filter_as_body(self, served) -> None:
        said = {"op": "<", "args": [{"property": "height_m"}, 6]}
        page = served.post(f"{ITEMS}?limit=2", json.dumps(said)).json()
        assert {one["id"] for one in page["features"]} < {"H000", "H001", "H002"}
        following = next(link["href"] for link in page["links"] if link["rel"] == "next")
        assert served.json(following)["numberReturned"] == 1

    def test_refuses_what_is_too_long_or_not_text(self, served) -> None:
        assert served.post(ITEMS, "[" * 300_000).json()["code"] == "twin.query_invalid"
        assert served.post(ITEMS, "\x00\x01").status_code == 400
