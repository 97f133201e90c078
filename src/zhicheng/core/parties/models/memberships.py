"""Who may act for a company: its legal representative, and the agents it authorised."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Membership(models.Model):
    """A person's right to act for a company, within scopes, for a time. Never deleted: it ends.

    An agent is named by telephone number and name, both kept as keyed hashes, and becomes a `person` when the one who
    signs in with the number and is proven to have the name takes it up. `source` is `register` (the company register
    names them), `opened` (the company was opened here) or `authorised` (`given_by` did).
    """

    id = models.UUIDField(primary_key=True)
    company = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    phone_hash = models.BinaryField(null=True)
    name_hash = models.BinaryField(null=True)
    shown = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=16)
    scopes = ArrayField(models.CharField(max_length=20))
    source = models.CharField(max_length=16)
    given_by = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One membership in force of a kind for a person and company, or for a number that waits to be taken up."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["company", "person", "role"],
                condition=Q(ended_at__isnull=True, person__isnull=False),
                name="membership_once",
            ),
            models.UniqueConstraint(
                fields=["company", "phone_hash"],
                condition=Q(ended_at__isnull=True, person__isnull=True),
                name="membership_waits_once",
            ),
        ]
        indexes = (
            models.Index(fields=["person"], name="membership_person", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["phone_hash"], name="membership_phone", condition=Q(ended_at__isnull=True)),
        )

    def __str__(self) -> str:
        return str(self.id)
