"""Tables of the ledger. Written by plain SQL on hot paths; the models carry schema and migrations."""

from zhicheng.core.ledger.models.entry import Checkpoint, Entry
from zhicheng.core.ledger.models.idempotency import IdempotencyRow
from zhicheng.core.ledger.models.outbox import OutboxRow

__all__ = ["Checkpoint", "Entry", "IdempotencyRow", "OutboxRow"]
