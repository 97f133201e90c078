"""What people confirmed: the label that a case really had."""

from typing import ClassVar

from django.db import models


class ConfirmedExample(models.Model):
    """A text without personal data and its right label; one row a case, the latest word counts."""

    classifier = models.CharField(max_length=64)
    case_ref = models.CharField(max_length=80)
    text = models.TextField()
    label = models.CharField(max_length=128)
    confirmed_at = models.DateTimeField()

    class Meta:
        """Learning reads the newest of each label."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["classifier", "case_ref"], name="knowledge_confirmed_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["classifier", "label", "-confirmed_at"], name="knowledge_confirmed_newest")
        ]

    def __str__(self) -> str:
        return f"{self.classifier} {self.case_ref}"
