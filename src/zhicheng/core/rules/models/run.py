"""A bulk run of rules over a population."""

from typing import ClassVar

from django.db import models


class RuleRun(models.Model):
    """What was decided by which rulebook over which version of which table; the results are a table of the lake."""

    id = models.UUIDField(primary_key=True)
    entity = models.CharField(max_length=64)
    on_date = models.DateField()
    at = models.DateTimeField()
    actor_ref = models.CharField(max_length=200)
    rulebook = models.CharField(max_length=64)
    table_version = models.CharField(max_length=100)
    result_table = models.CharField(max_length=100)
    result_hash = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    tallies = models.JSONField()

    class Meta:
        """Lists show the newest first."""

        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["entity", "-at"], name="rules_run_newest")]

    def __str__(self) -> str:
        return f"{self.entity} {self.on_date}"
