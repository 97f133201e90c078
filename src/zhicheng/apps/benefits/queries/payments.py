"""Batches, payments that failed, return files: for those who pay."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from zhicheng.apps.benefits.errors import BatchNotFound
from zhicheng.apps.benefits.models import Entitlement, Payment, PaymentBatch, Reclaim
from zhicheng.apps.benefits.queries.catalogue import label_of
from zhicheng.apps.benefits.values import Batch, ReclaimRow
from zhicheng.core.cases.public import get_row, process_of


@dataclass(frozen=True)
class FailedPayment:
    """A payment that waits for a correction."""

    id: int
    reference: str
    benefit: str
    period: str
    amount_cents: int
    state: str
    reason: str
    at: datetime | None


def as_batch(row: PaymentBatch) -> Batch:
    """A row as a value, with its payments by state; for this package only."""
    states = Payment.objects.filter(batch=row).values_list("state").annotate(count=Count("id"))
    return Batch(
        row.number, row.created_at, row.created_by, row.count, row.total_cents, row.file, row.digest, dict(states)
    )


def list_batches(limit: int = 20) -> list[Batch]:
    """Batches, newest first."""
    return [as_batch(row) for row in PaymentBatch.objects.order_by("-created_at")[:limit]]


def get_batch(number: str) -> Batch:
    """One batch.

    Raises:
        BatchNotFound: there is none.
    """
    row = PaymentBatch.objects.filter(number=number).first()
    if row is None:
        raise BatchNotFound()
    return as_batch(row)


def list_failed(limit: int = 100) -> list[FailedPayment]:
    """Payments that failed or came back and wait for a correction, newest first."""
    rows = Payment.objects.filter(state__in=["failed", "returned"], corrected_at__isnull=True)
    return [
        FailedPayment(
            row.id,
            row.reference,
            label_of(row.entitlement.benefit),
            row.entitlement.period,
            row.amount_cents,
            row.state,
            row.reason,
            row.answered_at,
        )
        for row in rows.select_related("entitlement").order_by("-id")[:limit]
    ]


def count_waiting() -> tuple[int, int]:
    """How many entitlements wait for the next batch, and how many for their receivers' confirmation."""
    live = Entitlement.objects.filter(stopped_at__isnull=True)
    tried = Payment.objects.filter(state__in=["sent", "paid"]) | Payment.objects.filter(corrected_at__isnull=True)
    ready = live.filter(confirmed_at__isnull=False).exclude(pk__in=tried.values("entitlement"))
    return ready.count(), live.filter(confirmed_at__isnull=True).count()


def list_reclaims(limit: int = 100) -> list[ReclaimRow]:
    """What is being reclaimed, newest first, with the state of its case."""
    found = []
    for row in Reclaim.objects.select_related("entitlement").order_by("-id")[:limit]:
        case = get_row(row.case_id)
        state = process_of(case.definition).states[case.state].label
        grant = row.entitlement
        words = (label_of(grant.benefit), grant.period, row.amount_cents, row.reason, row.created_at)
        found.append(ReclaimRow(row.id, grant.benefit, *words, case.number, state))
    return found
