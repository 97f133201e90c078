"""The content of drafts and submissions as sealed JSON, bound to its row."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from zhicheng.core.forms.gate.readers import form_by_hash
from zhicheng.core.forms.models import FormDraft
from zhicheng.core.forms.values import Draft, DraftRow, HeldMaterial, ValueSource
from zhicheng.core.parties.public import keyring
from zhicheng.kit.sqltext import to_json

CONTENT, READING, FILE = "form_content", "form_reading", "form_file"
"""Names that bind an envelope to its column."""


@dataclass(frozen=True)
class Content:
    """What is sealed of a draft or submission."""

    values: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, ValueSource] = field(default_factory=dict)
    held: Mapping[str, HeldMaterial] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def seal_content(content: Content, row: UUID) -> dict[str, Any]:
    """The sealed columns of a row."""
    plain = {
        "values": content.values,
        "sources": {name: asdict(source) for name, source in content.sources.items()},
        "held": {code: asdict(held) for code, held in content.held.items()},
        "places": content.places,
    }
    ring = keyring()
    return {"content_sealed": ring.seal(to_json(plain), row=row, field=CONTENT), "key_id": ring.current().id}


def open_content(envelope: bytes | None, row: UUID) -> Content:
    """The content of a row; empty where it was erased.

    Raises:
        PersonalDataUnreadable: the key is missing, or the envelope is another row's.
    """
    if envelope is None:
        return Content()
    plain = json.loads(keyring().open(bytes(envelope), row=row, field=CONTENT))
    return Content(
        plain["values"],
        {name: ValueSource(**source) for name, source in plain["sources"].items()},
        {code: HeldMaterial(**held) for code, held in plain["held"].items()},
        plain["places"],
    )


def draft_value(row: FormDraft) -> Draft:
    """A draft's row, opened."""
    content = open_content(bytes(row.content_sealed), row.id)
    return Draft(
        id=row.id,
        form=form_by_hash(row.definition),
        owner=row.owner,
        subject=row.subject,
        version=row.version,
        values=content.values,
        sources=content.sources,
        held=content.held,
        created_at=row.created_at,
        updated_at=row.updated_at,
        expires_at=row.expires_at,
    )


def draft_row(row: FormDraft) -> DraftRow:
    """A draft in a list, unopened."""
    label = form_by_hash(row.definition).label
    return DraftRow(row.id, row.form, label, row.subject, row.updated_at, row.expires_at)
