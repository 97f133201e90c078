"""Entries and the checkpoints over them: append-only; a trigger of the first migration refuses anything else."""

from django.db import models


class Entry(models.Model):
    """Who did what to whom. `seq` and `chain` are filled once, by the sealer."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    actor = models.TextField()
    action = models.TextField()
    subject = models.TextField()
    reason = models.TextField(default="", db_default="")
    rule = models.TextField(default="", db_default="")
    data = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)
    seq = models.BigIntegerField(null=True, unique=True)
    chain = models.BinaryField(max_length=32, null=True)

    class Meta:
        db_table = "ledger_entry"
        indexes = (
            models.Index(fields=["at", "id"], name="ledger_entry_unsealed", condition=models.Q(seq__isnull=True)),
            models.Index(fields=["subject", "id"], name="ledger_entry_subject"),
            models.Index(fields=["actor", "id"], name="ledger_entry_actor"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Checkpoint(models.Model):
    """The signed head of the chain after one batch of the sealer; also appended to a file outside the database."""

    seq = models.BigIntegerField(primary_key=True)
    chain = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    signature = models.BinaryField(max_length=64)

    class Meta:
        db_table = "ledger_checkpoint"

    def __str__(self) -> str:
        return str(self.seq)
