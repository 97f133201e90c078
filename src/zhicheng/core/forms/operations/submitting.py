"""Submitting: a draft becomes a submission, once, in the statement that stores what an app makes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from zhicheng.core.forms.gate.readers import check_form
from zhicheng.core.forms.gate.sealing import Content, draft_value, seal_content
from zhicheng.core.forms.models import FormDraft
from zhicheng.core.forms.operations.drafts import lock_draft
from zhicheng.core.forms.queries.documents import find_contradictions, missing_materials
from zhicheng.core.forms.values import Draft, MaterialNeed, Owner, PreparedSubmission
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.public import keyring
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7
from zhicheng.kit.sqltext import Part, compose, insert_rows, to_json


def prepare_submission(
    draft_id: UUID, version: int, *, owner: Owner, now: datetime, needs: Sequence[MaterialNeed] | None = None
) -> PreparedSubmission:
    """Check a draft whole and hold its row until the open transaction ends.

    `needs` are the materials asked for: the form's own unless given. Call inside a transaction, then put
    `submission_parts` into the statement that stores the case.

    Raises:
        FieldErrors: something is missing or cannot be right; materials stand under `material.<code>`.
        DraftNotFound: none with this id that is this owner's and has not expired.
        DraftChanged: it was saved elsewhere after this page was opened.
        DraftSubmitted: it has been submitted; `data["subject"]` says as what.
    """
    row = lock_draft(draft_id, version, owner=owner, now=now)
    draft = draft_value(row)
    checked = check_form(draft.form, draft.values, now)
    errors = {name: list(said) for name, said in checked.errors.items()}
    for need in missing_materials(draft, draft.form.materials if needs is None else needs, checked.values):
        errors[f"material.{need[0]}"] = [need[1]]
    if errors:
        raise FieldErrors(errors)
    return _prepared(row, draft, checked.values, checked.places, now)


def submission_parts(prepared: PreparedSubmission, *, subject: UUID | None, gate: str = "") -> list[Part]:
    """Insert the submission, give it the draft's uploads and end the draft; with `gate`, only when that part did."""
    stored = insert_rows("submitted", "forms_formsubmission", [{**prepared.columns, "subject": subject}], gate=gate)
    stored = Part(stored.name, f"{stored.text} RETURNING id", stored.params)
    bind = (
        "UPDATE forms_formdocument SET submission_id = %s, draft = NULL "
        "WHERE draft = %s AND EXISTS (SELECT 1 FROM submitted) RETURNING id"
    )
    spend = "DELETE FROM forms_formdraft WHERE id = %s AND EXISTS (SELECT 1 FROM submitted) RETURNING id"
    return [
        stored,
        Part("submitted_files", bind, (prepared.id, prepared.draft)),
        Part("spent_draft", spend, (prepared.draft,)),
    ]


def submit_form(draft_id: UUID, version: int, *, owner: Owner, actor: Actor, now: datetime) -> PreparedSubmission:
    """Submit a form that leads to no case; with a case, use `prepare_submission` and `submission_parts`.

    Raises:
        FieldErrors: something is missing or cannot be right.
        DraftNotFound: none with this id that is this owner's and has not expired.
        DraftChanged: it was saved elsewhere after this page was opened.
        DraftSubmitted: it has been submitted.
    """
    with transaction.atomic():
        prepared = prepare_submission(draft_id, version, owner=owner, now=now)
        sql, params = compose(submission_parts(prepared, subject=None), Part("", "SELECT 1"))
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
        data = {"form": prepared.form.code, "definition": prepared.form.hash}
        subject = f"form_submission:{prepared.id}"
        record(Entry(uuid7(now), now, actor.ref, "form.submitted", subject, data=data))
    return prepared


def _prepared(
    row: FormDraft,
    draft: Draft,
    values: Mapping[str, object],
    places: Mapping[str, Mapping[str, object]],
    now: datetime,
) -> PreparedSubmission:
    submission = uuid7(now)
    kept = replace(draft, values=values, sources={name: s for name, s in draft.sources.items() if name in values})
    party = UUID(row.owner.removeprefix("party:")) if row.owner.startswith("party:") else None
    columns = {
        "id": submission,
        "draft": row.id,
        "party_id": party,
        "owner": row.owner,
        "form": draft.form.code,
        "definition": draft.form.hash,
        **seal_content(Content(values, kept.sources, kept.held, places), submission),
        "content_digest": keyring().digest("forms.submission", to_json(values)),
        "submitted_at": now,
    }
    return PreparedSubmission(
        submission,
        row.id,
        draft.form,
        party,
        values,
        places,
        kept.sources,
        find_contradictions(kept),
        columns,
    )
