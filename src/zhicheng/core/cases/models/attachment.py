"""Files that belong to cases: photos of residents, evidence of officials."""

from django.db import models


class Attachment(models.Model):
    """One file, stored by content digest outside the database. Without a case it is a draft that expires."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size_bytes = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    width_px = models.IntegerField(default=0)
    height_px = models.IntegerField(default=0)
    owner = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    public = models.BooleanField(default=False)

    class Meta:
        """Read by case; drafts are swept by age."""

        indexes = (
            models.Index(fields=["case"], name="attachment_case"),
            models.Index(fields=["created_at"], name="attachment_draft", condition=models.Q(case__isnull=True)),
        )

    def __str__(self) -> str:
        return self.name
