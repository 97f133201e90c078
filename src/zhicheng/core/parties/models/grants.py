"""Roles as the pack names them, and who holds which role at which unit."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Role(models.Model):
    """A named set of permissions; with `subtree` it covers every unit below the one it is held at."""

    code = models.CharField(primary_key=True, max_length=40)
    label = models.CharField(max_length=60)
    permissions = ArrayField(models.CharField(max_length=60))
    subtree = models.BooleanField(default=False)
    description = models.CharField(max_length=300, blank=True)
    ended_date = models.DateField(null=True)

    def __str__(self) -> str:
        return self.code


class RoleGrant(models.Model):
    """An account holds a role at a unit for a time.

    A delegation is a grant with an end, given by an official out of an own grant (`source`): it ends with
    its source.
    """

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey("parties.Account", on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    delegated_by = models.ForeignKey("parties.Account", on_delete=models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.role_id}@{self.unit_id}"
