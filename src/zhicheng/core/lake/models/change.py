"""Rows of the lake that are to be read again, because what they show has changed."""

from django.db import models


class Change(models.Model):
    """One changed thing, for one table: noted with the event, removed when the table holds its newest state."""

    id = models.BigAutoField(primary_key=True)
    table = models.CharField(max_length=63)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        """Taken by table, oldest first."""

        indexes = (models.Index(fields=["table", "id"], name="lake_change_next"),)

    def __str__(self) -> str:
        return f"{self.table} {self.key}"
