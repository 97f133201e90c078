"""Drafts of one owner."""

from datetime import datetime
from uuid import UUID

from zhicheng.core.forms.errors import DraftNotFound
from zhicheng.core.forms.gate.owning import owner_keys
from zhicheng.core.forms.gate.sealing import draft_row, draft_value
from zhicheng.core.forms.models import FormDraft
from zhicheng.core.forms.values import Draft, DraftRow, Owner


def get_draft(draft_id: UUID, *, owner: Owner, now: datetime) -> Draft:
    """One's own draft.

    Raises:
        DraftNotFound: none with this id that is this owner's and has not expired.
        PersonalDataUnreadable: its key is missing.
    """
    row = FormDraft.objects.filter(id=draft_id, owner__in=owner_keys(owner), expires_at__gt=now).first()
    if row is None:
        raise DraftNotFound()
    return draft_value(row)


def list_drafts(owner: Owner, *, now: datetime, form: str = "", subject: str = "") -> list[DraftRow]:
    """One's own drafts, newest first; of one form or for one subject where asked. No value is opened."""
    rows = FormDraft.objects.filter(owner__in=owner_keys(owner), expires_at__gt=now)
    rows = rows.filter(form=form) if form else rows
    rows = rows.filter(subject=subject) if subject else rows
    return [draft_row(row) for row in rows.defer("content_sealed").order_by("-updated_at")[:100]]
