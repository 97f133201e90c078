"""The registry of twin applications, each with its use of the last 30 days."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from zhicheng.apps.twin.errors.applications import ApplicationUnknown
from zhicheng.apps.twin.models import ServiceCalls, TwinApplication
from zhicheng.apps.twin.policy.depth import DAYS, score_of
from zhicheng.apps.twin.values.applications import (
    Application,
    ApplicationDraft,
    ApplicationState,
    Depth,
    Use,
)
from zhicheng.kit.clock import CHINA


@dataclass(frozen=True)
class ApplicationFilter:
    """Which applications; empty values do not narrow. `order` is `depth`, `calls` or `name`."""

    text: str = ""
    unit: str = ""
    state: ApplicationState | None = None
    depth: Depth | None = None
    order: str = "depth"


def list_applications(wanted: ApplicationFilter, *, now: datetime) -> list[Application]:
    """All that fit, in order; a city has some hundreds."""
    rows = TwinApplication.objects.all()
    if wanted.text:
        rows = rows.filter(Q(name__icontains=wanted.text) | Q(purpose__icontains=wanted.text))
    if wanted.unit:
        rows = rows.filter(unit_id=wanted.unit)
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state.value)
    kept = list(rows)
    uses = _uses([row.account_id for row in kept if row.account_id is not None], now)
    found = [_application(row, uses) for row in kept]
    if wanted.depth is not None:
        found = [each for each in found if each.score.depth is wanted.depth]
    return sorted(found, key=_order(wanted.order))


def get_application(number: UUID, *, now: datetime) -> Application:
    """One application.

    Raises:
        ApplicationUnknown: there is none of that number.
    """
    row = TwinApplication.objects.filter(pk=number).first()
    if row is None:
        raise ApplicationUnknown()
    return _application(row, _uses([row.account_id] if row.account_id else [], now))


def _order(name: str) -> Callable[[Application], tuple[int, str]]:
    """By name; by the most calls; or by the most points."""

    def key(each: Application) -> tuple[int, str]:
        counts = {"name": 0, "calls": each.use.calls, "depth": each.score.points}
        return -counts[name], each.draft.name

    return key


def _application(row: TwinApplication, uses: Mapping[UUID, Use]) -> Application:
    draft = ApplicationDraft(
        name=row.name,
        unit=row.unit_id,
        purpose=row.purpose,
        state=ApplicationState(row.state),
        url=row.url,
        contact=row.contact,
        users=row.users,
        layers=tuple(row.layers),
        account=row.account_id,
        started_on=row.started_on,
    )
    use = uses.get(row.account_id, Use()) if row.account_id else Use()
    registered = row.registered_at.astimezone(CHINA).date()
    return Application(row.id, draft, registered, row.retired_on, row.retire_reason, row.version, use, score_of(use))


def _uses(accounts: Iterable[UUID], now: datetime) -> dict[UUID, Use]:
    """What each account called in the last 30 days."""
    since = now.astimezone(CHINA).date() - timedelta(days=DAYS - 1)
    lines = ServiceCalls.objects.filter(account_id__in=list(accounts), day__gte=since)
    counted = lines.values("account_id", "day", "layer", "service").annotate(
        called=Sum("calls"), sent_back=Sum("refused")
    )
    by_account: dict[UUID, list[Mapping[str, Any]]] = defaultdict(list)
    for line in counted:
        by_account[line["account_id"]].append(line)
    return {account: _use(found) for account, found in by_account.items()}


def _use(lines: Iterable[Mapping[str, Any]]) -> Use:
    layers: dict[str, int] = defaultdict(int)
    services: dict[str, int] = defaultdict(int)
    days = set()
    refused = 0
    for line in lines:
        sent_back = int(line["sent_back"] or 0)
        calls = int(line["called"] or 0) - sent_back
        refused += sent_back
        if not calls:  # what was only refused was not used
            continue
        layers[line["layer"]] += calls
        services[line["service"]] += calls
        days.add(line["day"])
    return Use(sum(layers.values()), refused, len(days), dict(layers), dict(services))
