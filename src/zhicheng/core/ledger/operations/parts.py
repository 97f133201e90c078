"""Parts of a single SQL statement, for hot writes: see `kit.sqltext`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from zhicheng.core.ledger.policy.canonical import as_stored
from zhicheng.core.ledger.policy.chain import entry_digest
from zhicheng.core.ledger.policy.pace import KEY_LIFETIME
from zhicheng.core.ledger.values import Entry, Event, IdempotencyKey
from zhicheng.kit.sqltext import Part, insert_rows, to_json

_FRESH_KEY = """
INSERT INTO ledger_idempotency AS kept (scope, key, digest, result, at) VALUES (%s, %s, %s, %s::jsonb, %s)
ON CONFLICT (scope, key) DO UPDATE SET digest = EXCLUDED.digest, result = EXCLUDED.result, at = EXCLUDED.at
WHERE kept.at < %s RETURNING 1 AS fresh
"""


def entry_part(name: str, entries: Sequence[Entry], gate: str = "") -> Part:
    """Insert entries, each with its own digest; with `gate`, only when that part returned a row.

    Raises:
        NotCanonical: an entry holds something that has no canonical form.
        ValueError: there are no entries.
    """
    return insert_rows(name, "ledger_entry", [_entry_row(entry) for entry in entries], gate=gate)


def event_part(name: str, events: Sequence[Event], gate: str = "") -> Part:
    """Insert events into the outbox; with `gate`, only when that part returned a row.

    Raises:
        ValueError: there are no events.
    """
    return insert_rows(name, "ledger_outbox", [_event_row(event) for event in events], gate=gate)


def fresh_key_part(name: str, key: IdempotencyKey, result: Mapping[str, Any] | None, now: datetime) -> Part:
    """Claim a key and store the result to repeat: returns one row when the key is free (or older than seven days).

    The gate of the other parts. A second request with the key waits for the first one's transaction, then gets no
    row; `recall`, in a new statement, finds what the first one stored.
    """
    stored = None if result is None else to_json(result)
    return Part(name, _FRESH_KEY, (key.scope, key.key, key.digest, stored, now, now - KEY_LIFETIME))


def _entry_row(entry: Entry) -> dict[str, Any]:
    entry = replace(entry, data=as_stored(entry.data))
    return {
        "id": entry.id,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "reason": entry.reason,
        "rule": entry.rule,
        "data": entry.data,
        "digest": entry_digest(entry),
    }


def _event_row(event: Event) -> dict[str, Any]:
    return {"event": event.id, "at": event.at, "type": event.type, "subject": event.subject, "data": event.data}
