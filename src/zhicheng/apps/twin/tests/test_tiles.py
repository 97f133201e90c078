"""Tiles drawn beforehand."""

from datetime import timedelta

import pytest

from zhicheng.apps.twin.gate.tile_files import has_tiles
from zhicheng.apps.twin.operations import services_tiles
from zhicheng.apps.twin.operations.services_tiles import TileDrawer, draw_crowded
from zhicheng.apps.twin.tests.small_city import NOW
from zhicheng.core.places.public import open_layer

LAYERS = ("building", "facility")


def drawn() -> list[str]:
    return [code for code in LAYERS if has_tiles(open_layer(code).folder)]


def work(drawer: TileDrawer, at) -> None:
    while drawer.start_next(at):
        drawer.finish()


@pytest.mark.usefixtures("small_city")
class TestTileDrawer:
    def test_draws_each_layer_once(self):
        work(TileDrawer(), NOW)
        assert drawn() == list(LAYERS)

    def test_goes_on_with_the_others_where_one_fails_and_comes_back_to_it(self, monkeypatch: pytest.MonkeyPatch):
        tried = []

        def draw(reader):
            tried.append(reader.layer.code)
            if reader.layer.code == "building" and len(tried) < 3:
                raise RuntimeError("a shape that cannot be drawn")
            return draw_crowded(reader)

        monkeypatch.setattr(services_tiles, "draw_crowded", draw)
        drawer = TileDrawer()
        work(drawer, NOW)
        assert drawn() == ["facility"]
        work(drawer, NOW + timedelta(minutes=9))
        assert tried == ["building", "facility"]
        work(drawer, NOW + timedelta(minutes=11))
        assert tried == ["building", "facility", "building"]
        assert drawn() == list(LAYERS)
