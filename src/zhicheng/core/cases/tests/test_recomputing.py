import pytest

from zhicheng.core.cases.models import ClockRow, HistoryRow
from zhicheng.core.cases.public import recompute_clocks
from zhicheng.core.cases.tests.town import CALENDAR, GUO, TWO_HOURS, do, later, opened, release

LONG_HOLIDAY = {**CALENDAR, "exceptions": {"2026-03-04": False, "2026-03-05": False}}


def clock(case):
    return ClockRow.objects.get(case_id=case.id, code="resolve")


def recomputed(case):
    return HistoryRow.objects.filter(case_id=case.id, action="clock_recomputed")


@pytest.mark.django_db
class TestRecomputeClocks:
    def test_moves_only_the_clocks_that_a_new_calendar_concerns(self, town):
        working, always = opened(), opened(limit=TWO_HOURS)
        done, held = opened(), opened()
        for case in (done, held):
            do(case.id, "take")
        do(done.id, "finish")
        do(held.id, "hold", GUO)
        before = {case.id: clock(case).due_at for case in (working, always, done, held)}
        release(LONG_HOLIDAY)
        assert recompute_clocks(later(hours=1)) == 1
        assert clock(working).due_at == later(days=7, hours=8)  # Monday 9 March, 18:00
        assert {case.id: clock(case).due_at for case in (always, done, held)} == {
            case.id: before[case.id] for case in (always, done, held)
        }

    def test_appends_to_history_what_it_changed(self, town):
        case = opened()
        release(LONG_HOLIDAY)
        recompute_clocks(later(hours=1))
        row = recomputed(case).get()
        assert row.public
        assert (row.actor, row.input["from"][:10], row.input["to"][:10]) == (
            "system:calendar",
            "2026-03-05",
            "2026-03-09",
        )

    def test_moves_warnings_and_the_place_in_queues_too(self, town):
        case = opened()
        before = clock(case).next_fire_at
        release(LONG_HOLIDAY)
        recompute_clocks(later(hours=1))
        assert clock(case).next_fire_at > before
        assert clock(case).next_fire_at < clock(case).due_at

    def test_under_the_same_calendar_changes_nothing(self, town):
        case = opened()
        do(case.id, "take")
        do(case.id, "longer", GUO)
        do(case.id, "hold", GUO, now=later(hours=3))
        do(case.id, "go_on", GUO, now=later(hours=5))
        release()
        assert recompute_clocks(later(hours=6)) == 0
        assert not recomputed(case).exists()

    def test_counts_what_was_left_after_a_pause_on_the_new_calendar(self, town):
        case = opened()
        do(case.id, "take")
        do(case.id, "hold", GUO, now=later(hours=1))
        do(case.id, "go_on", GUO, now=later(days=1, hours=1))  # a whole working day later
        assert clock(case).due_at == later(days=4, hours=8)
        release(LONG_HOLIDAY)
        recompute_clocks(later(days=1, hours=2))
        assert clock(case).due_at == later(days=8, hours=8)

    def test_works_through_many_cases_in_small_batches(self, town):
        cases = [opened() for _ in range(7)]
        release(LONG_HOLIDAY)
        assert recompute_clocks(later(hours=1), batch=3) == 7
        assert all(recomputed(case).count() == 1 for case in cases)
