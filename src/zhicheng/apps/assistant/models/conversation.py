"""Conversations and their turns. What people say may be personal: it is sealed; what is counted stands beside it."""

from django.db import models


class ConversationRecord(models.Model):
    """A conversation. `owner` is a party, a service account or the keyed hash of a browser's token.

    `content_sealed` keeps the title and what the conversation remembers; `version` counts its turns. `thread` is the
    digest of the messages so far, by which a client that sends them all again finds its conversation.
    """

    id = models.UUIDField(primary_key=True)
    owner = models.CharField(max_length=100)
    channel = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    version = models.IntegerField(default=0)
    content_sealed = models.BinaryField()
    key_id = models.IntegerField()
    thread = models.CharField(max_length=64, blank=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Mine, newest first; by thread; by the key they are sealed under; by age."""

        indexes = (
            models.Index(fields=["owner", "-last_at", "-id"], name="conversation_mine"),
            models.Index(fields=["thread"], name="conversation_thread", condition=~models.Q(thread="")),
            models.Index(fields=["key_id"], name="conversation_key"),
            models.Index(fields=["last_at"], name="conversation_age"),
        )

    def __str__(self) -> str:
        return str(self.id)


class TurnRecord(models.Model):
    """One question with its answer. `asked` is the question without personal data, only where it was a question.

    `stages` has one record a stage: outcome, milliseconds, references. `said_by` is empty for the assistant.
    """

    id = models.UUIDField(primary_key=True)
    conversation = models.ForeignKey(ConversationRecord, on_delete=models.CASCADE, related_name="+")
    seq = models.IntegerField()
    at = models.DateTimeField()
    content_sealed = models.BinaryField()
    key_id = models.IntegerField()
    asked = models.CharField(max_length=300, blank=True)
    intent = models.CharField(max_length=16)
    outcome = models.CharField(max_length=12)
    confidence = models.FloatField(default=0.0)
    documents = models.JSONField(default=list)
    stages = models.JSONField(default=list)
    ms = models.FloatField(default=0.0)
    said_by = models.CharField(max_length=60, blank=True)
    message_key = models.CharField(max_length=64, blank=True)
    rating = models.SmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    rated_at = models.DateTimeField(null=True)

    class Meta:
        """The turns of a conversation in order; the same message once; what was rated badly or found nothing."""

        constraints = (
            models.UniqueConstraint(fields=["conversation", "seq"], name="turn_place"),
            models.UniqueConstraint(
                fields=["conversation", "message_key"], name="turn_once", condition=~models.Q(message_key="")
            ),
        )
        indexes = (
            models.Index(fields=["key_id"], name="turn_key"),
            models.Index(fields=["-at"], name="turn_bad", condition=models.Q(rating=-1)),
            models.Index(fields=["-at"], name="turn_declined", condition=models.Q(outcome="declined")),
        )

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.seq}"
