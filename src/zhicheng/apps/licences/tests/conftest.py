from collections.abc import Iterator
from pathlib import Path

import pytest

from zhicheng.apps.licences.tests.town import NOW, TINYTOWN
from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.parties.public import forget_unit_tree


@pytest.fixture(autouse=True)
def _town(settings, tmp_path: Path, request) -> Iterator[None]:
    """云溪镇 installed, with keys of its own, for tests that use the database."""
    settings.KEYS_ROOT = tmp_path / "keys"
    settings.OUTBOUND_ROOT = tmp_path / "outbound"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 0)
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")
    forget_unit_tree()
    forget_installed_pack()
    install_pack(TINYTOWN, now=NOW, actor_ref="system:test")
    forget_unit_tree()
    yield
    forget_unit_tree()
    forget_installed_pack()
