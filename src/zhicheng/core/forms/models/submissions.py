"""Forms that were submitted."""

from django.db import models


class FormSubmission(models.Model):
    """One submission: never changed (a trigger sees to it; only the envelope may be sealed anew or emptied).

    `subject` is the case or other thing that an app made of it: no foreign key, because that lies above. `draft` is
    the id of the draft it was, so that a second press of the button finds it.
    """

    id = models.UUIDField(primary_key=True)
    draft = models.UUIDField(unique=True)
    party = models.ForeignKey("parties.Party", on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.CharField(max_length=80)
    form = models.CharField(max_length=128)
    definition = models.CharField(max_length=64)
    subject = models.UUIDField(null=True)
    content_sealed = models.BinaryField(null=True)
    content_digest = models.BinaryField()
    key_id = models.IntegerField()
    submitted_at = models.DateTimeField()

    class Meta:
        """Found by subject and party, re-sealed by key."""

        indexes = (
            models.Index(fields=["subject"], name="form_submission_subject"),
            models.Index(fields=["party", "-submitted_at"], name="form_submission_party"),
            models.Index(fields=["key_id", "id"], name="form_submission_rotation"),
        )

    def __str__(self) -> str:
        return str(self.id)
