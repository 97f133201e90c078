"""The state of the outbox and of the seal, for metrics and for the operator."""

from datetime import datetime

from django.db import connection

from zhicheng.core.ledger import models
from zhicheng.core.ledger.policy.pace import MAX_ATTEMPTS
from zhicheng.core.ledger.values import Event, LedgerGauges, ParkedEvent

_GAUGES = """
SELECT min(at) FILTER (WHERE attempts < %s), count(*), count(*) FILTER (WHERE attempts >= %s),
       (SELECT min(at) FROM ledger_entry WHERE seq IS NULL), (SELECT count(*) FROM ledger_entry WHERE seq IS NULL)
FROM ledger_outbox
"""


def ledger_gauges(now: datetime) -> LedgerGauges:
    """Ages and counts, in one query. A parked event counts among the rows and as parked, but not for the age."""
    with connection.cursor() as cursor:
        cursor.execute(_GAUGES, (MAX_ATTEMPTS, MAX_ATTEMPTS))
        outbox_since, rows, parked, unsealed_since, unsealed = cursor.fetchone()
    return LedgerGauges(_age_s(now, outbox_since), rows, parked, _age_s(now, unsealed_since), unsealed)


def list_parked(*, limit: int = 100) -> list[ParkedEvent]:
    """Events that no retry could deliver, oldest first, with the reason."""
    rows = models.OutboxRow.objects.filter(attempts__gte=MAX_ATTEMPTS).order_by("id")[:limit]
    return [
        ParkedEvent(Event(row.event, row.at, row.type, row.subject, row.data), row.attempts, row.failure)
        for row in rows
    ]


def _age_s(now: datetime, since: datetime | None) -> float:
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)
