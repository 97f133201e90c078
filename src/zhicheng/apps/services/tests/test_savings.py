"""What themes have really saved: counted from finished cases and from nothing else."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from zhicheng.apps.services.operations import deciding
from zhicheng.apps.services.public import decide_application, decide_waiting, finished_savings, sum_savings
from zhicheng.apps.services.tests.town import NOW, filled, official, register, resident, submitted
from zhicheng.apps.services.values import Effort
from zhicheng.core.cases.public import act, list_children
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.ledger.public import relay_outbox
from zhicheng.core.parties.values import Actor

FRIDAY_NEXT = NOW + timedelta(days=11)
UNTIL = NOW + timedelta(days=30)
FITTED = {"line_use": "经营", "line_fitted": "2026-03-01"}
REFUSED = {"reason": "这个摊位附近的水压不够，不能接入。", "basis": "镇用水管理办法第五条"}


@pytest.fixture
def long_here(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {"birth_date": date(1990, 3, 7), "resident_since_date": date(2020, 1, 1)}
    monkeypatch.setattr(deciding, "register_facts", lambda _party: register(**facts))


def apply_for_a_stall(fang: Actor) -> dict[str, Any]:
    applied = submitted(fang, filled(fang, kind="theme", code="stall"), "stall.licence", "stall.water")
    children = {str(child.facts["item"]): child.id for child in list_children(applied.case_id)}
    decide_application(children["stall.licence"], NOW)
    while decide_waiting(NOW):
        pass
    return children


def finish_water(children: dict[str, Any], at: datetime, action: str = "approve") -> None:
    given = FITTED if action == "approve" else REFUSED
    act(ActCommand(children["stall.water"], action, given), official("YX-WATER", "cases.handle"), at)
    relay_outbox(now=at)


@pytest.mark.django_db
class TestFinishedSavings:
    def test_counts_the_days_that_it_really_took(self, town, long_here):
        finish_water(apply_for_a_stall(resident()), FRIDAY_NEXT)
        stall = finished_savings(NOW, UNTIL)[0]
        assert (stall.theme, stall.label, stall.finished) == ("stall", "出摊一件事", 1)
        assert stall.saving.alone == Effort(links=7, days=8, trips=3, materials=3)
        assert stall.saving.together.days == 9, "from a Monday to the Friday of the week after, without the weekend"
        assert stall.saving.saved.days == -1, "what took longer is not hidden"

    def test_counts_only_what_was_approved(self, town, long_here):
        finish_water(apply_for_a_stall(resident()), NOW, "refuse")
        stall = finished_savings(NOW, UNTIL)[0]
        assert stall.saving.alone.links == 4
        assert stall.saving.together.days == 0

    def test_leaves_out_what_is_not_finished_or_finished_before(self, town, long_here):
        children = apply_for_a_stall(resident())
        assert finished_savings(NOW, UNTIL) == []
        finish_water(children, NOW)
        assert finished_savings(NOW + timedelta(days=1), UNTIL) == []

    def test_sums_what_several_people_saved(self, town, long_here):
        for number in ("13800138001", "13800138002"):
            finish_water(apply_for_a_stall(resident(phone=number)), NOW)
        total = sum_savings(finished_savings(NOW, UNTIL))
        assert total.finished == 2
        assert total.saving.alone == Effort(links=14, days=16, trips=6, materials=6)

    def test_sums_nothing_to_nothing(self):
        assert sum_savings([]).saving.saved == Effort(0, 0, 0, 0)
