"""The clients that others use, unchanged, against the running city: OWSLib and GDAL."""

import json
import os
import subprocess
import sys
import time

import httpx
import pyogrio
import pytest
import shapely
from owslib.ogcapi.features import Features

from tests.running import City

pytestmark = pytest.mark.running
LAYER = "traffic_zone"
_CALL = "from zhicheng.config.cli import main; raise SystemExit(main())"
_PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def services(city: City, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the services, with one small layer: squares over the city, some farther west than others."""
    corners = [(113.85 + number % 20 / 50, 22.52 + number // 20 / 50) for number in range(120)]
    squares = [
        {
            "type": "Feature",
            "properties": {"zone_key": f"Z{number:03d}", "name": f"{number} 区"},
            "geometry": shapely.geometry.mapping(shapely.box(west, south, west + 0.01, south + 0.01)),
        }
        for number, (west, south) in enumerate(corners)
    ]
    file = tmp_path_factory.mktemp("zones") / "zones.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": squares}), encoding="utf-8")
    settings = {**os.environ, "ZHICHENG_HOME": str(city.home)}
    settings.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", _CALL, "layer", "install", LAYER, str(file)]
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    url, until = f"{city.url}/ogc/", time.monotonic() + _PATIENCE_S
    while httpx.get(f"{url}collections/{LAYER}/items").status_code != 200 and time.monotonic() < until:
        time.sleep(0.3)
    return url


class TestOwslib:
    def test_finds_layers_features_and_one_feature(self, services: str) -> None:
        client = Features(services)
        assert LAYER in client.feature_collections()
        assert client.api()["openapi"].startswith("3.0")
        assert "geometry" in client.collection_queryables(LAYER)["properties"]
        page = client.collection_items(LAYER, limit=2, bbox=[113.7, 22.4, 114.7, 22.9])
        assert page["numberReturned"] == 2
        key = page["features"][0]["id"]
        assert client.collection_item(LAYER, key)["id"] == key

    def test_filters_by_text_and_by_json(self, services: str) -> None:
        client = Features(services)
        whole = client.collection_items(LAYER, limit=1, count="true")["numberMatched"]
        box = [113.7, 22.4, 114.05, 22.9]
        there = f"S_INTERSECTS(geometry, BBOX({', '.join(map(str, box))}))"
        west = client.collection_items(LAYER, limit=10_000, filter=there)["numberReturned"]
        meets = {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": box}]}
        other = {"op": "not", "args": [meets]}
        east = client.collection_items(LAYER, limit=10_000, cql=other)["numberReturned"]
        assert (west + east, west > 0, east > 0) == (whole, True, True)


class TestGdal:
    def test_reads_a_layer_page_by_page(self, services: str) -> None:
        if "OAPIF" not in pyogrio.list_drivers():
            pytest.skip("this GDAL was built without the OGC API driver")
        count = httpx.get(f"{services}collections/{LAYER}/items?count=true&limit=1").json()["numberMatched"]
        source = f"OAPIF:{services}collections/{LAYER}"
        _, _, shapes, _ = pyogrio.raw.read(source)
        assert len(shapes) == count
        assert LAYER in pyogrio.list_layers(f"OAPIF:{services}")[:, 0]

    def test_sends_its_box_to_the_server(self, services: str) -> None:
        if "OAPIF" not in pyogrio.list_drivers():
            pytest.skip("this GDAL was built without the OGC API driver")
        _, _, some, _ = pyogrio.raw.read(f"OAPIF:{services}collections/{LAYER}", bbox=(114.0, 22.5, 114.1, 22.6))
        page = httpx.get(f"{services}collections/{LAYER}/items?bbox=114.0,22.5,114.1,22.6&count=true").json()
        assert len(some) == page["numberMatched"] > 0
