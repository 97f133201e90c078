"""What somebody gets, and what has to come back."""

from django.db import models
from django.db.models import Q


class Entitlement(models.Model):
    """An amount for a benefit and period. `unit_key` is the household where the benefit is paid once a household.

    `sequence` counts the grants of a benefit to a unit in a period: with the constraint no two runs, however they
    meet, grant the same twice. Rules and table version are those of its run. Stopped ones are never paid.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey("benefits.BenefitRun", on_delete=models.PROTECT, related_name="+")
    person_key = models.CharField(max_length=64)
    unit_key = models.CharField(max_length=64)
    benefit = models.CharField(max_length=64)
    period = models.CharField(max_length=10)
    sequence = models.IntegerField()
    on_date = models.DateField()
    amount_cents = models.BigIntegerField()
    needs_confirm = models.BooleanField()
    confirmed_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey("benefits.BenefitRun", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Once a unit, benefit and period; what a person gets; what a run granted."""

        constraints = (
            models.UniqueConstraint(fields=["benefit", "period", "unit_key", "sequence"], name="entitlement_once"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="entitlement_positive"),
        )
        indexes = (
            models.Index(fields=["person_key", "-id"], name="entitlement_person"),
            models.Index(fields=["run"], name="entitlement_run"),
        )

    def __str__(self) -> str:
        return f"{self.benefit} {self.period} {self.id}"


class Reclaim(models.Model):
    """Part of an entitlement that was paid though it was not due; its case says whether it has come back."""

    id = models.BigAutoField(primary_key=True)
    entitlement = models.ForeignKey("benefits.Entitlement", on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey("benefits.BenefitRun", on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    waived_at = models.DateTimeField(null=True)

    class Meta:
        """Once an entitlement and run."""

        constraints = (
            models.UniqueConstraint(fields=["entitlement", "run"], name="reclaim_once"),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="reclaim_positive"),
        )

    def __str__(self) -> str:
        return f"reclaim {self.id}"
