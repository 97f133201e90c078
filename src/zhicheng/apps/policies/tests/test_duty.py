"""The daily run as the worker does it: with no transaction around it."""

from collections.abc import Iterator

import pytest
from django.apps import apps

from zhicheng.apps.appeals.tests.town import NOW, TINYTOWN
from zhicheng.apps.policies.public import push_daily
from zhicheng.core.packs.public import forget_installed_pack, install_pack

MORNING = NOW.replace(hour=2)  # ten in China


@pytest.fixture
def running(transactional_db: None) -> Iterator[None]:
    forget_installed_pack()
    install_pack(TINYTOWN, now=NOW, actor_ref="system:test")
    yield
    forget_installed_pack()


@pytest.mark.usefixtures("running")
class TestPushDaily:
    def test_keeps_its_record(self) -> None:
        push_daily(MORNING)
        entries = apps.get_model("ledger", "Entry").objects.filter(action="policies.pushed", at=MORNING)
        assert entries.count() == 1
