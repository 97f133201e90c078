"""Drafts: begun, saved as people go, taken along when they sign in, given up."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from zhicheng.core.forms.errors import DraftChanged, DraftNotFound, DraftSubmitted, FormUnknown, TooManyDrafts
from zhicheng.core.forms.gate.owning import owner_keys, token_hash
from zhicheng.core.forms.gate.readers import check_size, get_form, read_form
from zhicheng.core.forms.gate.sealing import Content, draft_value, seal_content
from zhicheng.core.forms.models import FormDocument, FormDraft, FormSubmission
from zhicheng.core.forms.values import Draft, Form, Owner, SaveDraft, ValueSource
from zhicheng.kit.ids import uuid7

LIFE = timedelta(days=90)
MOST_DRAFTS, MOST_ANONYMOUS = 50, 5
_PERSON = ValueSource("person")


def start_draft(form: str, *, owner: Owner, now: datetime, subject: str = "") -> Draft:
    """Begin a form. The draft keeps the version of the form that is current now.

    Raises:
        FormUnknown: the installed pack has no such form.
        TooManyDrafts: the owner has too many already.
        DraftNotFound: the owner is nobody: neither signed in nor with a token.
    """
    if not owner_keys(owner):
        raise DraftNotFound()
    definition, draft_id = get_form(form), uuid7(now)
    with transaction.atomic():
        _check_count(owner, now)
        row = FormDraft.objects.create(
            id=draft_id,
            owner=owner.key,
            form=definition.code,
            definition=definition.hash,
            subject=subject,
            created_at=now,
            updated_at=now,
            expires_at=now + LIFE,
            **seal_content(Content(), draft_id),
        )
    return draft_value(row)


def save_draft(command: SaveDraft, *, owner: Owner, now: datetime) -> Draft:
    """Keep what was typed on a page, right or wrong; a changed value is the person's from now on.

    Raises:
        DraftNotFound: none with this id that is this owner's and has not expired.
        DraftChanged: it was saved elsewhere after this page was opened.
        DraftSubmitted: it has been submitted.
        FormTooLarge: more than 100 kB altogether.
        FormUnknown: the form has no such section.
    """
    with transaction.atomic():
        row = lock_draft(command.draft, command.version, owner=owner, now=now)
        draft = draft_value(row)
        typed = _typed(draft.form, command)
        merged = {**{name: value for name, value in draft.values.items() if name not in typed}, **typed}
        found = read_form(draft.form, merged, now)
        check_size(found.values)
        sources = merge_sources(draft, found.values, typed, now)
        return store_draft(row, replace(draft, values=found.values, sources=sources), now)


def delete_draft(draft_id: UUID, *, owner: Owner) -> None:
    """Give a draft up; its uploads go with the next sweep.

    Raises:
        DraftNotFound: none with this id that is this owner's.
    """
    deleted, _ = FormDraft.objects.filter(id=draft_id, owner__in=owner_keys(owner)).delete()
    if not deleted:
        raise DraftNotFound()


def adopt_drafts(token: str, party: UUID, *, now: datetime) -> int:
    """Give the drafts of an anonymous browser to the party that has signed in there; how many."""
    if not token:
        return 0
    anonymous, owner = Owner(token=token_hash(token)), Owner(party=party)
    with transaction.atomic():
        FormDocument.objects.filter(owner=anonymous.key, submission__isnull=True).update(owner=owner.key)
        return FormDraft.objects.filter(owner=anonymous.key, expires_at__gt=now).update(owner=owner.key)


def lock_draft(draft_id: UUID, version: int, *, owner: Owner, now: datetime) -> FormDraft:
    """The draft's row, locked for the open transaction; for this package only.

    Raises:
        DraftNotFound: none with this id that is this owner's and has not expired.
        DraftChanged: another version.
        DraftSubmitted: it has been submitted.
    """
    rows = FormDraft.objects.select_for_update().filter(id=draft_id, owner__in=owner_keys(owner), expires_at__gt=now)
    row = rows.first()
    if row is None:
        sent = FormSubmission.objects.filter(draft=draft_id, owner__in=owner_keys(owner)).first()
        if sent is not None:
            raise DraftSubmitted(submission=sent.id, subject=sent.subject)
        raise DraftNotFound()
    if row.version != version:
        raise DraftChanged(version=row.version)
    return row


def store_draft(row: FormDraft, draft: Draft, now: datetime) -> Draft:
    """Write a locked draft's new content; every save puts its expiry off. For this package only."""
    columns = seal_content(Content(draft.values, draft.sources, draft.held), row.id)
    row.version, row.updated_at, row.expires_at = row.version + 1, now, now + LIFE
    row.content_sealed, row.key_id = columns["content_sealed"], columns["key_id"]
    row.save(update_fields=["version", "updated_at", "expires_at", "content_sealed", "key_id"])
    return replace(draft, version=row.version, updated_at=now, expires_at=row.expires_at)


def merge_sources(
    draft: Draft, values: Mapping[str, Any], typed: Iterable[str], now: datetime
) -> dict[str, ValueSource]:
    """The source of every value after a person's save: unchanged values keep theirs, changed ones are the person's."""
    sources = {name: source for name, source in draft.sources.items() if name in values}
    for name in typed:
        if name not in values:
            continue
        before = draft.sources.get(name, _PERSON)
        if draft.values.get(name) == values[name] and name in draft.sources:
            continue
        sources[name] = _corrected(before, draft.values.get(name), now)
    for each in draft.form.fields:
        if each.computed is not None and each.name in values:
            sources[each.name] = ValueSource("computed", at=now.isoformat())
    return sources


def _corrected(before: ValueSource, old: object, now: datetime) -> ValueSource:
    """A person's own value; what a source had said is kept beside it, through any number of corrections."""
    if before.kind == "person":
        return replace(before, kind="person", at=now.isoformat())
    return ValueSource("person", at=now.isoformat(), ref=before.ref, was=old, was_from=before.label or "自动算出")


def _typed(form: Form, command: SaveDraft) -> dict[str, Any]:
    """What the page was about: with a section, all its fields, so that one that was emptied is emptied."""
    if not command.section:
        return dict(command.values)
    section = form.section(command.section)
    if section is None:
        raise FormUnknown()
    names = [each.name for each in section.fields if each.computed is None]
    return {**dict.fromkeys(names, ""), **command.values}


def _check_count(owner: Owner, now: datetime) -> None:
    with connection.cursor() as cursor:  # two starts at once are counted one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"forms:{owner.key}"])
    count = FormDraft.objects.filter(owner=owner.key, expires_at__gt=now).count()
    if count >= (MOST_DRAFTS if owner.party else MOST_ANONYMOUS):
        raise TooManyDrafts(count=count)
