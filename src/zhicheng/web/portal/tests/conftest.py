import pytest

from zhicheng.apps.appeals.tests.fixtures import monday, town, town_stands
from zhicheng.web.portal.home import TODAY

__all__ = ["monday", "town", "town_stands"]


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    TODAY.forget()
