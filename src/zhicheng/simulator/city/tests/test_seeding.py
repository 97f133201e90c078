"""A made city comes into the layers of the installed pack, once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.places.public import open_layer
from zhicheng.simulator.city.files import CityFiles
from zhicheng.simulator.city.seeding import install_city, seed_city
from zhicheng.simulator.city.tests.conftest import ORDER

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


@pytest.fixture
def tiny(db: None, settings, tmp_path: Path) -> Iterator[None]:
    settings.PACK_ROOT, settings.HOME = str(ORDER.pack), tmp_path
    forget_installed_pack()
    install_pack(ORDER.pack, now=NOW, actor_ref="system:test")
    yield
    forget_installed_pack()


@pytest.mark.usefixtures("tiny")
class TestSeedCity:
    def test_fills_the_layers_that_are_empty(self, town: CityFiles) -> None:
        told: dict[str, int] = {}
        found = install_city(town, ("building", "address"), now=NOW, told=told.__setitem__)
        assert found == told == {"building": town.rows["building"]}  # the tiny pack declares no addresses
        assert open_layer("building").row_of("990101001001-B00001") is not None
        assert set(seed_city(NOW, cache=town.root.parent)) == {"facility"}
        assert open_layer("building").count == town.rows["building"]
        assert seed_city(NOW, cache=town.root.parent) == {}
