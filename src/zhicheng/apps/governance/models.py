"""How far indicators are computed, and which thresholds are crossed. Values themselves are a table of the lake."""

from django.db import models
from django.db.models import Q


class IndicatorProgress(models.Model):
    """A base and step: when it was looked at and computed, from which versions of its tables, up to which period."""

    base = models.CharField(max_length=64)
    step = models.CharField(max_length=8)
    checked_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)
    period = models.CharField(max_length=16, blank=True)
    versions = models.JSONField(default=dict)
    definition = models.CharField(max_length=64, blank=True)

    class Meta:
        """One row each; the longest unseen comes first."""

        constraints = (models.UniqueConstraint(fields=["base", "step"], name="indicator_progress_once"),)
        indexes = (models.Index(fields=["checked_at"], name="indicator_progress_next"),)

    def __str__(self) -> str:
        return f"{self.base} {self.step}"


class IndicatorRun(models.Model):
    """One computation: what of which versions, and how it went."""

    id = models.UUIDField(primary_key=True)
    base = models.CharField(max_length=64)
    step = models.CharField(max_length=8)
    since = models.CharField(max_length=16)
    until = models.CharField(max_length=16)
    at = models.DateTimeField()
    versions = models.JSONField(default=dict)
    values = models.IntegerField()
    changed = models.IntegerField()
    ms = models.FloatField(default=0.0)
    failures = models.JSONField(default=dict)

    class Meta:
        """Newest of a base; swept by age."""

        indexes = (
            models.Index(fields=["base", "-at"], name="indicator_run_newest"),
            models.Index(fields=["at"], name="indicator_run_age"),
        )

    def __str__(self) -> str:
        return f"{self.base} {self.until}"


class IndicatorAlert(models.Model):
    """A threshold crossed in an area, until the value is well back. `case` is the one it opened, if any."""

    id = models.UUIDField(primary_key=True)
    indicator = models.CharField(max_length=120)
    area = models.CharField(max_length=15)
    state = models.CharField(max_length=12)
    value = models.FloatField()
    period = models.CharField(max_length=16)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """One open alert an indicator and area; newest first."""

        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "area"], name="indicator_alert_once", condition=Q(ended_at__isnull=True)
            ),
        )
        indexes = (models.Index(fields=["-since"], name="indicator_alert_recent"),)

    def __str__(self) -> str:
        return f"{self.indicator} {self.area} {self.state}"
