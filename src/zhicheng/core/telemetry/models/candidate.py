"""Devices that sent something before anybody registered them."""

from django.db import models


class Candidate(models.Model):
    """A key that somebody sends under. `state` is pending, approved or refused."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=64, unique=True)
    streams = models.JSONField(default=dict)  # code → last value
    messages = models.BigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="pending")
    reason = models.CharField(max_length=255, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Who waits, oldest first."""

        indexes = (models.Index(fields=["state", "id"], name="telemetry_candidate_state"),)

    def __str__(self) -> str:
        return self.key
