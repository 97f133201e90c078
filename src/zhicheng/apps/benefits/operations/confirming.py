"""Confirming what one gets, where the pack asks for it."""

from datetime import datetime

from django.db import transaction

from zhicheng.apps.benefits.errors import EntitlementNotFound
from zhicheng.apps.benefits.queries.entitlements import own_row
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.values import Actor
from zhicheng.kit.ids import uuid7


def confirm_entitlement(entitlement: int, *, actor: Actor, now: datetime) -> None:
    """The receiver confirms: it goes into the next batch. Once more changes nothing.

    Raises:
        EntitlementNotFound: it is not the actor's, or was stopped.
    """
    with transaction.atomic():
        row = own_row(actor, entitlement, lock=True)
        if row.stopped_at is not None:
            raise EntitlementNotFound()
        if row.confirmed_at is not None:
            return
        row.confirmed_at = now
        row.save(update_fields=["confirmed_at"])
        record(Entry(uuid7(now), now, actor.ref, "benefits.confirmed", f"entitlement:{row.id}"))
