"""Whatever happens in whatever order, nobody is paid more than they are entitled to, less what is being reclaimed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest
from django.db.models import Sum

from zhicheng.apps.benefits.errors import NothingToPay, PaymentNotFound, ReturnRefused, RunNotReady, RunOutdated
from zhicheng.apps.benefits.public import (
    advance_runs,
    approve_run,
    list_runs,
    make_batch,
    plan_run,
    reissue_payment,
    take_return,
    write_batch,
)
from zhicheng.apps.benefits.tests.bank import answer, lines_of
from zhicheng.apps.benefits.tests.town import HUANG, NOW, TODAY, Grant, Payment, Reclaim, key, settle, work
from zhicheng.apps.benefits.values import Batch, PlanRun

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STEPS = 45
LIVES = (
    HUANG,
    {"birth_date": date(1930, 1, 1)},
    {"birth_date": date(1950, 1, 1), "disability_certified": True, "disability_level": 1},
    {"birth_date": date(1950, 1, 1), "disability_certified": True, "disability_level": 2},
    {"unemployment_registered": True, "low_income_certified": True},
    {"low_income_certified": True},
    {"children_under_3": 1, "household_key": "h1"},
    {"children_under_3": 2, "household_key": "h1"},
    {"children_under_3": 1, "household_key": "h2"},
    {"childbirth_date": date(2026, 1, 5)},
    {"childbirth_date": date(2026, 1, 8)},
    {"childbirth_date": date(2025, 5, 20)},
    {},
)
MOST = {  # what any life gives at most, a period: by group, and by household where it counts by that
    "elderly_allowance": 50000,
    "nursing": 60000,
    "relief": 150000,
    "childcare": 720000,
    "birth_grant": 300000,
}
GROUPS = {
    "nursing_elderly": "nursing",
    "nursing_disabled": "nursing",
    "unemployment_aid": "relief",
    "hardship_aid": "relief",
}


class Chance:
    """One random history of the town."""

    def __init__(self, seed: int, officer, approver, payer) -> None:
        self.draw, self.at = Random(seed), NOW
        self.officer, self.approver, self.payer = officer, approver, payer
        self.batches: list[Batch] = []
        self.answers: list[bytes] = []

    def lives(self) -> None:
        settle({key(number): self.draw.choice(LIVES) for number in range(6)}, now=self.at)

    def plan(self) -> None:
        plan_run(PlanRun("person", self.draw.choice((TODAY, date(2026, 3, 20)))), actor=self.officer, now=self.at)

    def work(self) -> None:
        for _ in range(self.draw.randint(1, 6)):
            advance_runs(self.at)

    def approve(self) -> None:
        for run in list_runs(limit=4):
            if run.stage == "computed":
                approve_run(run.id, actor=self.approver, now=self.at)
                return

    def pay(self) -> None:
        self.batches.append(make_batch(actor=self.payer, now=self.at, limit=self.draw.choice((1, 3, 100))))

    def rewrite(self) -> None:
        if self.batches:
            write_batch(self.draw.choice(self.batches).number, actor=self.payer, now=self.at)

    def bank(self) -> None:
        if not self.batches:
            return
        batch = self.draw.choice(self.batches)
        results = {
            row[1]: self.draw.choice(("paid", "paid", "failed", "silent", "returned")) for row in lines_of(batch)
        }
        self.answers.append(answer(batch, results=results, number=f"R{len(self.answers)}"))
        take_return(self.answers[-1], actor=self.payer, now=self.at)

    def again(self) -> None:
        if self.answers:
            take_return(self.draw.choice(self.answers), actor=self.payer, now=self.at)

    def correct(self) -> None:
        failed = list(Payment.objects.filter(state__in=["failed", "returned"]).values_list("id", flat=True))
        if failed:
            reissue_payment(self.draw.choice(failed), actor=self.payer, now=self.at)

    def step(self) -> None:
        self.at += timedelta(minutes=7)
        choices: tuple[Callable[[], None], ...] = (
            *(self.lives, self.plan, self.plan, self.work, self.work, self.work, self.approve, self.approve),
            *(self.pay, self.pay, self.rewrite, self.bank, self.bank, self.again, self.correct),
        )
        with suppress(NothingToPay, ReturnRefused, RunOutdated, RunNotReady, PaymentNotFound):
            self.draw.choice(choices)()


def overpaid() -> list[tuple[str, str, str, int]]:
    """Units that hold more than any life entitles to."""
    held: dict[tuple[str, str, str], int] = {}
    for grant in Grant.objects.all():
        live = Payment.objects.filter(entitlement=grant, state__in=["sent", "paid"])
        assert live.count() <= 1, "one attempt at a time"
        assert sum(each.amount_cents for each in live) in (0, grant.amount_cents)
        back = Reclaim.objects.filter(entitlement=grant).aggregate(cents=Sum("amount_cents"))["cents"] or 0
        stopped_in_flight = grant.stopped_at is not None and any(each.state == "sent" for each in live)
        kind = GROUPS.get(grant.benefit, grant.benefit)
        day = grant.period.replace("2026-01-08", "2026-01-05")  # one birth, written down differently
        spot = (kind, day, grant.unit_key)
        paid = sum(each.amount_cents for each in live) - back
        held[spot] = held.get(spot, 0) + (0 if stopped_in_flight else paid)
    return [(*spot, cents) for spot, cents in held.items() if cents > MOST[spot[0]]]


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_paid_twice_whatever_happens(seed: int, officer, approver, payer) -> None:
    town = Chance(seed, officer, approver, payer)
    town.lives()
    for _ in range(STEPS):
        town.step()
        assert overpaid() == []
    work(town.at + timedelta(minutes=1))
    assert overpaid() == []
    assert Grant.objects.exists()
