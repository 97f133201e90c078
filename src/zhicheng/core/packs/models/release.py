"""One row an installation of a pack; the newest row is the city that runs."""

from typing import ClassVar

from django.db import models


class Release(models.Model):
    """An installed pack. Rows are added, never changed or deleted: they are the city's release history."""

    code = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    software = models.TextField()
    manifest = models.JSONField()
    described = models.BinaryField()
    installed_at = models.DateTimeField()
    actor_ref = models.CharField(max_length=200)

    class Meta:
        """`software` names the sections that took part: with more of them, the same files are installed again."""

        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
