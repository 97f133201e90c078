from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from zhicheng.core.parties.models import Account
from zhicheng.core.parties.operations.units import install_roles, install_units
from zhicheng.core.parties.public import actor_for, create_official, forget_unit_tree
from zhicheng.core.parties.values import Actor, NewGrant, NewOfficial, RoleRow, UnitRow, system_actor

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PASSWORD = "Lychee-park-42"
SYSTEM = system_actor("test")


def unit(code: str, parent: str | None = None, **fields: object) -> UnitRow:
    plain = {"name": f"单位{code}", "short_name": code, "kind": "department", "division": "440300"}
    rest = {"function": "", "phone": "", "ended_date": None, "successor": None}
    return UnitRow(code=code, parent=parent, **{**plain, **rest, **fields})  # type: ignore[arg-type]


ROLES = [
    RoleRow("handler", "承办人", ("cases.handle", "parties.reveal")),
    RoleRow("leader", "领导", ("cases.read_subtree",), subtree=True),
    RoleRow("system_admin", "系统管理员", ("accounts.manage", "packs.install"), subtree=True),
    RoleRow("security_admin", "安全保密管理员", ("security.manage",), subtree=True),
    RoleRow("auditor", "安全审计员", ("ledger.audit",), subtree=True),
]


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path) -> Iterator[None]:
    settings.KEYS_ROOT = tmp_path / "keys"
    settings.OUTBOUND_ROOT = tmp_path / "outbound"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    forget_unit_tree()
    yield
    forget_unit_tree()


def seed_city() -> None:
    install_units([unit("SZ"), unit("FT", "SZ"), unit("FT-HOUSING", "FT"), unit("LH", "SZ")], now=NOW)
    install_roles(ROLES, now=NOW)
    forget_unit_tree()


@pytest.fixture
def city(db) -> None:
    """Shenzhen in four units, with five roles."""
    seed_city()


def hire(login: str, *grants: tuple[str, str], demo: bool = False) -> UUID:
    """An official with roles at units."""
    given = tuple(NewGrant(role, unit_code) for role, unit_code in grants)
    return create_official(NewOfficial(login, PASSWORD, login, given, demo=demo), actor=SYSTEM, now=NOW)


def actor(account_id: UUID, at: datetime = NOW) -> Actor:
    return actor_for(Account.objects.get(id=account_id), now=at)
