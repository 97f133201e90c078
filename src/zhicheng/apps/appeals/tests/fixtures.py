"""Fixtures of the town for every folder whose tests play there: a conftest imports what it needs."""

from collections.abc import Iterator

import pytest

from zhicheng.apps.appeals.tests.town import NOW, standing_town
from zhicheng.kit.clock import frozen


@pytest.fixture(scope="module")
def town_stands(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    with django_db_blocker.unblock(), standing_town(tmp_path_factory.mktemp("town")):
        yield


@pytest.fixture
def town(town_stands, db) -> None:
    """云溪镇; what a test does in it is undone."""


@pytest.fixture
def monday(town) -> Iterator[None]:
    """The clock stands at ten on a Monday morning."""
    with frozen(NOW):
        yield
