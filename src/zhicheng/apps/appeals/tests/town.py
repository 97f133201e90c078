"""云溪镇 as it is installed, with the people who work in it; built once a test module and rolled back after it.

Each test runs in a savepoint of its own. Shared by the tests of appeals and of the faces.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from zhicheng.apps.appeals.public import submit_appeal, train_from_pack
from zhicheng.apps.appeals.values import AppealDraft, Submitted
from zhicheng.core.cases.public import act
from zhicheng.core.cases.values import ActCommand, ActResult
from zhicheng.core.knowledge.public import forget_classifiers
from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.parties.public import (
    actor_for,
    create_official,
    create_party,
    create_service,
    find_account,
    forget_unit_tree,
    grant_role,
    issue_api_key,
    request_sms_code,
    sign_in_resident,
)
from zhicheng.core.parties.values import (
    ANONYMOUS,
    Actor,
    ActorKind,
    NewGrant,
    NewOfficial,
    PersonalFields,
    system_actor,
)
from zhicheng.core.places.public import forget_known

# Tests look at rows; what they do goes through the doors of the packages.
Case, ClockRow, Attachment = (apps.get_model("cases", name) for name in ("Case", "ClockRow", "Attachment"))
Account = apps.get_model("parties", "Account")
Party, Lesson = apps.get_model("parties", "Party"), apps.get_model("knowledge", "ConfirmedExample")

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 10:00 in China
TINYTOWN = Path(__file__).resolve().parents[5] / "packs" / "tinytown"
TOWN, WORKS, WATER = "YX", "YX-WORKS", "YX-WATER"
EAST, WEST = (110.07, 25.05), (110.03, 25.06)  # in 东桥社区, in 西岭社区
PASSWORD = "Lychee-park-42"
STAFF = {
    "chen.wei": ("陈伟", "handler", WORKS),
    "he.jing": ("何静", "handler", WORKS),
    "li.na": ("李娜", "handler", WATER),
    "liu.yang": ("刘洋", "dispatcher", TOWN),
    "wu.min": ("吴敏", "arbiter", TOWN),
    "zhao.lei": ("赵磊", "supervisor", TOWN),
    "ma.lin": ("马琳", "supervisor", TOWN),
    "sun.jie": ("孙杰", "leader", TOWN),
    "zhou.mei": ("周梅", "call_taker", TOWN),
    "xu.hao": ("徐浩", "auditor", TOWN),
}
NOISE, OUTAGE, BURST = "environment.noise.construction", "utilities.water.outage", "utilities.water.burst"
SAID = {
    NOISE: "东桥头的工地晚上十二点还在打桩，吵得睡不着",
    OUTAGE: "东桥头家里停水两天了，一点水都没有",
    BURST: "东桥头的水管爆了，水一直往外喷",
}
REPLY = {"text": "已经到现场处理，夜间不再施工，并安排人员每晚巡查。", "outcome": "solved"}


@contextmanager
def standing_town(folder: Path) -> Iterator[None]:
    """The town until the block ends; nothing of it is left."""
    own = {
        "KEYS_ROOT": folder / "keys",
        "FILES_ROOT": folder / "files",
        "OUTBOUND_ROOT": folder / "outbound",
        "LEDGER_ROOT": folder / "ledger",
        "HOME": folder,
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "RATE_LIMITS": dict.fromkeys(settings.RATE_LIMITS, 0),
    }
    _forget()
    with override_settings(**own), transaction.atomic():
        install_pack(TINYTOWN, now=NOW, actor_ref="system:test")
        _forget()
        train_from_pack(NOW)
        for login, (name, role, unit) in STAFF.items():
            official = NewOfficial(login, PASSWORD, name, (NewGrant(role, unit),))
            create_official(official, actor=system_actor("test"), now=NOW - timedelta(days=60))
        yield
        transaction.set_rollback(True)
    _forget()


def _forget() -> None:
    forget_installed_pack()
    forget_unit_tree()
    forget_known()
    forget_classifiers()


def account_of(login: str) -> UUID:
    found = find_account(login)
    assert found is not None
    return found


def user_of(login: str) -> Any:
    """The account as Django's test client signs it in."""
    return Account.objects.get(pk=account_of(login))


def person(login: str, now: datetime = NOW) -> Actor:
    """An official of the town, as the edge would present them."""
    return actor_for(account_of(login), now=now)


def promote(login: str, role: str, unit: str) -> None:
    grant_role(account_of(login), NewGrant(role, unit), actor=system_actor("test"), now=NOW - timedelta(days=1))


def resident(name: str = "王芳", phone: str = "13800138000") -> Actor:
    """Somebody signed in, with a name and a telephone."""
    party = create_party(PersonalFields(name=name, phone=phone), now=NOW)
    return Actor(ActorKind.RESIDENT, party_id=party)


def citizen(phone: str = "13800138000") -> Any:
    """The account of a resident who has signed in once with the code that came by SMS."""
    request_sms_code(phone, address="test", now=NOW)
    line = (Path(settings.OUTBOUND_ROOT) / "sms.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    code = re.search(r"[0-9]{6}", json.loads(line)["text"])
    assert code is not None
    return sign_in_resident(phone, code[0], now=NOW)


def browser(account: Any = None) -> Client:
    """A browser; somebody is signed in when their account is given."""
    client = Client()
    if account is not None:
        client.force_login(account)
    return client


def official(login: str) -> Client:
    return browser(user_of(login))


def service(login: str) -> tuple[Actor, str]:
    """An outside system that may hand in appeals, and its API key."""
    grants = (NewGrant("call_taker", TOWN),)
    account = create_service(login, login, grants, actor=system_actor("test"), now=NOW - timedelta(days=1))
    key = issue_api_key(account, "test", actor=system_actor("test"), now=NOW - timedelta(days=1))
    return actor_for(account, now=NOW), key


def noise(**fields: Any) -> AppealDraft:
    """A noisy building site at the east bridge: the machine is sure of it."""
    given = {"text": SAID[NOISE], "longitude": EAST[0], "latitude": EAST[1], "confirmed_item": NOISE}
    return AppealDraft(**{**given, **fields})


def sent(actor: Actor = ANONYMOUS, *, now: datetime = NOW, key: Any = None, **fields: Any) -> Submitted:
    return submit_appeal(noise(**fields), actor=actor, now=now, key=key)


def do(case: UUID, action: str, login: str, *, now: datetime = NOW, **given: Any) -> ActResult:
    return act(ActCommand(case, action, given), person(login, now), now)


def do_own(case: UUID, action: str, *, now: datetime = NOW, **given: Any) -> ActResult:
    """What the requester does, proven by number and code."""
    return act(ActCommand(case, action, given, proofs=frozenset({"requester"})), ANONYMOUS, now)


def replied(now: datetime = NOW, actor: Actor = ANONYMOUS, **fields: Any) -> Submitted:
    """An appeal of the works that has been answered."""
    done = sent(actor, now=now, **fields)
    do(done.case_id, "accept", "chen.wei", now=now)
    do(done.case_id, "reply", "chen.wei", now=now, **REPLY)
    return done


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)
