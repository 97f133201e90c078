from pathlib import Path

import pytest

from zhicheng.apps.appeals.tests.conftest import monday, town, town_stands

__all__ = ["monday", "town", "town_stands"]


@pytest.fixture
def lake(town, settings, tmp_path: Path) -> Path:
    """A lake of its own for each test in the town."""
    settings.HOME = tmp_path
    return tmp_path
