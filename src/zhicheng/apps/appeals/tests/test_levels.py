"""Service levels counted from seven appeals whose lives are known to the minute."""

import pytest

from zhicheng.apps.appeals.public import service_levels, today_numbers
from zhicheng.apps.appeals.queries import levels
from zhicheng.apps.appeals.tests.town import NOW, REPLY, do, do_own, later, sent
from zhicheng.apps.appeals.values import LevelSpec

pytestmark = pytest.mark.usefixtures("town")
CODES = ("response_10min", "feedback_30min", "urgent_24h", "on_time", "within_3_days", "positive")
CODES += ("wrong_first_dispatch",)
LIFE = {"accept": 5.0, "contact": 20.0, "reply": 240.0, "score": "5"}


@pytest.fixture(autouse=True)
def _all_levels(monkeypatch):
    monkeypatch.setattr(levels, "list_level_specs", lambda: [LevelSpec(code, code, 0.9) for code in CODES])


def lived(*, accept: float, reply: float, contact: float = 0.0, score: str = "", urgent: bool = False) -> None:
    """One appeal whose steps come so many minutes after it was opened."""
    case = sent(urgent=urgent).case_id
    do(case, "accept", "chen.wei", now=later(minutes=accept))
    if contact:
        do(case, "contact", "chen.wei", now=later(minutes=contact), text="今晚到现场查看")
    do(case, "reply", "chen.wei", now=later(minutes=reply), **REPLY)
    if score:
        do_own(case, "rate", now=later(minutes=reply + 5), score=score)


@pytest.fixture
def seven(town) -> None:
    lived(**LIFE)
    lived(accept=12, contact=40, reply=4 * 1440, score="3")  # late twice, in time in working days
    sent()  # nobody has moved
    refused = sent().case_id
    do(refused, "refuse", "chen.wei", now=later(minutes=1), reason="不属于本单位职责，请供水站办理")
    sent(text="我想反映一个问题，请来看看", confirmed_item="")  # waits for a dispatcher
    lived(accept=5, reply=20 * 60, urgent=True)
    do_own(sent().case_id, "withdraw", now=later(minutes=3))


def counted(**span: float) -> dict[str, tuple[float | None, int]]:
    found = service_levels(NOW, later(minutes=1), later(**span))
    return {level.code: (level.value, level.counted) for level in found}


class TestServiceLevels:
    def test_count_what_is_known_five_days_later(self, seven):
        assert counted(days=5) == {
            "response_10min": (2 / 6, 6),  # the withdrawn one is not counted
            "feedback_30min": (1 / 6, 6),
            "urgent_24h": (1.0, 1),
            "on_time": (1.0, 3),  # three still run and are not late
            "within_3_days": (2 / 3, 3),
            "positive": (1 / 2, 2),
            "wrong_first_dispatch": (1 / 6, 6),  # one was never dispatched
        }

    def test_count_what_ran_over_without_an_answer(self, seven):
        assert counted(days=30)["on_time"] == (3 / 6, 6)

    def test_leave_out_what_still_runs_in_time(self):
        sent()
        assert counted(minutes=9)["response_10min"] == (None, 0)
        assert counted(minutes=11)["response_10min"] == (0.0, 1)

    def test_have_no_value_where_nothing_happened(self):
        assert set(counted(days=5).values()) == {(None, 0)}

    def test_are_of_appeals_opened_in_the_period_its_end_left_out(self):
        sent()
        assert all(level.counted == 0 for level in service_levels(later(days=-1), NOW, later(days=1)))
        assert any(level.counted for level in service_levels(NOW, later(minutes=1), later(days=1)))


class TestTodayNumbers:
    def test_say_a_day_in_four_numbers(self, seven):
        found = today_numbers(NOW, later(hours=14), later(hours=14))
        assert (found.opened, found.replied) == (7, 1)
        assert found.positive == 1 / 2
        assert found.response == 2 / 6

    def test_have_no_shares_before_anything_is_counted(self):
        found = today_numbers(NOW, later(days=1), later(days=1))
        assert (found.opened, found.replied, found.response, found.positive) == (0, 0, None, None)
