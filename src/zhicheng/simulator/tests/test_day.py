import random
from datetime import date, timedelta

import pytest

from zhicheng.apps.appeals.public import service_levels, train_from_pack
from zhicheng.core.ledger.public import seal, verify
from zhicheng.core.packs.public import install_pack
from zhicheng.kit.clock import now
from zhicheng.simulator.behaviour import Plan, Standing, next_step
from zhicheng.simulator.public import run_shard
from zhicheng.simulator.tests.conftest import PACKS
from zhicheng.simulator.values import DayOrder


class Alone:
    """A meeting of one."""

    def earliest(self, mine_s: float) -> float:
        return mine_s

    def meet(self) -> None:
        pass


class TestNextStep:
    chance = random.Random(1)

    def step(self, state: str, *done: str, **changes):
        return next_step(Plan("item", "路灯不亮", **changes), Standing(state, "FT", done), self.chance)

    def test_leads_from_the_desk_to_the_rating(self):
        actions = [
            self.step(state, "contact", score=5).action for state in ("received", "assigned", "handling", "replied")
        ]
        assert actions == ["dispatch", "accept", "reply", "rate"]

    def test_refuses_once(self):
        assert self.step("assigned", refuses=True).action == "refuse"
        assert self.step("assigned", "refuse", refuses=True).action == "accept"

    def test_asks_another_unit_to_assist_never_itself(self):
        asked = self.step("handling", "contact", assist_units=("FT", "CO-WATER"))
        assert (asked.action, asked.input["unit"]) == ("invite", "CO-WATER")

    def test_stops_where_the_story_pauses(self):
        assert self.step("assigned", stop="assigned") is None
        assert self.step("handling", "contact", stop="handling") is None
        assert self.step("handling", stop="handling").action == "contact"

    def test_leaves_some_appeals_without_a_rating(self):
        assert self.step("replied", score=0) is None

    def test_is_content_after_the_rework(self):
        assert self.step("replied", "rework", score=1).input["score"] == 4


@pytest.mark.slow
class TestRunShard:
    def test_takes_a_day_to_its_end_with_levels_counted_from_records(self, transactional_db):
        install_pack(PACKS / "tinytown", now=now(), actor_ref="system:test")
        train_from_pack(now())
        order = DayOrder(25, 7, date(2026, 3, 4))
        report = run_shard(order, Alone())
        while seal(now=order.ends_at):
            pass
        levels = service_levels(order.starts_at, order.starts_at + timedelta(days=1), order.ends_at)
        counted = {level.code: level.counted for level in levels}
        assert report.appeals == 25
        assert report.acts > 60
        assert report.events >= report.appeals + report.acts
        assert counted["response_10min"] >= 20
        assert counted["on_time"] >= 20
        assert verify(now=now()).is_intact
