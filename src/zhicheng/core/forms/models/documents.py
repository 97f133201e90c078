"""Uploaded materials, and the queue of those that somebody should read."""

from django.db import models


class FormDocument(models.Model):
    """One uploaded material. Its bytes are sealed in a file named by the row's id, outside the database.

    It belongs to a draft until that is submitted, then to the submission. `reading_sealed` is what was read.
    """

    id = models.UUIDField(primary_key=True)
    owner = models.CharField(max_length=80)
    draft = models.UUIDField(null=True)
    submission = models.ForeignKey("forms.FormSubmission", on_delete=models.PROTECT, null=True, related_name="+")
    material = models.CharField(max_length=128)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size_bytes = models.IntegerField()
    key_id = models.IntegerField()
    state = models.CharField(max_length=12)
    reading_sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        """Found by draft and submission, re-sealed by key."""

        indexes = (
            models.Index(fields=["draft"], name="form_document_draft"),
            models.Index(fields=["submission"], name="form_document_submission"),
            models.Index(fields=["owner", "material", "-created_at"], name="form_document_owner"),
            models.Index(fields=["key_id", "id"], name="form_document_rotation"),
        )

    def __str__(self) -> str:
        return str(self.id)


class ReadingJob(models.Model):
    """A document that waits to be read; claimed with SKIP LOCKED, tried three times."""

    document = models.OneToOneField(FormDocument, on_delete=models.CASCADE, primary_key=True, related_name="+")
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField()

    class Meta:
        """The queue."""

        db_table = "forms_reading"
        indexes = (models.Index(fields=["not_before"], name="form_reading_due"),)

    def __str__(self) -> str:
        return str(self.document_id)
