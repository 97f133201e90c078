import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from zhicheng.core.cases.gate.definitions import calendars
from zhicheng.core.cases.gate.recomputing import recompute_clocks
from zhicheng.core.cases.models import CalendarSweep, Case, ClockRow, HistoryRow
from zhicheng.core.cases.queries.details import clock_of
from zhicheng.core.cases.sections.calendars import refuse_lost_calendars
from zhicheng.core.cases.tests.town import CALENDAR, GUO, NOW, TINYTOWN, TWO_HOURS, do, later, opened, release
from zhicheng.core.packs.public import forget_installed_pack, load_pack
from zhicheng.engines.statetable.clocks import recompute_clock

LONG_HOLIDAY = {**CALENDAR, "exceptions": {"2026-03-04": False, "2026-03-05": False}}


class KilledError(Exception):
    """The worker is gone."""


def recompute_all(now, batch=200):
    """The worker's duty until it has nothing left to do; how many clocks were moved by the newest release's walk."""
    while recompute_clocks(now, batch):
        pass
    return CalendarSweep.objects.latest("release_id").moved


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
        assert recompute_all(later(hours=1)) == 1
        assert clock(working).due_at == later(days=7, hours=8)  # Monday 9 March, 18:00
        assert {case.id: clock(case).due_at for case in (always, done, held)} == {
            case.id: before[case.id] for case in (always, done, held)
        }

    def test_appends_to_history_what_it_changed(self, town):
        case = opened()
        release(LONG_HOLIDAY)
        recompute_all(later(hours=1))
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
        recompute_all(later(hours=1))
        assert clock(case).next_fire_at > before
        assert clock(case).next_fire_at < clock(case).due_at

    def test_under_the_same_calendar_changes_nothing(self, town):
        case = opened()
        do(case.id, "take")
        do(case.id, "longer", GUO)
        do(case.id, "hold", GUO, now=later(hours=3))
        do(case.id, "go_on", GUO, now=later(hours=5))
        release()
        assert recompute_all(later(hours=6)) == 0
        assert not recomputed(case).exists()

    def test_counts_what_was_left_after_a_pause_on_the_new_calendar(self, town):
        case = opened()
        do(case.id, "take")
        do(case.id, "hold", GUO, now=later(hours=1))
        do(case.id, "go_on", GUO, now=later(days=1, hours=1))  # a whole working day later
        assert clock(case).due_at == later(days=4, hours=8)
        release(LONG_HOLIDAY)
        recompute_all(later(days=1, hours=2))
        assert clock(case).due_at == later(days=8, hours=8)

    def test_works_through_many_cases_in_small_batches(self, town):
        cases = [opened() for _ in range(7)]
        release(LONG_HOLIDAY)
        assert recompute_all(later(hours=1), batch=3) == 7
        assert all(recomputed(case).count() == 1 for case in cases)

    def test_walks_once_a_release_and_then_looks_at_nothing(self, town):
        opened()
        release(LONG_HOLIDAY)
        recompute_all(later(hours=1))
        sweep = CalendarSweep.objects.latest("release_id")
        assert (sweep.moved, sweep.finished_at) == (1, later(hours=1))
        assert recompute_clocks(later(hours=2)) == 0

    def test_waits_until_every_process_has_noticed_the_pack(self, town):
        opened()
        release(LONG_HOLIDAY)
        assert recompute_clocks(NOW) == 0
        assert recompute_clocks(later(seconds=10)) == 1

    def test_starts_again_for_the_pack_that_came_in_between(self, town):
        cases = [opened() for _ in range(4)]
        before = clock(cases[0]).due_at
        release(LONG_HOLIDAY)
        assert recompute_clocks(later(hours=1), batch=2) == 2
        release()  # the holiday is taken back
        recompute_all(later(hours=1))
        assert {clock(case).due_at for case in cases} == {before}
        assert sorted(recomputed(case).count() for case in cases) == [0, 0, 2, 2]

    def test_leaves_a_case_that_cannot_be_reckoned_and_goes_on(self, town):
        broken, fine = opened(), opened()
        ClockRow.objects.filter(case_id=broken.id).update(calendar="lunar")
        release(LONG_HOLIDAY)
        assert recompute_all(later(hours=1)) == 1
        assert recomputed(fine).exists()

    def test_without_a_pack_there_is_nothing_to_do(self, db):
        forget_installed_pack()
        assert recompute_clocks(NOW) == 0


WAYS = ("plain", "done", "held", "always", "twice")


def make_case(way):
    case = opened(limit=TWO_HOURS) if way == "always" else opened()
    for action in {"done": ("take", "finish"), "held": ("take", "hold"), "twice": ("take", "longer")}.get(way, ()):
        do(case.id, action, GUO)
    return case


def killed_at(place):
    """Die before the n-th statement that writes."""
    seen = iter(range(1, 1000))

    def wrapper(execute, sql, params, many, context):
        if sql.startswith(("UPDATE", "WITH", "INSERT")) and next(seen) == place:
            raise KilledError
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


@pytest.mark.django_db
class TestRecomputeAgainstAModel:
    @settings(
        deadline=None,
        max_examples=25,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        ways=st.lists(st.sampled_from(WAYS), min_size=1, max_size=9),
        batch=st.integers(1, 4),
        kills=st.lists(st.integers(1, 4), max_size=6),
        holidays=st.sets(st.integers(2, 12), max_size=4),
        newcomers=st.integers(0, 2),
    )
    def test_every_clock_moves_once_whatever_is_killed(self, town, ways, batch, kills, holidays, newcomers):
        release()
        cases = [make_case(way) for way in ways]
        release({**CALENDAR, "exceptions": {f"2026-03-{day:02}": False for day in sorted(holidays)}})
        known = calendars()
        pairs = [(row, clock_of(row), recompute_clock(clock_of(row), known)) for row in self.clocks(cases)]
        wanted = {row.pk: after.due_at for row, _, after in pairs}
        moving = {row.case_id for row, before, after in pairs if before != after}
        for kill in kills:
            with killed_at(kill):
                self.until_killed(batch)
        cases += [opened() for _ in range(newcomers)]  # under the new calendar already
        recompute_all(later(hours=1), batch)
        recompute_all(later(hours=2), batch)
        assert {row.pk: row.due_at for row in self.clocks(cases) if row.pk in wanted} == wanted
        assert [recomputed(case).count() for case in cases] == [int(case.id in moving) for case in cases]

    def clocks(self, cases):
        return ClockRow.objects.filter(case_id__in=[case.id for case in cases])

    def until_killed(self, batch):
        try:
            recompute_clocks(later(hours=1), batch)
        except KilledError:
            return


@pytest.mark.django_db
class TestRefuseLostCalendars:
    def faults(self, year=""):
        source = load_pack(TINYTOWN).source
        years = [item for item in source.values["calendars"].years if str(item.value.year) != year]
        source.values["calendars"].years[:] = years
        return [(fault.file, fault.code, fault.hint) for fault in refuse_lost_calendars(source)]

    def test_lets_a_pack_in_that_has_them_all(self, town):
        opened()
        assert self.faults() == []

    def test_names_the_calendar_that_running_clocks_use(self, town):
        case = opened()
        ClockRow.objects.filter(case_id=case.id).update(calendar="court")
        [(file, code, hint)] = self.faults()
        assert (file, code) == ("calendars/hours.yaml", "calendar.stranded")
        assert hint.startswith("请用原来的代码保留这个日历")

    def test_names_the_year_that_running_clocks_need(self, town):
        opened()
        [(file, _, hint)] = self.faults("2026")
        assert (file, hint[:3]) == ("calendars/2026.yaml", "请保留")

    def test_does_not_mind_a_year_that_no_clock_reaches(self, town):
        case = opened()
        Case.objects.filter(pk=case.id).update(due_at=None)
        ClockRow.objects.filter(case_id=case.id).update(state="met")
        assert self.faults("2026") == []
