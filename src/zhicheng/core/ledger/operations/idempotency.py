"""Doing something once for a key."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from zhicheng.core.ledger.operations.parts import fresh_key_part
from zhicheng.core.ledger.policy.pace import KEY_LIFETIME
from zhicheng.core.ledger.queries.idempotency import recall
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.kit.sqltext import to_json

_FILL = "UPDATE ledger_idempotency SET result = %s::jsonb WHERE scope = %s AND key = %s"
_PURGE = """
DELETE FROM ledger_idempotency WHERE (scope, key) IN (
    SELECT scope, key FROM ledger_idempotency WHERE at < %s ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


def idempotently(key: IdempotencyKey, now: datetime, operation: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """Run `operation` once for a key, in a transaction; a repeat gets the stored result.

    When the operation raises, nothing is kept and the key stays free.

    Raises:
        IdempotencyKeyReused: the key was used with another body.
    """
    with transaction.atomic():
        part = fresh_key_part("", key, None, now)
        with connection.cursor() as cursor:
            cursor.execute(part.text, part.params)
            is_fresh = cursor.fetchone() is not None
        if is_fresh:
            return _run(key, operation)
        return recall(key, now=now) or {}


def purge_idempotency(*, now: datetime, limit: int = 5_000) -> int:
    """Delete keys older than seven days, one batch; how many went. Call again until it is 0."""
    with connection.cursor() as cursor:
        cursor.execute(_PURGE, (now - KEY_LIFETIME, limit))
        deleted: int = cursor.rowcount
    return deleted


def _run(key: IdempotencyKey, operation: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    stored = to_json(operation())
    with connection.cursor() as cursor:
        cursor.execute(_FILL, (stored, key.scope, key.key))
    result: dict[str, Any] = json.loads(stored)
    return result
