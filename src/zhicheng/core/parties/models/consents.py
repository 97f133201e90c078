"""Consents: what a person agreed to, for which purpose, and until when."""

from typing import ClassVar

from django.db import models


class Consent(models.Model):
    """One consent to one use of a person's data by one source, for one scope (such as one draft, or everything).

    `purpose` is the sentence the person agreed to. Rows are never deleted: a withdrawn one stays as proof.
    """

    id = models.UUIDField(primary_key=True)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=64)
    scope = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(max_length=400)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """At most one consent in force for a party, source and scope."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["party", "source", "scope"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_in_force_once",
            )
        ]
        indexes = (models.Index(fields=["party", "-given_at"], name="consent_party"),)

    def __str__(self) -> str:
        return str(self.id)


class ConsentUse(models.Model):
    """One use of a consent: what was asked for, in words without any value."""

    id = models.UUIDField(primary_key=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    used_at = models.DateTimeField()
    words = models.CharField(max_length=400)

    class Meta:
        """The latest uses of a consent."""

        indexes = (models.Index(fields=["consent", "-used_at"], name="consent_use"),)

    def __str__(self) -> str:
        return str(self.consent_id)
