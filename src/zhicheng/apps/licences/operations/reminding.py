"""Telling holders in time that a licence ends, each reminder once; and what renewing it begins with."""

from datetime import datetime, timedelta

from django.db import transaction

from zhicheng.apps.licences.errors import LicenceNotInForce
from zhicheng.apps.licences.models import Licence
from zhicheng.apps.licences.operations.telling import tell
from zhicheng.apps.licences.policy.terms import next_reminder
from zhicheng.apps.licences.queries.licences import old_licence, own_row
from zhicheng.apps.licences.queries.types import type_of
from zhicheng.apps.licences.values import STATE_WORDS, Renewal
from zhicheng.core.parties.values import Actor
from zhicheng.kit.clock import CHINA


def remind_expiring(now: datetime, limit: int = 200) -> int:
    """Send reminders that are due, one batch; how many. Any number of workers may run at once.

    After a pause only the latest of the reminders missed is sent: 30 and 7 days before the end are not told at once.
    """
    today = now.astimezone(CHINA).date()
    with transaction.atomic():
        due = Licence.objects.select_for_update(skip_locked=True).filter(remind_date__lte=today)
        rows = list(due.order_by("remind_date", "id")[:limit])
        for row in rows:
            days = type_of(row.definition).remind_days
            if row.valid_until is not None and row.valid_until >= today:
                _remind(row, now)
            row.remind_date = next_reminder(row.valid_until, days, today + timedelta(days=1))
        Licence.objects.bulk_update(rows, ["remind_date"])
    return len(rows)


def renewal_of(actor: Actor, number: str, *, now: datetime) -> Renewal:
    """How the holder renews a licence: the item, the licence that its form begins with, and where that is done.

    Raises:
        LicenceNotFound: it is not the actor's.
        LicenceNotInForce: it was ended, or licences of its type are not renewed.
    """
    row = own_row(actor, number)
    licence_type = type_of(row.definition)
    old = old_licence(row, now)
    if not old.can_be_renewed or not licence_type.renew_item:
        words = "不需要续期" if old.can_be_renewed else STATE_WORDS[old.state]
        raise LicenceNotInForce(state=words, act="续期")
    return Renewal(licence_type.renew_item, old, licence_type, renewal_link(row))


def _remind(row: Licence, now: datetime) -> None:
    end = row.valid_until
    if end is None:
        return
    left = (end - now.astimezone(CHINA).date()).days
    words = {"deadline": f"{end:%Y年%m月%d日}", "remaining": f"{left} 天" if left else "不到 1 天"}
    if type_of(row.definition).renew_item:
        words["link"] = renewal_link(row)
    tell(row, "licence.expiring", f"{row.id}:{row.remind_date}", words, now=now)


def renewal_link(row: Licence) -> str:
    """Where a licence is renewed."""
    return f"/my/licences/{row.number}/renew/"
