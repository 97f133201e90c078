"""Fixtures of 云溪镇 for every folder whose tests play with licences: a conftest imports what it needs."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from zhicheng.apps.licences.tests.town import NOW, town_settings
from zhicheng.core.packs.public import install_pack
from zhicheng.kit.clock import frozen


@pytest.fixture(scope="module")
def town_stands(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Installed once a module; nothing of it is left."""
    with django_db_blocker.unblock(), town_settings(tmp_path_factory.mktemp("town")) as pack, transaction.atomic():
        install_pack(pack, now=NOW, actor_ref="system:test")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def town(town_stands, db) -> Iterator[None]:
    """The town at ten on a Monday morning; what a test does in it is undone."""
    with frozen(NOW):
        yield


@pytest.fixture
def running_town(transactional_db, tmp_path) -> Iterator[None]:
    """The town with real transactions and the real clock, for pages in a browser."""
    with town_settings(tmp_path) as pack:
        install_pack(pack, now=NOW, actor_ref="system:test")
        yield
