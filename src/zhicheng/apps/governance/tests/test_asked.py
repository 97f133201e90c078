"""Indicators asked by name where the city is asked in words."""

from datetime import timedelta

import pytest

from zhicheng.apps.appeals.tests.town import NOW
from zhicheng.apps.governance.tests.days import appeals, follow
from zhicheng.apps.twin.errors.commands import CommandRefused
from zhicheng.apps.twin.public import ask_city, forget_words
from zhicheng.apps.twin.values.commands import Answer
from zhicheng.core.parties.values import ANONYMOUS, Actor, ActorKind, Grant

pytestmark = pytest.mark.usefixtures("lake", "monday")
LEADER = Actor(ActorKind.OFFICIAL, grants=(Grant("leader", "YX", frozenset({"cockpit.view"})),))


def ask(text: str) -> Answer:
    forget_words()
    answer = ask_city(text, actor=LEADER, now=NOW)
    assert answer.refusal is None, answer.refusal
    return answer


class TestAskCity:
    def test_gives_the_stored_value_with_its_period(self):
        appeals(east=2, west=1)
        follow()
        answer = ask("受理诉求量指标")
        assert (answer.value, answer.columns[0].unit) == (3, "件")
        assert answer.columns[0].label == "受理诉求量（2026-03-02）"
        assert answer.understood.indicators == (("appeal.received", "受理诉求量"),)
        assert ask("指标东桥社区今天受理诉求量").value == 2
        assert ask("东桥社区本月受理诉求量指标").columns[0].label == "受理诉求量（2026-03）"

    def test_puts_areas_in_order_and_on_the_map(self):
        appeals(east=1, west=2)
        follow()
        answer = ask("受理诉求量指标最高的一个社区")
        assert [(row[0], row[1]) for row in answer.rows] == [("西岭社区", 2)]
        assert b'"value": 2' in answer.features
        assert len(ask("各社区受理诉求量指标").rows) == 2
        assert [row[0] for row in ask("受理诉求量指标低于2的社区").rows] == ["东桥社区"]

    def test_shows_what_is_missing_with_its_reason(self):
        appeals(east=1)
        follow()
        answer = ask("各社区紧急诉求占比指标")
        assert all(row[1] == "" and row[2].startswith("缺数据：") for row in answer.rows)
        single = ask("指标紧急诉求占比")
        assert single.value is None
        assert single.rows[0][2].startswith("缺数据：")

    def test_follows_an_area_through_time(self):
        appeals(east=1, now=NOW - timedelta(days=1))
        appeals(east=1)
        follow()
        answer = ask("最近两天受理诉求量指标走势")
        assert [row[:2] for row in answer.rows] == [("2026-03-01", 1), ("2026-03-02", 1)]

    def test_says_that_no_area_has_a_value_of_weeks(self):
        follow()
        forget_words()
        answer = ask_city("最近十天各社区受理诉求量指标", actor=LEADER, now=NOW)
        assert "某一天或某个月" in answer.refusal.message

    def test_lets_only_those_see_who_may_see_indicators(self):
        forget_words()
        with pytest.raises(CommandRefused):
            ask_city("受理诉求量指标", actor=ANONYMOUS, now=NOW)
