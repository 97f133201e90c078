"""Divisions by their statistical code; they end, they are never deleted."""

from typing import ClassVar

from django.db import models


class Division(models.Model):
    """A city, district, street or community."""

    code = models.CharField(max_length=15, primary_key=True)
    name = models.CharField(max_length=64)
    level = models.CharField(max_length=16)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField(default=False)
    outline = models.BinaryField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Listed in the order of the codes."""

        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
