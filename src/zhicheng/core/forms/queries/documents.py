"""Uploaded materials: what is there, what is missing, what contradicts the form."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from zhicheng.core.forms.gate.sealing import READING
from zhicheng.core.forms.models import FormDocument
from zhicheng.core.forms.policy.comparing import compare
from zhicheng.core.forms.policy.conditions import conditioned, is_needed
from zhicheng.core.forms.queries.materials import find_material, material_types
from zhicheng.core.forms.values import Contradiction, Document, Draft, MaterialNeed, Owner, Reading, Submission
from zhicheng.core.parties.public import keyring


def list_documents(*, draft: UUID | None = None, submission: UUID | None = None) -> list[Document]:
    """The uploads of a draft or a submission, oldest first, with what was read from them."""
    wanted = Q(draft=draft) if draft is not None else Q(submission_id=submission)
    return [document_value(row) for row in FormDocument.objects.filter(wanted).order_by("created_at", "id")]


def list_earlier_documents(party: UUID, materials: Sequence[str], *, since: datetime) -> list[Document]:
    """What a party submitted of these materials since an instant, newest first; 100 at most."""
    rows = FormDocument.objects.filter(owner=Owner(party=party).key, material__in=materials, created_at__gte=since)
    rows = rows.filter(submission__isnull=False).order_by("-created_at")[:100]
    return [document_value(row) for row in rows]


def missing_materials(
    draft: Draft, needs: Sequence[MaterialNeed], values: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Code and sentence of every material that is required by the answers and neither uploaded nor reused."""
    uploaded = set(FormDocument.objects.filter(draft=draft.id).values_list("material", flat=True))
    for need in conditioned(needs, draft.form):
        given = need.material in uploaded or need.material in draft.held
        if need.required and not given and is_needed(need, draft.form, values):
            material = find_material(need.material)
            label = material.label if material else need.material
            yield need.material, f"还差一份材料：{label}。请上传，或选用已有的证照。"


def find_contradictions(filled: Draft | Submission) -> list[Contradiction]:
    """Where a material that has been read says something else than the form."""
    documents = list_documents(
        draft=filled.id if isinstance(filled, Draft) else None,
        submission=filled.id if isinstance(filled, Submission) else None,
    )
    types = material_types()
    return [
        found
        for document in documents
        if document.reading is not None
        for found in compare(filled.form, filled.values, document, types.get(document.material))
    ]


def document_value(row: FormDocument) -> Document:
    """A document's row, its reading opened."""
    reading = None
    if row.reading_sealed is not None:
        plain = json.loads(keyring().open(bytes(row.reading_sealed), row=row.id, field=READING))
        reading = Reading(**{**plain, "lines": tuple(plain["lines"])})
    return Document(row.id, row.material, row.name, row.media_type, row.size_bytes, row.created_at, row.state, reading)
