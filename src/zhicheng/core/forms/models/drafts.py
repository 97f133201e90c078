"""Forms that are being filled in."""

from django.db import models


class FormDraft(models.Model):
    """One draft. What a person typed is in `content_sealed` (values, sources, reused materials), bound to the row.

    `owner` is `party:<id>` or `token:<keyed hash>` of an anonymous browser. `definition` is the hash of the pinned
    form: a draft keeps the version it was begun with.
    """

    id = models.UUIDField(primary_key=True)
    owner = models.CharField(max_length=80)
    form = models.CharField(max_length=128)
    definition = models.CharField(max_length=64)
    subject = models.CharField(max_length=120, blank=True)
    version = models.IntegerField(default=1)
    content_sealed = models.BinaryField()
    key_id = models.IntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        """Found by owner, swept by expiry, re-sealed by key."""

        indexes = (
            models.Index(fields=["owner", "-updated_at"], name="form_draft_owner"),
            models.Index(fields=["expires_at"], name="form_draft_expiry"),
            models.Index(fields=["key_id", "id"], name="form_draft_rotation"),
        )

    def __str__(self) -> str:
        return str(self.id)
