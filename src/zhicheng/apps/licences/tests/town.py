"""People of 云溪镇 and the licences that they hold, for the tests of licences and of their pages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps

from zhicheng.apps.licences.public import issue_licence
from zhicheng.apps.licences.values import Licence, LicenceOrder
from zhicheng.core.parties.public import actor_for, create_official, create_party
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
Row, Seen = apps.get_model("licences", "Licence"), apps.get_model("licences", "SeenPresentation")
Entry, Notice = apps.get_model("ledger", "Entry"), apps.get_model("notices", "Notice")


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
