"""Questions that people asked, and those that tell when their answer changes."""

from typing import ClassVar

from django.db import models


class AskedQuestion(models.Model):
    """One question of an account's own history; only the last ones are kept."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey("parties.Account", on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=200)
    sentence = models.CharField(max_length=600)
    asked_at = models.DateTimeField()

    class Meta:
        """The newest first; a text stands once."""

        ordering: ClassVar[list[str]] = ["-asked_at"]
        constraints = (models.UniqueConstraint(fields=["account", "text"], name="twin_asked_once"),)

    def __str__(self) -> str:
        return self.text


class WatchedQuestion(models.Model):
    """A saved question. With `plain` empty its text is read anew each time, so that 上周 stays last week."""

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey("parties.Account", on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=200)
    plain = models.JSONField(null=True)
    sentence = models.CharField(max_length=600)
    digest = models.CharField(max_length=64)
    summary = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Those to be checked are found by when they were checked last."""

        ordering: ClassVar[list[str]] = ["-created_at"]
        indexes = (models.Index(fields=["checked_at"], condition=models.Q(ended_at=None), name="twin_watched_checked"),)

    def __str__(self) -> str:
        return self.text
