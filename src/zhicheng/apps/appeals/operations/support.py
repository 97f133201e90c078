"""Joining an appeal that somebody else has made: the same problem is handled once."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from zhicheng.apps.appeals.errors import AlreadySupported
from zhicheng.apps.appeals.models import Appeal, Support
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import get_row
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry, Event
from zhicheng.core.parties.public import keyring
from zhicheng.kit.ids import uuid7
from zhicheng.kit.texts import clean_text


def support_appeal(case_id: UUID, *, who: str, text: str, now: datetime) -> int:
    """Say that one has the same problem; returns how many now say so.

    `who` tells people apart (`account:…`, `browser:…`, `call:…`). It is not kept: only a keyed hash of it together
    with the case is, so that nobody can read from it who joined, or in what else the same person joined.

    Raises:
        CaseNotFound: no such open appeal.
        AlreadySupported: this person has said so before.
    """
    case = get_row(case_id)
    if case.final or not Appeal.objects.filter(pk=case_id).exists():
        raise CaseNotFound()
    subject = f"case:{case_id}"
    try:
        with transaction.atomic():
            Support.objects.create(appeal_id=case_id, who=_hashed(who, case_id), text=clean_text(text)[:500], at=now)
            entry = Entry(uuid7(now), now, _reference(who, case_id), "appeals.supported", subject)
            data = {"number": case.number, "unit": case.unit}
            record(entry, events=[Event(uuid7(now), now, "appeals.supported", subject, data)])
    except IntegrityError:
        raise AlreadySupported() from None
    return Support.objects.filter(appeal_id=case_id).count()


def _hashed(who: str, case_id: UUID) -> str:
    return keyring().digest("appeals.support", f"{case_id} {who}").hex()


def _reference(who: str, case_id: UUID) -> str:
    """Who acted, for the ledger: an account by its reference, anybody else by where they came from and the hash."""
    kind = who.partition(":")[0]
    return who[:80] if kind == "account" else f"{kind[:8]}:{_hashed(who, case_id)}"
