"""Batches for the bank, attempts to pay, files that came back. States here are facts of the bank's files."""

from django.db import models
from django.db.models import Q


class PaymentBatch(models.Model):
    """What was, or is about to be, handed to the bank. The file can be written again: it is always the same."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    provider = models.CharField(max_length=64)
    day = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    count = models.IntegerField()
    total_cents = models.BigIntegerField()
    file = models.CharField(max_length=200, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    written_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        indexes = (models.Index(fields=["-created_at"], name="paymentbatch_recent"),)

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """One attempt to pay an entitlement. `state` is what the bank said last: sent, paid, failed, returned.

    While one attempt is sent or paid there can be no other. A failed one blocks until somebody corrected what was
    wrong (`corrected_at`).
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey("benefits.PaymentBatch", on_delete=models.PROTECT, related_name="+")
    entitlement = models.ForeignKey("benefits.Entitlement", on_delete=models.PROTECT, related_name="+")
    sequence = models.IntegerField()
    reference = models.CharField(max_length=60, unique=True)
    amount_cents = models.BigIntegerField()
    state = models.CharField(max_length=10, default="sent")
    reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)

    class Meta:
        """Never twice: one live attempt an entitlement."""

        constraints = (
            models.UniqueConstraint(
                fields=["entitlement"], name="payment_never_twice", condition=Q(state__in=["sent", "paid"])
            ),
            models.UniqueConstraint(fields=["batch", "sequence"], name="payment_line"),
        )
        indexes = (
            models.Index(fields=["entitlement"], name="payment_entitlement"),
            models.Index(
                fields=["id"],
                name="payment_to_correct",
                condition=Q(state__in=["failed", "returned"], corrected_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.reference


class PaymentReturn(models.Model):
    """A return file that was taken; the same file again changes nothing."""

    digest = models.CharField(primary_key=True, max_length=64)
    batch = models.ForeignKey("benefits.PaymentBatch", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=120)
    report = models.JSONField()

    class Meta:
        """One file a number and batch."""

        constraints = (models.UniqueConstraint(fields=["batch", "number"], name="paymentreturn_once"),)

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"
