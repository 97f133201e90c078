"""Events waiting for the relay; a delivered event's row is deleted."""

from django.db import models


class OutboxRow(models.Model):
    """One event. `not_before` is set after a failed attempt; ten failures park the row for an operator."""

    id = models.BigAutoField(primary_key=True)
    event = models.UUIDField(unique=True)
    at = models.DateTimeField()
    type = models.TextField()
    subject = models.TextField()
    data = models.JSONField(default=dict)
    attempts = models.IntegerField(default=0, db_default=0)
    not_before = models.DateTimeField(null=True)
    failure = models.TextField(default="", db_default="")

    class Meta:
        db_table = "ledger_outbox"

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"
