"""Runs: what was computed from what, who approved it, how far it has come."""

from django.db import models
from django.db.models import Q


class BenefitRun(models.Model):
    """One run over a population. What has happened to it follows from its instants.

    Everything its result depends on is named: rulebook, definitions of benefits and groups, table version, the
    amounts granted before (`prior_table`, a table of the lake). The same inputs give the same `result_hash`.
    """

    id = models.UUIDField(primary_key=True)
    audience = models.CharField(max_length=16)
    on_date = models.DateField()
    benefits = models.JSONField()
    definitions = models.JSONField()
    planned_at = models.DateTimeField()
    planned_by = models.CharField(max_length=120)
    failure = models.TextField(blank=True, default="")
    computed_at = models.DateTimeField(null=True)
    rule_run = models.UUIDField(null=True)
    rulebook = models.CharField(max_length=80, blank=True, default="")
    rule_versions = models.JSONField(default=dict)
    table_version = models.CharField(max_length=80, blank=True, default="")
    prior_table = models.CharField(max_length=63, blank=True, default="")
    prior_digest = models.CharField(max_length=64, blank=True, default="")
    result_table = models.CharField(max_length=63, blank=True, default="")
    result_hash = models.CharField(max_length=64, blank=True, default="")
    people = models.BigIntegerField(default=0)
    totals = models.JSONField(default=list)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=120, blank=True, default="")
    chunks = models.IntegerField(default=0)
    chunks_done = models.IntegerField(default=0)
    granted = models.BigIntegerField(default=0)
    granted_at = models.DateTimeField(null=True)
    losses_done = models.IntegerField(default=0)
    losses_at = models.DateTimeField(null=True)
    told = models.BigIntegerField(default=0)
    told_after = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        """What the worker has to do next; one run at a time is executed for an audience."""

        constraints = (
            models.UniqueConstraint(
                fields=["audience"],
                name="benefits_one_executing",
                condition=Q(approved_at__isnull=False, granted_at__isnull=True),
            ),
        )
        indexes = (
            models.Index(fields=["planned_at"], name="benefits_run_open", condition=Q(finished_at__isnull=True)),
            models.Index(fields=["audience", "-planned_at"], name="benefits_run_recent"),
        )

    def __str__(self) -> str:
        return f"{self.audience} {self.on_date} {self.id}"
