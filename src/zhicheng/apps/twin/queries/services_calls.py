"""How often services were called: lines, totals, and what an application has used today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from zhicheng.apps.twin.errors.services import ServicesRefused
from zhicheng.apps.twin.models import ServiceCalls, ServiceQuota
from zhicheng.apps.twin.policy.services import KEY_QUOTA
from zhicheng.apps.twin.values.services import ApplicationQuota, CallerKind, CallLine, Quota, Service, ServiceTotals
from zhicheng.core.parties.public import list_accounts, list_api_keys
from zhicheng.core.parties.values import AccountFilter, Actor
from zhicheng.kit.clock import CHINA

PERMISSION = "services.manage"
MOST_LINES = 1000
_MOST_APPLICATIONS = 200


@dataclass(frozen=True)
class CallFilter:
    """Which calls: of some days, both within; of one layer, one service, one key where named."""

    since: date
    until: date
    layer: str = ""
    service: str = ""
    key: str = ""


def last_days(now: datetime, days: int) -> CallFilter:
    """The last days up to today in China."""
    today = now.astimezone(CHINA).date()
    return CallFilter(today - timedelta(days=days - 1), today)


def check_services(actor: Actor) -> None:
    """Refuse who does not look after services.

    Raises:
        ServicesRefused: the actor lacks the permission.
    """
    if PERMISSION not in actor.permissions:
        raise ServicesRefused()


def list_calls(wanted: CallFilter, *, actor: Actor, limit: int = MOST_LINES) -> list[CallLine]:
    """Lines by day, newest first, the most called first within a day.

    Raises:
        ServicesRefused: the actor does not look after services.
    """
    check_services(actor)
    rows = _chosen(wanted).order_by("-day", "-calls", "layer", "service", "kind", "key")
    return [
        CallLine(
            row.day,
            row.layer,
            Service(row.service),
            CallerKind(row.kind),
            row.key,
            row.account_id,
            row.calls,
            row.refused,
            row.sent_bytes,
        )
        for row in rows[:limit]
    ]


def total_calls(wanted: CallFilter, by: str, *, actor: Actor) -> list[ServiceTotals]:
    """Totals by `day`, `layer`, `service` or `key`, the most called first; days in their order.

    Raises:
        ServicesRefused: the actor does not look after services.
    """
    check_services(actor)
    rows = _chosen(wanted)
    sums = {"n": Sum("calls"), "r": Sum("refused"), "b": Sum("sent_bytes")}
    named = rows.annotate(name=F(by)).values("name").annotate(**sums).order_by("name" if by == "day" else "-n")
    grouped: Iterable[tuple[object, int, int, int]] = named.values_list("name", *sums)
    return [ServiceTotals(str(name), *sums) for name, *sums in grouped]


def _chosen(wanted: CallFilter) -> QuerySet[ServiceCalls]:
    narrowed = {name: getattr(wanted, name) for name in ("layer", "service", "key") if getattr(wanted, name)}
    return ServiceCalls.objects.filter(day__gte=wanted.since, day__lte=wanted.until, **narrowed)


def quota_of(account: UUID) -> Quota:
    """The quota of an application."""
    row = ServiceQuota.objects.filter(account_id=account).first()
    return KEY_QUOTA if row is None else Quota(row.per_day, row.per_minute)


def used_today(account: UUID, *, now: datetime) -> int:
    """Calls of an application counted today, in China."""
    rows = ServiceCalls.objects.filter(account_id=account, day=now.astimezone(CHINA).date())
    return int(rows.aggregate(n=Sum("calls"))["n"] or 0)


def list_application_quotas(*, actor: Actor, now: datetime) -> list[ApplicationQuota]:
    """Every application (a service account) with its keys, quota, and calls today; four queries and one for each.

    Raises:
        ServicesRefused: the actor does not look after services.
    """
    check_services(actor)
    accounts = list_accounts(AccountFilter(kind="service"), now=now, limit=_MOST_APPLICATIONS).accounts
    ids = [account.id for account in accounts]
    quotas = {
        row.account_id: Quota(row.per_day, row.per_minute) for row in ServiceQuota.objects.filter(account_id__in=ids)
    }
    today = _today(ids, now)
    return [
        ApplicationQuota(
            account.id,
            account.name,
            quotas.get(account.id, KEY_QUOTA),
            account.id not in quotas,
            _running_keys(account.id, now),
            today.get(account.id, 0),
        )
        for account in accounts
    ]


def _today(accounts: Sequence[UUID], now: datetime) -> dict[UUID, int]:
    rows = ServiceCalls.objects.filter(account_id__in=accounts, day=now.astimezone(CHINA).date())
    grouped: Iterable[tuple[UUID, int]] = rows.values_list("account_id").annotate(n=Sum("calls"))
    return dict(grouped)


def _running_keys(account: UUID, now: datetime) -> tuple[str, ...]:
    keys = list_api_keys(account)
    return tuple(
        key.prefix for key in keys if key.revoked_at is None and (key.expires_at is None or key.expires_at > now)
    )
