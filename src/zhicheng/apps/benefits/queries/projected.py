"""Payments as rows of the lake: how much, for which benefit, how the bank answered; nobody's name or account."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from zhicheng.apps.benefits.models import Payment, PaymentBatch

PAYMENTS = "payment"


def read_payments(keys: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The rows of table `payment`, given batches: a file of the bank changes many of a batch at once."""
    columns = ("id", "state", "amount_cents", "created_at", "answered_at")
    found = Payment.objects.filter(batch_id__in=[int(key) for key in keys])
    for row in found.values(*columns, "entitlement__benefit", "entitlement__period").iterator(5000):
        yield {
            **{name: row[name] for name in columns[1:]},
            "payment_id": str(row["id"]),
            "benefit": row["entitlement__benefit"],
            "period": row["entitlement__period"],
        }


def walk_batches(after: str, count: int) -> list[str]:
    """Batches after one, in order; a few at a time, as each has many payments."""
    found = PaymentBatch.objects.filter(pk__gt=int(after or 0)).order_by("pk").values_list("pk", flat=True)
    return [str(key) for key in found[: min(count, 5)]]
