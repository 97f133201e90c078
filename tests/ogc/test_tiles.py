"""Tiles from outside, and the documents that lead to them."""

import gzip

import pytest

from tests.ogc.conftest import tile_path
from zhicheng.apps.twin.gate.tile_files import prepared_tile
from zhicheng.apps.twin.operations import services_tiles
from zhicheng.core.places.public import open_layer
from zhicheng.engines.geo.tiles.matrix import TileId
from zhicheng.engines.geo.tiles.tests.reading import read_tile
from zhicheng.kit.clock import now


class TestTile:
    def test_shows_the_houses_with_name_and_from_zoom_15_with_key(self, served) -> None:
        answer = served.get(tile_path("house", 13))
        assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
        name, found = read_tile(answer.content)
        assert (name, len(found)) == ("house", int(answer.headers["x-tile-features"]))
        assert set(found[0].properties) == {"name"}
        _, found = read_tile(served.get(tile_path("house", 16)).content)
        assert set(found[0].properties) == {"name", "house_key"}

    def test_is_not_sent_twice(self, served) -> None:
        first = served.get(tile_path("house", 14))
        again = served.get(tile_path("house", 14), If_None_Match=first.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")

    def test_is_packed_for_who_takes_that(self, served) -> None:
        plain = served.get(tile_path("house", 14), Accept_Encoding="identity")
        packed = served.get(tile_path("house", 14), Accept_Encoding="gzip")
        assert packed.headers["content-encoding"] == "gzip"
        assert (packed.content, "content-encoding" in plain.headers) == (plain.content, False)

    def test_is_empty_where_nothing_is(self, served) -> None:
        answer = served.get("/ogc/collections/house/tiles/WebMercatorQuad/14/0/0")
        assert (answer.status_code, answer.content) == (204, b"")

    @pytest.mark.parametrize(
        ("place", "status"),
        [("11/1/1", 404), ("12/5000/1", 404), ("30/1/1", 404), ("12/x/1", 400), ("12/-1/1", 400), ("12/1/1e3", 400)],
    )
    def test_is_refused_outside(self, served, place, status) -> None:
        answer = served.get(f"/ogc/collections/house/tiles/WebMercatorQuad/{place}")
        assert answer.status_code == status

    def test_needs_a_layer_with_shapes(self, served) -> None:
        path = "/ogc/collections/lane/tiles/WebMercatorQuad/14/1/1"
        assert served.get(path).json()["code"] == "twin.service_empty"

    def test_is_taken_from_those_drawn_beforehand(self, served, monkeypatch) -> None:
        drawn = served.get(tile_path("house", 14))
        monkeypatch.setattr(services_tiles, "CROWDED", 20)
        for begun in (1, 1, 0):  # the houses and the wells; the lanes hold nothing
            assert services_tiles.prepare_tiles(now()) == begun
            services_tiles._drawer.finish()
        folder = open_layer("house").folder
        tile = next(place for place, _ in services_tiles._crowded(open_layer("house")) if place.zoom == 14)
        kept = prepared_tile(folder, tile)
        assert kept is not None
        assert (gzip.decompress(kept.content), kept.features) == (drawn.content, 100)
        assert prepared_tile(folder, TileId(14, 0, 0)) is None


class TestDocuments:
    def test_lead_from_the_landing_page_to_a_tile(self, served) -> None:
        links = {link["rel"]: link["href"] for link in served.json("/ogc/")["links"]}
        layers = served.json(links["data"])["collections"]
        house = next(layer for layer in layers if layer["id"] == "house")
        west, south, east, north = house["extent"]["spatial"]["bbox"][0]
        assert (west, south) == (114.0, 22.5)
        assert (round(east, 4), round(north, 4)) == (114.0096, 22.5096)
        tiles = next(link["href"] for link in house["links"] if link["rel"].endswith("tilesets-vector"))
        sets = served.json(tiles)["tilesets"]
        assert sets[0]["tileMatrixSetURI"].endswith("WebMercatorQuad")
        about = served.json(sets[0]["links"][0]["href"])
        assert about["layers"][0]["minTileMatrix"] == "12"
        maplibre = served.json(tiles + "/WebMercatorQuad/tilejson")
        assert maplibre["tiles"][0].endswith("/{z}/{y}/{x}")
        matrices = served.json("/ogc/tileMatrixSets/WebMercatorQuad")["tileMatrices"]
        assert [matrices[2]["matrixWidth"], matrices[2]["id"]] == [4, "2"]

    def test_say_what_can_be_filtered(self, served) -> None:
        about = served.json("/ogc/collections/house/queryables")["properties"]
        assert about["use"]["oneOf"][1] == {"const": "shop", "title": "商店"}
        assert about["geometry"]["format"] == "geometry-polygon"
        assert "owner" not in about

    def test_name_the_standards_and_describe_the_api(self, served) -> None:
        conforms = served.json("/ogc/conformance")["conformsTo"]
        assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conforms
        api = served.json("/ogc/api")
        layer = api["paths"]["/collections/{layer}/items"]["get"]["parameters"][0]
        assert layer["schema"]["enum"] == ["house", "lane"]

    def test_are_pages_for_people(self, served) -> None:
        landing = served.get("/ogc/", Accept="text/html")
        assert "地图服务" in landing.text
        assert "default-src 'none'" in landing.headers["content-security-policy"]
        assert "房屋" in served.get("/ogc/collections?f=html").text
        assert "下载 GeoParquet" in served.get("/ogc/collections/house", Accept="text/html,*/*").text
