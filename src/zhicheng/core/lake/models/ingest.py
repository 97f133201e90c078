"""What came into the lake, from which source, and what was rejected."""

from django.db import models


class Ingest(models.Model):
    """One ingest. The rejected rows are a Parquet file named by the id; `reasons` counts findings by code."""

    id = models.UUIDField(primary_key=True)
    table = models.CharField(max_length=63)
    version = models.BigIntegerField()
    mode = models.CharField(max_length=8)
    source = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    read = models.BigIntegerField()
    accepted = models.BigIntegerField()
    rejected = models.BigIntegerField()
    reasons = models.JSONField()
    absent = models.JSONField()
    ignored = models.JSONField()
    actor_ref = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Newest ingests of a table first."""

        indexes = (models.Index(fields=["table", "-at"], name="lake_ingest_table"),)

    def __str__(self) -> str:
        return f"{self.table}@{self.version}"
