from datetime import timedelta

from zhicheng.core.cases.policy import worst_of
from zhicheng.core.cases.tests.town import NOW
from zhicheng.engines.statetable.clocks import start_clock
from zhicheng.engines.statetable.firing import Firing


def firing(code: str, kind: str, level: int, *, minutes: int = 10) -> Firing:
    clock = start_clock(code, {"minutes": minutes}, NOW - timedelta(hours=2), {})
    return Firing(clock, kind, 1.0, level)


class TestWorstOf:
    def test_is_what_climbed_highest(self):
        warned, over = firing("resolve", "warning", 0), firing("feedback", "overdue", 1)
        climbed = firing("response", "escalation", 3)
        assert worst_of([warned, climbed, over]) is climbed
        assert worst_of([warned, over]) is over
        assert worst_of([warned]) is warned

    def test_is_what_was_due_first_of_two_that_climbed_as_high(self):
        later, earlier = firing("feedback", "overdue", 1, minutes=30), firing("response", "overdue", 1, minutes=10)
        assert worst_of([later, earlier]) is earlier

    def test_is_nothing_where_all_are_quiet(self):
        assert worst_of([]) is None
