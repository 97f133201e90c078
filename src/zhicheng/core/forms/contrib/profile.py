"""What a person has told the city before: their own account's profile."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from zhicheng.core.forms.base import PrefillSource
from zhicheng.core.parties.public import is_proven, reveal
from zhicheng.core.parties.values import Actor, ActorKind

FIELDS: Mapping[str, str] = {
    "name": "姓名",
    "id_number": "身份证号码",
    "phone": "手机号码",
    "email": "电子邮箱",
    "address": "联系地址",
}


def fetch_profile(party: UUID, fields: Sequence[str], now: datetime, timeout_s: float) -> Mapping[str, str]:
    """One's own fields, readable; the reading is in the ledger like every other. An ID number only if it is proven."""
    del timeout_s
    myself = Actor(ActorKind.RESIDENT, party_id=party)
    wanted = fields if is_proven(party) else [name for name in fields if name != "id_number"]
    return reveal(party, wanted, actor=myself, purpose="本人填写表单", now=now)


PROFILE = PrefillSource(
    code="profile",
    label="我的账号",
    fields=FIELDS,
    purpose="这些是您以前自己登记的信息。",
    fetch=fetch_profile,
    local=True,
)
