import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.parties.public import create_official, forget_unit_tree, present_totp
from zhicheng.core.parties.values import NewGrant, NewOfficial, system_actor
from zhicheng.kit.clock import now

PASSWORD = "Lychee-park-42"
PHONE = "13812341234"
TINYTOWN = Path(__file__).resolve().parents[5] / "packs" / "tinytown"


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path, db) -> Iterator[None]:
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


def hire(login: str, *, demo: bool = True, must_change: bool = False, role: str = "handler") -> UUID:
    official = NewOfficial(
        login, PASSWORD, "陈伟", (NewGrant(role, "YX-WORKS"),), demo=demo, must_change_password=must_change
    )
    return create_official(official, actor=system_actor("test"), now=now())


def sms_code(settings) -> str:
    line = (Path(settings.OUTBOUND_ROOT) / "sms.jsonl").read_text().splitlines()[-1]
    return re.search(r"[0-9]{6}", json.loads(line)["text"])[0]


def sign_in_resident(client: Client, settings, *, next_url: str = "") -> object:
    client.post("/signin/", {"phone": PHONE})
    return client.post("/signin/code/", {"phone": PHONE, "code": sms_code(settings), "next": next_url})


def sign_in_official(client: Client, login: str = "chen.wei", *, next_url: str = "") -> object:
    client.post("/signin/official/", {"login": login, "password": PASSWORD, "next": next_url})
    return client.post("/signin/totp/", {"code": present_totp(login, now=now())})
