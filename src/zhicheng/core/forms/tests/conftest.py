"""A village with one form, and people who fill it in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from zhicheng.core.forms.public import start_draft
from zhicheng.core.forms.values import FORM, MATERIAL, Draft, Owner
from zhicheng.core.packs.models import Release
from zhicheng.core.packs.operations.definitions import pin_definition
from zhicheng.core.packs.public import forget_installed_pack
from zhicheng.core.parties.public import create_party, record_proof
from zhicheng.core.parties.values import Actor, ActorKind, PersonalFields, system_actor

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WANG_NUMBER = "110105199003071239"
MARRIED = [{"const": "single", "title": "未婚"}, {"const": "married", "title": "已婚"}]
PROPERTIES: dict[str, Any] = {
    "name": {
        "type": "string",
        "x-label": "姓名",
        "x-personal": True,
        "x-prefill": [{"source": "village", "field": "name"}],
        "x-document": [{"material": "id_card", "field": "name"}],
    },
    "id_number": {
        "type": "string",
        "x-label": "身份证号码",
        "x-widget": "id_number",
        "x-document": [{"material": "id_card", "field": "number"}],
    },
    "birth_date": {
        "type": "string",
        "x-widget": "date",
        "x-label": "出生日期",
        "x-past": True,
        "x-age": {"min": 18},
        "x-prefill": [{"source": "village", "field": "birth_date"}],
    },
    "phone": {"type": "string", "x-label": "手机号码", "x-widget": "phone"},
    "income": {"type": "integer", "x-label": "月收入", "x-widget": "money", "minimum": 0},
    "marital": {"type": "string", "x-label": "婚姻状况", "oneOf": MARRIED},
    "spouse": {"type": "string", "x-label": "配偶姓名", "x-when": {"field": "marital", "is": "married"}},
    "has_children": {"type": "boolean", "x-label": "有没有孩子"},
    "children": {
        "type": "array",
        "x-label": "孩子",
        "x-item-label": "孩子",
        "x-when": {"field": "has_children", "is": True},
        "maxItems": 3,
        "items": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": {"type": "string", "x-label": "姓名"},
                "school": {"type": "boolean", "x-label": "是否上学"},
                "school_name": {
                    "type": "string",
                    "x-label": "学校",
                    "x-when": {"field": "school", "is": True},
                },
            },
        },
    },
    "children_count": {"type": "integer", "x-label": "孩子数", "x-computed": {"count": "children"}},
    "address": {"type": "string", "x-label": "住址", "x-widget": "address"},
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name", "id_number", "marital", "spouse"],
    "x-sections": [
        {"code": "person", "label": "本人", "fields": ["name", "id_number", "birth_date", "phone", "income"]},
        {
            "code": "family",
            "label": "家庭",
            "fields": ["marital", "spouse", "has_children", "children", "children_count", "address"],
        },
    ],
    "properties": PROPERTIES,
}
ID_CARD = {
    "kind": "licence",
    "licence": "id_card",
    "reader": "id_card",
    "fields": [{"code": "name", "label": "姓名"}, {"code": "number", "label": "号码"}],
    "note": "",
}
GOOD = {
    "name": "王小明",
    "id_number": WANG_NUMBER,
    "birth_date": "1990-03-07",
    "phone": "13800138000",
    "income": "8,200.50",
    "marital": "married",
    "spouse": "李红",
}


@pytest.fixture(autouse=True)
def _own_folders(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.KEYS_ROOT = tmp_path / "keys"
    settings.FILES_ROOT = tmp_path / "files"
    forget_installed_pack()
    yield
    forget_installed_pack()


def install_form(schema: dict[str, Any] = SCHEMA, **more: Any) -> str:
    """Pin a form as a new release of the village would; the hash."""
    Release.objects.create(
        code="village", version="1.0.0", digest="", software="", manifest=MANIFEST, described=b"", installed_at=NOW
    )
    forget_installed_pack()
    pin_definition(MATERIAL, "id_card", ID_CARD, label="居民身份证", now=NOW)
    return pin_definition(FORM, "settle", {"schema": schema, "intro": "", **more}, label="落户申请", now=NOW)


MANIFEST = {
    "code": "village",
    "name": "柳村",
    "version": "1.0.0",
    "number_prefix": "LC",
    "city_division": "990300",
    "fallback_unit": "LC",
    "center": [110.0, 25.0],
    "triage_threshold": 0.5,
}


@pytest.fixture
def village(db: None) -> str:
    """The installed form's hash."""
    return install_form()


@pytest.fixture
def wang(db: None) -> Actor:
    """王小明, signed in."""
    party = create_party(PersonalFields(name="王小明", id_number=WANG_NUMBER, phone="13800138000"), now=NOW)
    record_proof(party, "window", "window", actor=system_actor("test"), now=NOW)
    return Actor(ActorKind.RESIDENT, party_id=party, name="王**")


@pytest.fixture
def owner(wang: Actor) -> Owner:
    return Owner(party=wang.party_id)


@pytest.fixture
def draft(village: str, owner: Owner) -> Draft:
    return start_draft("settle", owner=owner, now=NOW, subject="item:settle")
