"""Clocks of cases: the stored form of `engines.statetable.clocks.Clock`."""

from django.db import models
from django.db.models import Q


class ClockRow(models.Model):
    """One clock of one case; `round` counts restarts. `next_fire_at` is the index of what is due."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    round = models.IntegerField(default=1)
    calendar = models.CharField(max_length=40)
    allowance = models.JSONField()
    state = models.CharField(max_length=12)
    stage = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    run_from = models.DateTimeField()
    remaining_s = models.FloatField()
    total_s = models.FloatField()
    due_at = models.DateTimeField()
    next_fire_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        """One clock a code and round; partial indexes find the due ones, and those that a calendar may move."""

        db_table = "cases_clock"
        constraints = (models.UniqueConstraint(fields=["case", "code", "round"], name="clock_once"),)
        indexes = (
            models.Index(fields=["next_fire_at"], name="clock_due", condition=Q(next_fire_at__isnull=False)),
            models.Index(fields=["case"], name="clock_counted", condition=Q(state="running") & ~Q(calendar="always")),
        )

    def __str__(self) -> str:
        return f"{self.code}/{self.round}"
