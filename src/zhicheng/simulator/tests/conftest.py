from pathlib import Path

import pytest

from zhicheng.apps.appeals.public import train_from_pack
from zhicheng.core.packs.public import install_pack
from zhicheng.kit.clock import now

PACKS = Path(__file__).resolve().parents[4] / "packs"


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path) -> None:
    settings.KEYS_ROOT = tmp_path / "keys"
    settings.OUTBOUND_ROOT = tmp_path / "outbound"
    settings.HOME = tmp_path
    settings.LEDGER_ROOT = tmp_path / "ledger"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(params=["tinytown", "shenzhen"])
def city(request, transactional_db) -> str:
    """A city on one of the packs of this repository."""
    install_pack(PACKS / request.param, now=now(), actor_ref="system:test")
    train_from_pack(now())
    return request.param
