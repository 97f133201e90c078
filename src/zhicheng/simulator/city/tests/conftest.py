from pathlib import Path

import pytest

from zhicheng.simulator.city.caching import cached_city
from zhicheng.simulator.city.files import CityFiles
from zhicheng.simulator.city.making import CityOrder

PACKS = Path(__file__).parents[5] / "packs"
ORDER = CityOrder(PACKS / "tinytown")


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> CityFiles:
    """The whole of a tiny town."""
    return cached_city(ORDER, tmp_path_factory.mktemp("cities"), processes=1)
