"""What an earlier request with the same key gave."""

import json
from datetime import datetime
from typing import Any

from django.db import connection

from zhicheng.core.ledger.errors import IdempotencyKeyReused
from zhicheng.core.ledger.policy.pace import KEY_LIFETIME
from zhicheng.core.ledger.values import IdempotencyKey

_FIND = "SELECT digest, result FROM ledger_idempotency WHERE scope = %s AND key = %s AND at >= %s"


def recall(key: IdempotencyKey, *, now: datetime) -> dict[str, Any] | None:
    """The stored result of a key, or None when the key is free.

    Raises:
        IdempotencyKeyReused: the key was used with another body.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIND, (key.scope, key.key, now - KEY_LIFETIME))
        row = cursor.fetchone()
    if row is None:
        return None
    if bytes(row[0]) != key.digest:
        raise IdempotencyKeyReused()
    result: dict[str, Any] = json.loads(row[1]) if row[1] is not None else {}
    return result
