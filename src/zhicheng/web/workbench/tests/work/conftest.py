import pytest

from zhicheng.apps.appeals.tests.fixtures import monday, town, town_stands

__all__ = ["monday", "town", "town_stands"]


@pytest.fixture(autouse=True)
def _town(monday) -> None:
    """The town of the folder above, but with its people, on a Monday morning."""
