"""The outbox relay: from committed events to subscribers and live pages, at least once."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from zhicheng.core.ledger.base import Subscription
from zhicheng.core.ledger.operations.record import record
from zhicheng.core.ledger.policy.pace import LIVE_EVENT_BYTES, MAX_ATTEMPTS, retry_at
from zhicheng.core.ledger.registry import subscribers
from zhicheng.core.ledger.values import Entry, Event
from zhicheng.kit.ids import uuid7
from zhicheng.kit.sqltext import to_json

LIVE_CHANNEL = "zhicheng"

logger = logging.getLogger(__name__)

_CLAIM = """
SELECT id, attempts, event, at, type, subject, data FROM ledger_outbox
WHERE attempts < %s AND (not_before IS NULL OR not_before <= %s) ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
_REMOVE = "DELETE FROM ledger_outbox WHERE id = ANY(%s)"
_POSTPONE = "UPDATE ledger_outbox SET attempts = %s, not_before = %s, failure = %s WHERE id = %s"
_RETRY = "UPDATE ledger_outbox SET attempts = 0, not_before = NULL WHERE attempts >= %s"
_RETRY_SOME = _RETRY + " AND event = ANY(%s)"
_NOTIFY = "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload"


@dataclass(frozen=True)
class _Claimed:
    id: int
    attempts: int
    event: Event
    subscriptions: Sequence[Subscription]


def relay_outbox(*, now: datetime, limit: int = 500) -> int:
    """Deliver due events to their subscribers and tell live pages; how many were delivered.

    One transaction: the handlers' writes, the removal of the events and the notification commit together, so a crash
    in between repeats all of it. A failing event is tried again later and parked after ten attempts; the others of
    its batch are not held up. Any number of relays may run at once.
    """
    with transaction.atomic():
        claimed = _claim(now, limit)
        failures = _deliver(claimed, now)
        delivered = [row for row in claimed if row.id not in failures]
        _settle(delivered, [row for row in claimed if row.id in failures], failures, now)
    return len(delivered)


def _settle(delivered: Sequence[_Claimed], failed: Sequence[_Claimed], failures: dict[int, str], now: datetime) -> None:
    """Remove what was delivered and announce it; put off what failed."""
    with connection.cursor() as cursor:
        if delivered:
            cursor.execute(_REMOVE, ([row.id for row in delivered],))
            cursor.execute(_NOTIFY, (LIVE_CHANNEL, [live_payload(row.event) for row in delivered]))
        for row in failed:
            attempts = row.attempts + 1
            cursor.execute(_POSTPONE, (attempts, retry_at(now, attempts), failures[row.id], row.id))


def retry_parked(*, actor: str, now: datetime, events: Sequence[UUID] = ()) -> int:
    """Give parked events (all, or those named) another ten attempts; how many. Recorded as the operator's act."""
    with transaction.atomic(), connection.cursor() as cursor:
        if events:
            cursor.execute(_RETRY_SOME, (MAX_ATTEMPTS, list(events)))
        else:
            cursor.execute(_RETRY, (MAX_ATTEMPTS,))
        count: int = cursor.rowcount
        data = {"count": count}
        record(Entry(uuid7(now), now, actor, "ledger.retry_parked", "ledger:outbox", data=data))
    return count


def live_payload(event: Event) -> str:
    """What listeners get: JSON with type, subject, id, at and data; data is null where it is too long."""
    head = {"type": event.type, "subject": event.subject, "id": event.id, "at": event.at}
    payload = to_json({**head, "data": event.data})
    return payload if len(payload.encode()) < LIVE_EVENT_BYTES else to_json({**head, "data": None})


def _claim(now: datetime, limit: int) -> list[_Claimed]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, (MAX_ATTEMPTS, now, limit))
        rows = cursor.fetchall()
    claimed = []
    for id_, attempts, event_id, at, type_, subject, data in rows:
        event = Event(event_id, at, type_, subject, json.loads(data))
        claimed.append(_Claimed(id_, attempts, event, subscribers(event)))
    return claimed


def _deliver(claimed: Sequence[_Claimed], now: datetime) -> dict[int, str]:
    """Failure texts by row. The batch is tried under one savepoint, and one by one only when that fails."""
    wanted = [row for row in claimed if row.subscriptions]
    if not wanted or not _attempt(wanted, now):
        return {}
    failures = {row.id: _attempt([row], now) for row in wanted}
    return {id_: failure for id_, failure in failures.items() if failure}


def _attempt(rows: Sequence[_Claimed], now: datetime) -> str:
    """Call the handlers of some rows, all or nothing; "" or what failed."""
    name = ""
    try:
        with transaction.atomic():
            for row, subscription in ((each, wanted) for each in rows for wanted in each.subscriptions):
                name = subscription.name
                subscription.handler(row.event, now)
    except Exception as error:  # a handler is another package's code: whatever it raises must not stop the others
        logger.exception("event handler failed: %s", name)
        return _failure_text(name, error)
    return ""


def _failure_text(name: str, error: Exception) -> str:
    """Handler, kind and first line only: what follows in a database error may quote personal data."""
    first_line = (str(error).splitlines() or [""])[0]
    return f"{name}: {type(error).__name__}: {first_line}"[:500].replace("\x00", "")
