"""One message to one recipient over one channel. No telephone number or address: they are asked for when sending."""

from typing import ClassVar

from django.db import models


class Notice(models.Model):
    """An in-app message is sent as it is stored; `not_before` is when the other channels try (again)."""

    id = models.UUIDField(primary_key=True)
    recipient = models.CharField(max_length=80)
    channel = models.CharField(max_length=16)
    template = models.CharField(max_length=128)
    dedupe_key = models.CharField(max_length=128)
    title = models.TextField()
    text = models.TextField()
    link = models.TextField(default="")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    not_before = models.DateTimeField()
    failure = models.TextField(default="")

    class Meta:
        db_table = "notices_notice"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["recipient", "dedupe_key", "channel"], name="notices_notice_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["recipient", "id"], name="notices_notice_inbox", condition=models.Q(channel="in_app")),
            models.Index(
                fields=["recipient"],
                name="notices_notice_unread",
                condition=models.Q(channel="in_app", read_at__isnull=True),
            ),
            models.Index(fields=["not_before"], name="notices_notice_due", condition=models.Q(sent_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.recipient}"
