"""Well-known places, from which an address text can be located."""

from typing import ClassVar

from django.db import models


class Landmark(models.Model):
    """A place that everybody knows by name; the position is approximate."""

    name = models.CharField(max_length=64, primary_key=True)
    aliases = models.JSONField(default=list)
    longitude = models.FloatField()
    latitude = models.FloatField()
    kind = models.CharField(max_length=32)
    district = models.CharField(max_length=15)
    source = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Listed by name."""

        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name
