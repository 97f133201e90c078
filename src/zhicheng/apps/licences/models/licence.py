"""Licences as they were issued, and presentations that verifiers have seen."""

from django.db import models
from django.db.models import Q


class Licence(models.Model):
    """One licence. What it says about its holder, and the signed credential, are sealed as parties' fields are.

    Whether it is in force follows from its dates and instants. `definition` pins the type's fields and labels, as
    the pack had them on the day. `source` is the cause of issue: one cause gives one licence of a type.
    `line_sources` says of each line where it came from (`values.LineSource`), without what it says.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=40, unique=True)
    type = models.CharField(max_length=64)
    definition = models.CharField(max_length=80)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("parties.Unit", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=120)
    fields_sealed = models.BinaryField()
    credential_sealed = models.BinaryField()
    key_id = models.IntegerField()
    issuer_key = models.CharField(max_length=40)
    status_index = models.BigIntegerField(unique=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    issued_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    replaced_by = models.CharField(max_length=40, default="", blank=True)
    status_reason = models.CharField(max_length=200, default="", blank=True)
    line_sources = models.JSONField(default=dict)
    remind_date = models.DateField(null=True)

    class Meta:
        """One licence of a type for a cause; the lists of a holder and of a unit; what is due; what is marked."""

        constraints = (models.UniqueConstraint(fields=["source", "type"], name="licence_once"),)
        indexes = (
            models.Index(fields=["party", "-id"], name="licence_party"),
            models.Index(fields=["unit", "-id"], name="licence_unit"),
            models.Index(fields=["remind_date", "id"], name="licence_remind", condition=Q(remind_date__isnull=False)),
            models.Index(
                fields=["status_index"],
                name="licence_marked",
                condition=Q(revoked_at__isnull=False) | Q(suspended_at__isnull=False) | Q(replaced_at__isnull=False),
            ),
            models.Index(fields=["key_id", "id"], name="licence_rotation"),
        )

    def __str__(self) -> str:
        return self.number


class SeenPresentation(models.Model):
    """A verifier has seen this presentation: the same one shown again is a copy. Kept only while it could be valid."""

    nonce = models.CharField(max_length=40)
    verifier = models.BinaryField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        """Once a verifier and presentation."""

        constraints = (models.UniqueConstraint(fields=["nonce", "verifier"], name="presentation_once"),)

    def __str__(self) -> str:
        return self.nonce
