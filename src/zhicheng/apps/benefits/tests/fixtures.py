"""Fixtures of the town for every folder whose tests play with benefits: a conftest imports what it needs."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from zhicheng.apps.benefits.tests.town import NOW, hire, town_settings
from zhicheng.core.packs.public import install_pack
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import frozen


@pytest.fixture(scope="module")
def town_stands(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Installed once a module; nothing of it is left."""
    with django_db_blocker.unblock(), town_settings(tmp_path_factory.mktemp("town")) as pack, transaction.atomic():
        install_pack(pack, now=NOW, actor_ref="system:test")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def town(town_stands, db, tmp_path, settings) -> Iterator[None]:
    """The town at ten on a Monday morning with an empty lake; what a test does in it is undone."""
    settings.HOME = tmp_path
    with frozen(NOW):
        yield


@pytest.fixture
def officer(town) -> Actor:
    """何静, who plans runs."""
    return hire("he.jing", "benefit_officer")


@pytest.fixture
def approver(town) -> Actor:
    """赵磊, who approves them."""
    return hire("zhao.lei", "benefit_approver")


@pytest.fixture
def payer(town) -> Actor:
    """马琳, who pays."""
    return hire("ma.lin", "paymaster")
