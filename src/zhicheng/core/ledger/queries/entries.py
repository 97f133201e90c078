"""Entries for auditors."""

from uuid import UUID

from zhicheng.core.ledger import models
from zhicheng.core.ledger.values import Entry, EntryPage, RecordedEntry


def list_entries(*, subject: str = "", actor: str = "", after: UUID | None = None, limit: int = 50) -> EntryPage:
    """One page of entries, newest first; an empty filter means all. `after` is the previous page's `after`.

    Identifiers are time-ordered (UUID version 7), so the page follows the identifier alone.
    """
    rows = models.Entry.objects.order_by("-id")
    if subject:
        rows = rows.filter(subject=subject)
    if actor:
        rows = rows.filter(actor=actor)
    if after is not None:
        rows = rows.filter(id__lt=after)
    found = [_recorded(row) for row in rows[: limit + 1]]
    page = tuple(found[:limit])
    return EntryPage(page, page[-1].entry.id if len(found) > limit and page else None)


def _recorded(row: models.Entry) -> RecordedEntry:
    entry = Entry(row.id, row.at, row.actor, row.action, row.subject, row.reason, row.rule, row.data)
    return RecordedEntry(entry, bytes(row.digest), row.seq)
