"""Areas that are no division: grids below communities, and what surrounds the city."""

from typing import ClassVar

from django.db import models

from zhicheng.core.places.models.division import Division


class Grid(models.Model):
    """The smallest patrolled area."""

    code = models.CharField(max_length=24, primary_key=True)
    name = models.CharField(max_length=64)
    community = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    synthetic = models.BooleanField(default=False)
    outline = models.BinaryField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Listed in the order of the codes."""

        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Surrounding(models.Model):
    """A coarse region or water outside the city: it only chooses the sentence for a point that lies there."""

    code = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=16)  # region, water
    outline = models.BinaryField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class AtlasRevision(models.Model):
    """One row: which state of the tables above is the current one, so that processes know when to read again."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    revision = models.CharField(max_length=36)
    revised_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.revision
