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
from zhicheng.kit.ids import uuid7
from zhicheng.kit.texts import clean_text


def support_appeal(case_id: UUID, *, who: str, text: str, now: datetime) -> int:
    """Say that one has the same problem; returns how many now say so.

    `who` names the person without telling who it is (an account, or a keyed digest of the browser's session).

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
            Support.objects.create(appeal_id=case_id, who=who[:80], text=clean_text(text)[:500], at=now)
            entry = Entry(uuid7(now), now, who[:80], "appeals.supported", subject)
            data = {"number": case.number, "unit": case.unit}
            record(entry, events=[Event(uuid7(now), now, "appeals.supported", subject, data)])
    except IntegrityError:
        raise AlreadySupported() from None
    return Support.objects.filter(appeal_id=case_id).count()
