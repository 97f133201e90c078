"""The door of the ledger: entries, events, idempotency, relay, seal, verification."""

from zhicheng.core.ledger.base import Handler
from zhicheng.core.ledger.operations.idempotency import idempotently, purge_idempotency
from zhicheng.core.ledger.operations.parts import entry_part, event_part, fresh_key_part
from zhicheng.core.ledger.operations.record import record
from zhicheng.core.ledger.operations.relay import LIVE_CHANNEL, relay_outbox, retry_parked
from zhicheng.core.ledger.operations.seal import seal
from zhicheng.core.ledger.policy.canonical import body_digest, canonical, idempotency_key, sm3
from zhicheng.core.ledger.queries.entries import list_entries
from zhicheng.core.ledger.queries.idempotency import recall
from zhicheng.core.ledger.queries.outbox import ledger_gauges, list_parked
from zhicheng.core.ledger.queries.verify import verify
from zhicheng.core.ledger.registry import subscribe

__all__ = [
    "LIVE_CHANNEL",
    "Handler",
    "body_digest",
    "canonical",
    "entry_part",
    "event_part",
    "fresh_key_part",
    "idempotency_key",
    "idempotently",
    "ledger_gauges",
    "list_entries",
    "list_parked",
    "purge_idempotency",
    "recall",
    "record",
    "relay_outbox",
    "retry_parked",
    "seal",
    "sm3",
    "subscribe",
    "verify",
]
