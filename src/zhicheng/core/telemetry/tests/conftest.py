from collections.abc import Iterator
from pathlib import Path

import pytest

from zhicheng.core.packs.public import forget_installed_pack
from zhicheng.core.parties.public import forget_unit_tree
from zhicheng.core.places.public import forget_known
from zhicheng.core.telemetry.operations import ingesting
from zhicheng.core.telemetry.tests.sensing import City


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path: Path) -> Iterator[None]:
    settings.HOME = tmp_path
    settings.KEYS_ROOT = tmp_path / "keys"
    settings.TELEMETRY_DURABILITY = "kernel"
    ingesting._writer.cache_clear()  # the log lies in the home of the test
    yield
    forget_installed_pack()
    forget_unit_tree()
    forget_known()


@pytest.fixture
def city(db) -> City:
    return City()
