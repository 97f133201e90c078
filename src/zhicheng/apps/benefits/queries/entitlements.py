"""What somebody gets: their own, by the key that their verified ID number has in the lake."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from zhicheng.apps.benefits.errors import EntitlementNotFound, IdentityNeeded
from zhicheng.apps.benefits.models import Entitlement as Row
from zhicheng.apps.benefits.models import Payment
from zhicheng.apps.benefits.queries.catalogue import label_of
from zhicheng.apps.benefits.values import Entitlement, PaymentInfo
from zhicheng.core.lake.public import entity_key
from zhicheng.core.parties.public import get_identity_digest
from zhicheng.core.parties.values import Actor

_MOST = 200


def my_key(actor: Actor) -> str:
    """The actor's key in the lake.

    Raises:
        IdentityNeeded: nobody is signed in, or no ID number is known.
    """
    digest = get_identity_digest(actor.party_id) if actor.party_id and actor.may("services") else None
    if digest is None:
        raise IdentityNeeded()
    return entity_key(digest)


def list_my_entitlements(actor: Actor) -> list[Entitlement]:
    """The actor's own, newest first.

    Raises:
        IdentityNeeded: as for `my_key`.
    """
    rows = list(Row.objects.filter(person_key=my_key(actor)).select_related("run").order_by("-id")[:_MOST])
    payments = _payments([row.id for row in rows])
    return [_value(row, payments.get(row.id, ())) for row in rows]


def get_my_entitlement(actor: Actor, entitlement: int) -> Entitlement:
    """One of the actor's own.

    Raises:
        EntitlementNotFound: there is none, or it is somebody else's.
    """
    row = own_row(actor, entitlement)
    return _value(row, _payments([row.id]).get(row.id, ()))


def own_row(actor: Actor, entitlement: int, *, lock: bool = False) -> Row:
    """The row of one's own entitlement; for this package only.

    Raises:
        EntitlementNotFound: as for `get_my_entitlement`.
    """
    digest = get_identity_digest(actor.party_id) if actor.party_id and actor.may("services") else None
    rows: Any = Row.objects.select_for_update(of=("self",)) if lock else Row.objects.all()
    mine = rows.select_related("run").filter(pk=entitlement, person_key=entity_key(digest)) if digest else None
    row = mine.first() if mine is not None else None
    if row is None:
        raise EntitlementNotFound()
    found: Row = row
    return found


def count_granted(run: UUID) -> int:
    """How many entitlements a run has made."""
    return Row.objects.filter(run_id=run).count()


def _payments(entitlements: Iterable[int]) -> dict[int, tuple[PaymentInfo, ...]]:
    found: dict[int, tuple[PaymentInfo, ...]] = {}
    for row in Payment.objects.filter(entitlement_id__in=list(entitlements)).select_related("batch").order_by("id"):
        info = PaymentInfo(
            row.id, row.state, row.reason, row.answered_at or row.created_at, row.batch.number, bool(row.corrected_at)
        )
        found[row.entitlement_id] = (*found.get(row.entitlement_id, ()), info)
    return found


def _value(row: Row, payments: tuple[PaymentInfo, ...]) -> Entitlement:
    return Entitlement(
        id=row.id,
        benefit=row.benefit,
        label=label_of(row.benefit),
        period=row.period,
        on=row.on_date,
        amount_cents=row.amount_cents,
        run=row.run_id,
        granted_at=row.run.approved_at or row.run.planned_at,
        needs_confirm=row.needs_confirm,
        confirmed_at=row.confirmed_at,
        stopped_at=row.stopped_at,
        payments=payments,
    )
