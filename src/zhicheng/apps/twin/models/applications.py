"""Applications that stand on the twin, as their owners registered them."""

from typing import ClassVar

from django.db import models


class TwinApplication(models.Model):
    """One application. Retired ones stay; how it is used is counted from the meters, never written here."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("parties.Account", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12)
    purpose = models.CharField(max_length=1000)
    url = models.CharField(max_length=300, blank=True)
    contact = models.CharField(max_length=120, blank=True)
    users = models.PositiveIntegerField(default=0)
    layers = models.JSONField(default=list)
    started_on = models.DateField(null=True)
    registered_at = models.DateTimeField()
    retired_on = models.DateField(null=True)
    retire_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """A unit has each name once; listed by name."""

        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints = (models.UniqueConstraint(fields=["unit", "name"], name="twin_application_once"),)

    def __str__(self) -> str:
        return self.name
