from collections.abc import Iterator
from pathlib import Path

import pytest

from zhicheng.apps.services.tests.town import town_installed


@pytest.fixture
def town(db: None, tmp_path: Path) -> Iterator[None]:
    """The town, installed."""
    with town_installed(tmp_path):
        yield
