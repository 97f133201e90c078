"""Who did what to whom, when and why: sealed entries, the outbox of events, idempotency keys."""
