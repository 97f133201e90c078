"""What a run takes back: unpaid grants are stopped, paid ones reclaimed, each with its reason, each once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from zhicheng.apps.benefits.models import BenefitRun, Entitlement, Payment, Reclaim
from zhicheng.apps.benefits.operations.reclaiming import open_reclaim
from zhicheng.core.lake.public import connect
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.values import system_actor
from zhicheng.kit.ids import uuid7

_SOME = 200
_NO_MORE = "按更正后的数据重新核对，这一期不符合领取条件"
_LESS = "按更正后的数据重新核对，这一期应发金额减少"


@dataclass(frozen=True)
class _Loss:
    benefit: str
    period: str
    unit_key: str
    cents: int
    whole: bool


def settle_losses(row: BenefitRun, now: datetime) -> int:
    """Settle the next losses of a run; how many. The row is locked by the caller."""
    found = _next(row)
    with transaction.atomic():
        for loss in found:
            _settle(row, loss, now)
        row.losses_done += len(found)
        row.losses_at = now if len(found) < _SOME else None
        row.save(update_fields=["losses_done", "losses_at"])
        if row.losses_at is not None and row.losses_done:
            data = {"stopped_or_reclaimed": row.losses_done}
            who, about = system_actor("benefits").ref, f"benefit_run:{row.id}"
            record(Entry(uuid7(now), now, who, "benefits.losses", about, data=data))
    return len(found)


def _next(row: BenefitRun) -> list[_Loss]:
    sql = (
        f"SELECT benefit, period, unit_key, -change_cents, outcome = 'lost' FROM \"{row.result_table}\" "
        f"WHERE change_cents < 0 ORDER BY benefit, period, unit_key LIMIT {_SOME} OFFSET {row.losses_done}"
    )
    with connect([row.result_table]) as lake:
        return [_Loss(*each) for each in lake.execute(sql).fetchall()]


def _settle(run: BenefitRun, loss: _Loss, now: datetime) -> None:
    """Take the loss from the unit's grants, the newest first."""
    left = loss.cents
    mine = Entitlement.objects.select_for_update().filter(
        benefit=loss.benefit, period=loss.period, unit_key=loss.unit_key, stopped_at__isnull=True
    )
    for grant in mine.order_by("-sequence"):
        if left <= 0:
            return
        left -= _take(run, grant, left, whole=loss.whole, now=now)


def _take(run: BenefitRun, grant: Entitlement, cents: int, *, whole: bool, now: datetime) -> int:
    net = net_cents(grant)
    taken = min(net, cents)
    if taken <= 0:
        return 0
    state = live_payment(grant)
    if state == "" or taken == net:
        grant.stopped_at, grant.stopped_by = now, run
        grant.save(update_fields=["stopped_at", "stopped_by"])
    if state == "" and taken < net:
        _grant_rest(run, grant, net - taken, now)
    if state == "paid" or (state == "sent" and taken < net):
        open_reclaim(run, grant, taken, _NO_MORE if whole else _LESS, now)
    return taken


def net_cents(grant: Entitlement) -> int:
    """What is left of a grant after what is being reclaimed of it."""
    reclaimed = Reclaim.objects.filter(entitlement=grant, waived_at__isnull=True).values_list("amount_cents", flat=True)
    return int(grant.amount_cents - sum(reclaimed))


def live_payment(grant: Entitlement) -> str:
    """`sent` or `paid` where an attempt is under way or has reached its receiver, else empty."""
    found = (
        Payment.objects.filter(entitlement=grant, state__in=["sent", "paid"]).values_list("state", flat=True).first()
    )
    return found or ""


def _grant_rest(run: BenefitRun, grant: Entitlement, cents: int, now: datetime) -> None:
    """A grant that was not paid yet is replaced by the smaller amount."""
    same = Entitlement.objects.filter(benefit=grant.benefit, period=grant.period, unit_key=grant.unit_key)
    highest = same.aggregate(most=Max("sequence"))["most"] or 0
    Entitlement.objects.create(
        run=run,
        person_key=grant.person_key,
        unit_key=grant.unit_key,
        benefit=grant.benefit,
        period=grant.period,
        sequence=highest + 1,
        on_date=grant.on_date,
        amount_cents=cents,
        needs_confirm=grant.needs_confirm,
        confirmed_at=grant.confirmed_at or (None if grant.needs_confirm else now),
    )
