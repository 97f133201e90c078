from datetime import timedelta

import pytest

from zhicheng.core.cases.gate import firing
from zhicheng.core.cases.models import Case, ClockRow, HistoryRow
from zhicheng.core.cases.public import fire_due_clocks, get_row
from zhicheng.core.cases.tests.protocol import round_trips
from zhicheng.core.cases.tests.town import GUO, NOW, TWO_HOURS, do, later, opened, resident

HOURS = {"limit": TWO_HOURS}


def fired(case):
    rows = HistoryRow.objects.filter(case_id=case.id, kind="clock").order_by("at")
    return [(row.action, row.at - NOW) for row in rows]


def waiting_case(**fields):
    case = opened(**fields)
    do(case.id, "take")
    do(case.id, "finish")
    return case


@pytest.mark.django_db
class TestFireDueClocks:
    def test_warns_then_tells_that_it_is_overdue_then_escalates(self, town):
        case = opened(**HOURS)
        for minutes in range(0, 300, 6):
            fire_due_clocks(later(minutes=minutes))
        assert fired(case) == [
            ("clock_warning", timedelta(minutes=84)),
            ("clock_warning", timedelta(minutes=108)),
            ("clock_overdue", timedelta(minutes=120)),
            ("clock_escalation", timedelta(minutes=180)),
            ("clock_escalation", timedelta(minutes=240)),
        ]
        assert get_row(case.id).version == 1

    def test_after_a_long_sleep_fires_only_the_latest_stage(self, town):
        case = opened(**HOURS)
        assert fire_due_clocks(later(days=2)) == 1
        assert fire_due_clocks(later(days=2)) == 0
        assert [action for action, _ in fired(case)] == ["clock_escalation"]

    def test_does_not_fire_what_is_paused(self, town):
        case = opened(**HOURS)
        do(case.id, "take")
        do(case.id, "hold", GUO)
        assert fire_due_clocks(later(days=2)) == 0
        do(case.id, "go_on", GUO, now=later(days=2))
        fire_due_clocks(later(days=2, minutes=84))
        assert fired(case) == [("clock_warning", timedelta(days=2, minutes=84))]

    def test_takes_batches_in_the_order_in_which_they_fell_due(self, town):
        first, second, third = (opened(now=later(minutes=minutes), **HOURS) for minutes in (0, 1, 2))
        assert [fire_due_clocks(later(minutes=87), limit=1) for _ in range(4)] == [1, 1, 1, 0]
        assert all(len(fired(case)) == 1 for case in (first, second, third))

    def test_closes_what_nobody_confirmed(self, town):
        case = waiting_case()
        fire_due_clocks(later(minutes=59))
        assert get_row(case.id).state == "waiting"
        fire_due_clocks(later(minutes=60))
        row = get_row(case.id)
        assert (row.state, row.final, row.facts["lapsed"], row.version) == ("done", True, True, 4)
        assert not ClockRow.objects.filter(next_fire_at__isnull=False).exists()
        assert [item.action for item in HistoryRow.objects.order_by("version", "at", "id")][-2:] == [
            "clock_overdue",
            "lapse",
        ]

    def test_leaves_alone_what_a_person_was_faster_with(self, town):
        fang = resident()
        case = waiting_case(requester=fang.party_id)
        do(case.id, "confirm", fang, now=later(minutes=59))
        assert fire_due_clocks(later(minutes=60)) == 0
        assert get_row(case.id).facts.get("lapsed") is None


@pytest.mark.django_db(transaction=True)
class TestFireDueClocksKilledInTheMiddle:
    def test_does_the_automatic_step_at_the_next_round(self, real_town, monkeypatch):
        case = waiting_case()

        def killed(*args):
            raise KeyboardInterrupt

        monkeypatch.setattr(firing, "decide", killed)
        with pytest.raises(KeyboardInterrupt):
            fire_due_clocks(later(minutes=61))
        monkeypatch.undo()
        fire_due_clocks(later(minutes=62))
        assert get_row(case.id).state == "done"
        assert [action for action, _ in fired(case)] == ["clock_overdue"]

    def test_fires_the_stage_alone_where_the_process_refuses_the_step(self, real_town):
        case = waiting_case()
        Case.objects.filter(pk=case.id).update(state="doing")
        fire_due_clocks(later(minutes=61))
        assert get_row(case.id).state == "doing"
        assert [action for action, _ in fired(case)] == ["clock_overdue"]
        assert fire_due_clocks(later(minutes=62)) == 0

    def test_costs_two_round_trips_a_batch(self, real_town):
        for _ in range(20):
            opened(**HOURS)
        fire_due_clocks(later(minutes=83))
        with round_trips() as counted:
            assert fire_due_clocks(later(minutes=85)) == 20
        assert counted.trips == 2
