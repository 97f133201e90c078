"""People of 云溪镇 and the licences that they hold, for the tests of licences and of their pages."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.test import Client, override_settings

from zhicheng.apps.licences.public import issue_licence
from zhicheng.apps.licences.values import Licence, LicenceOrder
from zhicheng.core.packs.public import forget_installed_pack
from zhicheng.core.parties.public import (
    actor_for,
    create_official,
    create_party,
    forget_unit_tree,
    request_sms_code,
    sign_in_resident,
)
from zhicheng.core.parties.values import Actor, ActorKind, NewGrant, NewOfficial, PersonalFields, system_actor

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # Monday, 10:00 in China
TINYTOWN = Path(__file__).resolve().parents[5] / "packs" / "tinytown"
SYSTEM = system_actor("test")
PASSWORD = "Lychee-park-42"
ID_NUMBER = "110101199003078291"
RESIDENCE = {
    "holder": "王小芳",
    "id_number": ID_NUMBER,
    "address": "云溪镇东桥社区荔枝路 12 号 301",
    "remark": "随女儿居住",
}
WATER = {"holder": "王小芳", "meter": "W-7", "use": "居民", "fitted": "2026年3月1日"}
Row, Seen = apps.get_model("licences", "Licence"), apps.get_model("licences", "SeenPresentation")
Entry, Notice = apps.get_model("ledger", "Entry"), apps.get_model("notices", "Notice")


@contextmanager
def town_settings(folder: Path) -> Iterator[Path]:
    """Folders and keys of its own for a town about to be installed; the pack."""
    own = {
        "KEYS_ROOT": folder / "keys",
        "OUTBOUND_ROOT": folder / "outbound",
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "RATE_LIMITS": dict.fromkeys(settings.RATE_LIMITS, 0),
    }
    _forget()
    with override_settings(**own):
        yield TINYTOWN
    _forget()


def _forget() -> None:
    forget_installed_pack()
    forget_unit_tree()


def citizen(phone: str = "13800138000") -> tuple[Any, Actor]:
    """The account of a resident who has signed in with the code that came by SMS, and who they are."""
    request_sms_code(phone, address="test", now=NOW)
    line = (Path(settings.OUTBOUND_ROOT) / "sms.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    found = re.search(r"[0-9]{6}", json.loads(line)["text"])
    assert found is not None
    account = sign_in_resident(phone, found[0], now=NOW)
    return account, actor_for(account.id, now=NOW)


def browser(account_id: UUID | None = None) -> Client:
    """A browser, signed in when an account is given."""
    client = Client()
    if account_id is not None:
        client.force_login(apps.get_model("parties", "Account").objects.get(pk=account_id))
    return client


def resident(name: str = "王小芳", phone: str = "13800138000") -> Actor:
    """Somebody signed in, with a name and a telephone."""
    party = create_party(PersonalFields(name=name, phone=phone), now=NOW)
    return Actor(ActorKind.RESIDENT, party_id=party)


def hire(login: str, role: str, unit: str, name: str = "陈伟") -> Actor:
    """An official of the town, as the edge would present them."""
    official = NewOfficial(login, PASSWORD, name, (NewGrant(role, unit),), demo=True)
    account: UUID = create_official(official, actor=SYSTEM, now=NOW - timedelta(days=1))
    return actor_for(account, now=NOW)


def order(holder: Actor, kind: str = "residence_permit", **given: Any) -> LicenceOrder:
    assert holder.party_id is not None
    given.setdefault("fields", RESIDENCE)
    given.setdefault("source", f"case:{uuid4()}")
    return LicenceOrder(kind, holder.party_id, **given)


def issue(holder: Actor, kind: str = "residence_permit", *, now: datetime = NOW, **given: Any) -> Licence:
    return issue_licence(order(holder, kind, **given), actor=SYSTEM, now=now)
