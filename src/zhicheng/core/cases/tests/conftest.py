from collections.abc import Iterator
from pathlib import Path

import pytest

from zhicheng.core.cases.tests.town import build_town
from zhicheng.core.packs.public import forget_installed_pack
from zhicheng.core.parties.public import forget_unit_tree
from zhicheng.core.places.public import forget_known


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path) -> Iterator[None]:
    settings.KEYS_ROOT = tmp_path / "keys"
    settings.FILES_ROOT = tmp_path / "files"
    yield
    forget_installed_pack()
    forget_unit_tree()
    forget_known()


@pytest.fixture
def town(db) -> None:
    """The town, rolled back after the test."""
    build_town()


@pytest.fixture
def real_town(transactional_db) -> None:
    """The town with real transactions, as the gate has them in production."""
    build_town()
