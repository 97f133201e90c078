"""What is known about who asks: their own answers, and what the city's registers hold about themselves."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog

from zhicheng.apps.policies.models import PolicyProfile
from zhicheng.apps.policies.values import FactValue, KnownFact, ProfileInfo, ProfileQuestion
from zhicheng.core.lake.public import entity_key, facts_of, get_entity
from zhicheng.core.lake.values import Column, ColumnType, EntityTable
from zhicheng.core.parties.public import get_identity_digest, get_masked_party, keyring
from zhicheng.core.rules.public import facts_needed
from zhicheng.kit.errors import ZhichengError

ANSWERS = "answers"
CENTS = "_cents"
_OWN_KIND = {"person": "person", "company": "organisation"}
_SAID = {"person": "本人填写", "company": "企业自行填写"}
_log = structlog.get_logger("zhicheng.policies")


def list_questions(entity: str, rules: Sequence[str]) -> list[ProfileQuestion]:
    """What a profile must say so that rules can decide, in the order in which the table declares its columns."""
    table, wanted = get_entity(entity), set(facts_needed(rules) if rules else ())
    return [_question(column) for column in table.columns if column.code in wanted]


def get_profile_of(party: UUID, entity: str) -> ProfileInfo | None:
    """Somebody's own answers."""
    row = PolicyProfile.objects.filter(party_id=party, entity=entity).first()
    return ProfileInfo(entity, open_answers(row), row.updated_at) if row else None


def list_profiles(after: UUID | None, limit: int) -> list[tuple[UUID, UUID, str]]:
    """Profiles in the order of their ids: id, party and entity."""
    rows = PolicyProfile.objects.filter(pk__gt=after) if after else PolicyProfile.objects.all()
    return list(rows.order_by("pk").values_list("pk", "party", "entity")[:limit])


def known_facts(party: UUID, entity: str) -> dict[str, KnownFact]:
    """Facts by code. What a register holds about the party itself goes before what they say."""
    table = get_entity(entity)
    profile = get_profile_of(party, entity)
    said = profile.answers if profile else {}
    facts = {
        code: KnownFact(code, table.column(code).label, value, _SAID[entity], held=False)
        for code, value in said.items()
        if code in table.codes
    }
    return {**facts, **_held(party, table)}


def seal_answers(row: UUID, answers: Mapping[str, FactValue]) -> dict[str, Any]:
    """The sealed columns of a profile."""
    ring = keyring()
    plain = json.dumps({code: _plain(value) for code, value in answers.items()}, ensure_ascii=False)
    return {"answers_sealed": ring.seal(plain, row=row, field=ANSWERS), "key_id": ring.current().id}


def open_answers(row: PolicyProfile) -> dict[str, FactValue]:
    """The answers of a profile as values."""
    plain = json.loads(keyring().open(bytes(row.answers_sealed), row=row.pk, field=ANSWERS))
    return {code: _value(kind, text) for code, (kind, text) in plain.items()}


def _held(party: UUID, table: EntityTable) -> dict[str, KnownFact]:
    """What the lake holds about a party itself; nobody is told about a company by naming it."""
    if get_masked_party(party).kind != _OWN_KIND[table.code]:
        return {}
    digest = get_identity_digest(party)
    if digest is None:
        return {}
    try:
        found = facts_of(table, entity_key(digest))
    except ZhichengError as error:
        _log.warning("register could not be asked", error=error.code)
        return {}
    held = found.facts if found else {}
    return {
        code: KnownFact(code, table.column(code).label, fact.value, fact.source, held=True)
        for code, fact in held.items()
        if fact.value is not None
    }


def _question(column: Column) -> ProfileQuestion:
    money = column.code.endswith(CENTS)
    return ProfileQuestion(
        code=column.code,
        label=column.label,
        type="money" if money else "choice" if column.codes else column.type.value,
        unit="元" if money else column.unit,
        choices=column.codes or ({"true": "是", "false": "否"} if column.type is ColumnType.BOOLEAN else {}),
    )


def _plain(value: FactValue) -> tuple[str, Any]:
    if isinstance(value, bool | int):
        return "plain", value
    kind = {date: "date", Decimal: "decimal"}.get(type(value), "plain")
    return kind, str(value)


def _value(kind: str, text: Any) -> FactValue:
    if kind == "date":
        return date.fromisoformat(text)
    plain: FactValue = Decimal(text) if kind == "decimal" else text
    return plain
