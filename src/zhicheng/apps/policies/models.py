"""Profiles: what people say of themselves, or of a company, so that policies can be matched."""

from django.db import models


class PolicyProfile(models.Model):
    """Somebody's own answers about one kind of entity, sealed. Registers are asked anew each time, never copied."""

    id = models.UUIDField(primary_key=True)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, related_name="+")
    entity = models.CharField(max_length=12)
    answers_sealed = models.BinaryField()
    key_id = models.IntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        """One profile of a kind for each party; pushing walks them by id."""

        constraints = (models.UniqueConstraint(fields=["party", "entity"], name="policy_profile_once"),)

    def __str__(self) -> str:
        return f"{self.entity} {self.id}"
