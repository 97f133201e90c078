"""Proofs of identity: that the number of a party is theirs, who said so, how sure it is, until when."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class IdentityProof(models.Model):
    """One proof. It holds for the number with this keyed hash only: a party whose number changes is proven no more.

    Rows are never deleted: one that ended stays, so that what was done while it held can be explained.
    """

    id = models.UUIDField(primary_key=True)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    number_hash = models.BinaryField()
    provider = models.CharField(max_length=64)
    level = models.CharField(max_length=20)
    proven_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """A party has one proof in force at most, and a number proves one party."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["party"], condition=Q(ended_at__isnull=True), name="identity_party_once"),
            models.UniqueConstraint(
                fields=["number_hash"], condition=Q(ended_at__isnull=True), name="identity_number_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
