from collections.abc import Iterator

import pytest

from zhicheng.apps.appeals.tests.town import standing_town


@pytest.fixture(scope="module")
def town_stands(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    with django_db_blocker.unblock(), standing_town(tmp_path_factory.mktemp("town")):
        yield


@pytest.fixture
def town(town_stands, db) -> None:
    """云溪镇; what a test does in it is undone."""
