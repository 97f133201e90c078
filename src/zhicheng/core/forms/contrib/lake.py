"""Registers of the city as tables of the lake: the population register, the company register.

The lake holds no name and no ID number: a row is found by the keyed hash that parties make of them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from zhicheng.core.forms.base import PrefillSource
from zhicheng.core.forms.errors import SourceFailed
from zhicheng.core.lake.public import entity_key, facts_of
from zhicheng.core.parties.public import get_identity_digest, get_masked_party, get_party_kind, is_proven
from zhicheng.kit.errors import ZhichengError

_PERSON: Mapping[str, str] = {
    "birth_date": "出生日期",
    "sex": "性别",
    "hukou_city": "户籍所在市",
    "hukou_kind": "户口性质",
    "residence_district": "居住区",
    "residence_street": "居住街道",
    "resident_since_date": "来本市居住日期",
    "marital_status": "婚姻状况",
    "education": "文化程度",
    "degree_verified": "学历已核验",
    "professional_title": "职称",
    "skill_level": "技能等级",
    "employed": "是否就业",
    "employment_kind": "就业形式",
    "social_insurance_months": "社会保险累计月数",
    "household_size": "户内人数",
    "children_count": "子女数",
    "childbirth_date": "生育日期",
    "disability_level": "残疾等级",
    "spouse_hukou_city": "配偶户籍所在市",
    "graduated_date": "毕业日期",
}
_COMPANY: Mapping[str, str] = {
    "name": "企业名称",
    "uscc": "统一社会信用代码",
    "applicant_kind": "申请人类型",
    "founded_date": "成立日期",
    "industry": "行业",
    "registered_district": "注册区",
    "registered_capital_cents": "注册资本",
    "employees": "从业人数",
}


def fetch_facts(entity: str, party: UUID, fields: Sequence[str], now: datetime, timeout_s: float) -> Mapping[str, Any]:
    """What the table says of this party; nothing where it does not know them.

    Raises:
        SourceFailed: the table is not there.
    """
    del now, timeout_s
    digest = get_identity_digest(party)
    if (get_party_kind(party) == "organisation") != (entity == "company"):
        return {}
    if digest is None:
        raise SourceFailed(reason="您的账号还没有实名，没有办法查到您的登记信息，请自己填写。")
    try:
        found = facts_of(entity, entity_key(digest), columns=list(fields))
    except ZhichengError as error:
        raise SourceFailed(reason="登记信息暂时查不到，请自己填写，或者稍后再试。") from error
    if found is None:
        return {}
    return {code: _plain(fact.value) for code, fact in found.facts.items() if fact.value is not None}


def fetch_company(party: UUID, fields: Sequence[str], now: datetime, timeout_s: float) -> Mapping[str, Any]:
    """Name and credit code of the company that somebody acts for, which are public, and what the table says of it.

    Raises:
        SourceFailed: the table is not there.
    """
    if get_party_kind(party) != "organisation" or not is_proven(party):
        raise SourceFailed(reason="您现在代表本人。要取用企业登记信息，请先切换到代表企业。")
    shown = get_masked_party(party)
    own: dict[str, Any] = {"name": shown.name, "uscc": shown.id_number, "applicant_kind": "company"}
    asked = [name for name in fields if name in _COMPANY and name not in own]
    found = dict(fetch_facts("company", party, asked, now, timeout_s)) if asked else {}
    return {**{name: own[name] for name in fields if name in own}, **found}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


POPULATION = PrefillSource(
    code="population",
    label="人口库",
    fields=_PERSON,
    purpose="数据由公安、人力资源保障等部门登记。",
    fetch=partial(fetch_facts, "person"),
    kinds=("person",),
    table="person",
)
COMPANY = PrefillSource(
    code="company",
    label="企业登记库",
    fields=_COMPANY,
    purpose="数据由市场监管部门登记。",
    fetch=fetch_company,
    kinds=("organisation",),
    table="company",
    beside=("name", "uscc", "applicant_kind"),
)
