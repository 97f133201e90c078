"""Writes about services: calls counted in batches, quotas agreed."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from zhicheng.apps.twin.errors.services import QuotaInvalid
from zhicheng.apps.twin.models import ServiceCalls, ServiceQuota
from zhicheng.apps.twin.policy.services import MOST_QUOTA
from zhicheng.apps.twin.queries.services_calls import check_services
from zhicheng.apps.twin.values.services import CallLine, Quota
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.public import get_account
from zhicheng.core.parties.values import Actor
from zhicheng.kit.ids import uuid7

_ADD = """
INSERT INTO {table} AS held (day, layer, service, kind, key, account_id, calls, refused, sent_bytes)
SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::text[], %s::text[], %s::uuid[],
                     %s::bigint[], %s::bigint[], %s::bigint[])
ON CONFLICT (day, layer, service, kind, key) DO UPDATE
SET calls = held.calls + EXCLUDED.calls, refused = held.refused + EXCLUDED.refused,
    sent_bytes = held.sent_bytes + EXCLUDED.sent_bytes
"""


def add_calls(lines: Sequence[CallLine]) -> None:
    """Add counted calls to what is stored, in one statement; lines differ in day, layer, service, kind or key."""
    if not lines:
        return
    ordered = sorted(lines, key=lambda line: (line.day, line.layer, line.service.value, line.kind.value, line.key))
    columns = [list(column) for column in zip(*(astuple(line) for line in ordered), strict=True)]
    columns[2] = [service.value for service in columns[2]]
    columns[3] = [kind.value for kind in columns[3]]
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(table=ServiceCalls._meta.db_table), columns)


def set_quota(account: UUID, quota: Quota, *, actor: Actor, now: datetime) -> None:
    """Agree on the quota of an application; 0 is no limit.

    Raises:
        ServicesRefused: the actor does not look after services.
        QuotaInvalid: negative, or more than a billion.
        AccountNotFound: there is no such application.
    """
    check_services(actor)
    if not (0 <= quota.per_day <= MOST_QUOTA and 0 <= quota.per_minute <= MOST_QUOTA):
        raise QuotaInvalid()
    get_account(account, now=now)
    values = {"per_day": quota.per_day, "per_minute": quota.per_minute}
    with transaction.atomic():
        ServiceQuota.objects.update_or_create(account_id=account, defaults={**values, "updated_at": now})
        record(Entry(uuid7(now), now, actor.ref, "service.quota_set", f"account:{account}", data=values))
