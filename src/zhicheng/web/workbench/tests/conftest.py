import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client

from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.parties.public import create_official, create_service, forget_unit_tree, present_totp
from zhicheng.core.parties.values import NewGrant, NewOfficial, system_actor
from zhicheng.kit.clock import now

PASSWORD = "Lychee-park-42"
SYSTEM = system_actor("test")
TINYTOWN = Path(__file__).resolve().parents[5] / "packs" / "tinytown"


@pytest.fixture(autouse=True)
def _town(settings, tmp_path: Path, db) -> Iterator[None]:
    settings.KEYS_ROOT = tmp_path / "keys"
    settings.OUTBOUND_ROOT = tmp_path / "outbound"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 0)
    forget_unit_tree()
    install_pack(TINYTOWN, now=now(), actor_ref="system:test")
    forget_unit_tree()
    yield
    forget_unit_tree()
    forget_installed_pack()


def hire(login: str, name: str = "陈伟", *, role: str = "", unit: str = "YX", demo: bool = True) -> UUID:
    """An official of Yunxi, with a role at a unit if one is given."""
    grants = (NewGrant(role, unit),) if role else ()
    return create_official(NewOfficial(login, PASSWORD, name, grants, demo=demo), actor=SYSTEM, now=now())


def connect(login: str = "water.desk", name: str = "供水客服系统") -> UUID:
    """The account of another system."""
    return create_service(login, name, (), actor=SYSTEM, now=now())


def signed_in(login: str) -> Client:
    """A browser in which a demo official has signed in."""
    client = Client()
    client.post("/signin/official/", {"login": login, "password": PASSWORD})
    client.post("/signin/totp/", {"code": present_totp(login, now=now())})
    return client


def sign_in_resident(client: Client, settings) -> None:
    """Sign a resident in with the code from their telephone."""
    phone = "13812341234"
    client.post("/signin/", {"phone": phone})
    told = (Path(settings.OUTBOUND_ROOT) / "sms.jsonl").read_text().splitlines()[-1]
    code = re.search(r"[0-9]{6}", json.loads(told)["text"])[0]
    client.post("/signin/code/", {"phone": phone, "code": code})


def send(client: Client, address: str, key: str = "", **values: str):
    """Post a form as its page would."""
    return client.post(address, {"idempotency_key": key or uuid4().hex, **values})


def secret_of(page: str) -> str:
    """The secret that a page shows, or nothing."""
    found = re.search(r"data-secret>([^<]+)<", page)
    return found[1] if found else ""


@pytest.fixture
def sun() -> Client:
    """Sun, the system administrator."""
    hire("sun.admin", "孙磊", role="system_admin")
    return signed_in("sun.admin")


@pytest.fixture
def qian() -> Client:
    """Qian, the security administrator."""
    hire("qian.security", "钱芳", role="security_admin")
    return signed_in("qian.security")
