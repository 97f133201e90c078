"""Keys of requests already done, for seven days."""

from django.db import models


class IdempotencyRow(models.Model):
    """One key with the digest of its body and the result to repeat. `result` is null only inside its transaction."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.TextField()
    key = models.TextField()
    digest = models.BinaryField(max_length=32)
    result = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "ledger_idempotency"
        indexes = (models.Index(fields=["at"], name="ledger_idempotency_at"),)

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
