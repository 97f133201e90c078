from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.statetable.clocks import (
    check_limit,
    end_clock,
    extend_clock,
    pause_clock,
    recompute_clock,
    resume_clock,
    schedule,
    start_clock,
)
from zhicheng.engines.statetable.definition import ClockSpec, Process
from zhicheng.engines.statetable.firing import fire
from zhicheng.engines.statetable.tests.pack import at, shenzhen_calendar, shown

CALENDARS = {"working": shenzhen_calendar(2025, 2026)}
STAGES = (0.7, 0.9, 1.0, 1.5, 2.0)
PROCESS = Process("p", "p", "s", {}, {}, {"resolve": ClockSpec("resolve", "时限", {}, STAGES, then="close")})
QUICK = settings(deadline=None, max_examples=100)

starts = st.integers(0, 200 * 1440).map(lambda minutes: at("01-01 00:00") + timedelta(minutes=minutes))
gaps = st.integers(0, 20 * 1440).map(lambda minutes: timedelta(minutes=minutes))
limits = st.one_of(
    st.integers(1, 15).map(lambda days: {"working_days": days}),
    st.integers(1, 48).map(lambda hours: {"hours": hours, "calendar": "working"}),
    st.integers(1, 48).map(lambda hours: {"hours": hours}),
    st.integers(1, 9).map(lambda days: {"days": days, "calendar": "always"}),
)


def started(limit, now):
    return schedule(start_clock("resolve", limit, now, CALENDARS), STAGES, CALENDARS)


class TestStartClock:
    @pytest.mark.parametrize(
        ("limit", "due"),
        [
            ({"minutes": 10, "calendar": "always"}, "02-13 16:10"),
            ({"hours": 24}, "02-14 16:00"),
            ({"days": 7}, "02-20 16:00"),
            ({"hours": 3, "calendar": "working"}, "02-14 10:00"),
            ({"working_days": 1}, "02-14 18:00"),
            ({"working_days": 5}, "02-27 18:00"),
        ],
    )
    def test_is_due_by_its_calendar(self, limit, due):
        assert shown(start_clock("resolve", limit, at("02-13 16:00"), CALENDARS).due_at) == due

    def test_keeps_a_copy_of_its_limit_and_source(self):
        limit = {"working_days": 5, "source": "《信访工作条例》"}
        clock = start_clock("resolve", limit, at("03-02 10:00"), CALENDARS)
        limit["source"] = "改了"
        assert clock.limit["source"] == "《信访工作条例》"

    @pytest.mark.parametrize("limit", [{}, {"weeks": 2}, {"hours": 1, "calendar": "lunar"}])
    def test_refuses_a_limit_that_it_cannot_read(self, limit):
        with pytest.raises(ValueError, match=r"时限要写明|日历 lunar 不存在"):
            start_clock("resolve", limit, at("03-02 10:00"), CALENDARS)


class TestCheckLimit:
    @pytest.mark.parametrize("limit", [{"minutes": 10}, {"working_days": 5, "source": "法"}, {"hours": 1.5}])
    def test_takes_one_positive_unit(self, limit):
        check_limit(limit)

    @pytest.mark.parametrize(
        "limit",
        [{}, {"hours": 1, "days": 1}, {"hours": 0}, {"days": -1}, {"hours": "3"}, {"hours": True}, {"days": None}],
    )
    def test_refuses_everything_else(self, limit):
        with pytest.raises(ValueError, match="时限"):
            check_limit(limit)


class TestSchedule:
    @QUICK
    @given(limits, starts)
    def test_warns_before_it_is_due_and_escalates_after(self, limit, now):
        clock = started(limit, now)
        instants = [schedule(replace(clock, stage=stage), STAGES, CALENDARS).next_fire_at for stage in range(5)]
        assert instants == sorted(instants)
        assert instants[1] <= clock.due_at == instants[2] < instants[3] < instants[4]
        assert clock.started_at < instants[0]

    def test_ends_after_its_last_stage(self):
        clock = replace(started({"hours": 1}, at("03-02 10:00")), stage=5)
        assert schedule(clock, STAGES, CALENDARS).next_fire_at is None

    def test_of_ten_hours_round_the_clock(self):
        clock = started({"hours": 10}, at("03-02 10:00"))
        instants = [schedule(replace(clock, stage=stage), STAGES, CALENDARS).next_fire_at for stage in range(5)]
        assert [shown(instant) for instant in instants] == [
            "03-02 17:00",
            "03-02 19:00",
            "03-02 20:00",
            "03-03 01:00",
            "03-03 06:00",
        ]

    def test_of_two_working_days_over_a_weekend(self):
        clock = started({"working_days": 2}, at("03-06 16:00"))  # 2 h on Friday, Monday, Tuesday: 16 h
        instants = [schedule(replace(clock, stage=stage), STAGES, CALENDARS).next_fire_at for stage in range(3)]
        assert [shown(instant) for instant in instants] == ["03-10 11:12", "03-10 16:24", "03-10 18:00"]


class TestPauseAndResume:
    @QUICK
    @given(limits, starts, gaps, gaps)
    def test_keep_what_is_left(self, limit, now, first, second):
        clock = started(limit, now)
        calendar = CALENDARS.get(clock.calendar)
        paused = pause_clock(clock, now + first, "等材料", CALENDARS)
        resumed = resume_clock(paused, now + first + second, CALENDARS)
        assert resumed.remaining_s == paused.remaining_s <= clock.total_s
        if paused.remaining_s > 0 and calendar:
            assert calendar.seconds_between(now + first + second, resumed.due_at) == pytest.approx(paused.remaining_s)

    @QUICK
    @given(limits, starts, gaps)
    def test_at_one_instant_change_nothing(self, limit, now, gap):
        clock = started(limit, now)
        again = resume_clock(pause_clock(clock, now + gap, "", CALENDARS), now + gap, CALENDARS)
        assert abs(again.due_at - clock.due_at) < timedelta(milliseconds=1)

    @QUICK
    @given(limits, starts, gaps)
    def test_do_not_wash_lateness_away(self, limit, now, gap):
        clock = started(limit, now)
        late = clock.due_at + timedelta(minutes=1)
        again = resume_clock(pause_clock(clock, late, "", CALENDARS), late + gap, CALENDARS)
        assert again.due_at == clock.due_at
        assert end_clock(again, late + gap, "met").is_late(late + gap)
        assert recompute_clock(again, CALENDARS) == again

    def test_of_a_clock_that_has_ended_do_nothing(self):
        met = end_clock(started({"hours": 1}, at("03-02 10:00")), at("03-02 10:30"), "met")
        assert pause_clock(met, at("03-02 10:40"), "", CALENDARS) == met
        assert resume_clock(met, at("03-02 10:40"), CALENDARS) == met
        assert end_clock(met, at("03-02 10:50"), "cancelled") == met

    def test_a_paused_clock_is_not_late_while_it_waits(self):
        clock = started({"hours": 1}, at("03-02 10:00"))
        paused = pause_clock(clock, at("03-02 10:30"), "", CALENDARS)
        assert not paused.is_late(at("03-09 10:00"))
        assert pause_clock(clock, at("03-02 11:01"), "", CALENDARS).is_late(at("03-02 11:01"))


class TestExtendClock:
    @pytest.mark.parametrize(
        ("limit", "days", "due"),
        [
            ({"working_days": 2}, 3, "03-09 18:00"),
            ({"days": 2}, 3, "03-07 10:00"),
            ({"hours": 3, "calendar": "working"}, 1, "03-03 18:00"),
        ],
    )
    def test_adds_exactly_the_days(self, limit, days, due):
        clock = started(limit, at("03-02 10:00"))
        assert shown(extend_clock(clock, days, at("03-02 11:00"), CALENDARS, STAGES).due_at) == due

    @QUICK
    @given(st.integers(1, 10), st.integers(1, 10), starts)
    def test_of_working_days_is_as_if_granted_from_the_start(self, limit, days, now):
        clock = extend_clock(started({"working_days": limit}, now), days, now, CALENDARS, STAGES)
        assert clock.due_at == started({"working_days": limit + days}, now).due_at

    @QUICK
    @given(limits, starts, gaps, st.integers(1, 10))
    def test_gives_a_paused_clock_the_same_time(self, limit, now, gap, days):
        clock = started(limit, now)
        running = extend_clock(clock, days, now + gap, CALENDARS, STAGES)
        paused = extend_clock(pause_clock(clock, now + gap, "", CALENDARS), days, now + gap, CALENDARS, STAGES)
        assert paused.total_s == running.total_s
        assert paused.remaining_s - pause_clock(clock, now + gap, "", CALENDARS).remaining_s == pytest.approx(
            running.total_s - clock.total_s
        )

    def test_warns_again_where_the_warning_lies_ahead_again(self):
        clock = replace(started({"days": 10}, at("03-02 10:00")), stage=2)  # warned at 70 % and 90 %
        longer = extend_clock(clock, 1, at("03-11 22:00"), CALENDARS, STAGES)
        assert longer.stage == 1
        assert shown(schedule(longer, STAGES, CALENDARS).next_fire_at) == "03-12 07:36"

    @pytest.mark.parametrize("days", [0, -3])
    def test_refuses_less_than_a_day(self, days):
        with pytest.raises(ValueError, match="at least one day"):
            extend_clock(started({"days": 1}, at("03-02 10:00")), days, at("03-02 11:00"), CALENDARS, STAGES)

    def test_refuses_a_clock_that_has_ended(self):
        met = end_clock(started({"days": 1}, at("03-02 10:00")), at("03-02 10:30"), "met")
        with pytest.raises(ValueError, match="open clock"):
            extend_clock(met, 1, at("03-02 11:00"), CALENDARS, STAGES)


class TestRecomputeClock:
    @QUICK
    @given(limits, starts, gaps, gaps, st.integers(0, 5))
    def test_under_the_same_calendar_is_the_same_clock(self, limit, now, first, second, days):
        clock = started(limit, now)
        assert recompute_clock(clock, CALENDARS) == clock
        if days:
            clock = extend_clock(clock, days, now, CALENDARS, STAGES)
        resumed = resume_clock(pause_clock(clock, now + first, "", CALENDARS), now + first + second, CALENDARS)
        assert abs(recompute_clock(resumed, CALENDARS).due_at - resumed.due_at) < timedelta(milliseconds=1)

    def test_counts_a_new_holiday_out(self):
        clock = started({"working_days": 3}, at("03-02 10:00"))
        calendar = CALENDARS["working"]
        later = replace(calendar, exceptions={**calendar.exceptions, at("03-04 00:00").date(): False})
        moved = recompute_clock(clock, {"working": later})
        assert (shown(clock.due_at), shown(moved.due_at)) == ("03-05 18:00", "03-06 18:00")
        assert moved.total_s == clock.total_s

    def test_leaves_paused_and_ended_clocks_alone(self):
        clock = started({"working_days": 3}, at("03-02 10:00"))
        for still in (pause_clock(clock, at("03-02 11:00"), "", CALENDARS), end_clock(clock, at("03-02 11:00"), "met")):
            assert recompute_clock(still, {}) == still


class TestFire:
    def fired(self, clock, now):
        return [(one.kind, one.share, one.level, one.then) for one in fire(PROCESS, [clock], at(now), CALENDARS)]

    @pytest.mark.parametrize(
        ("now", "told"),
        [
            ("03-02 16:59", []),
            ("03-02 17:00", [("warning", 0.7, 0, "")]),
            ("03-02 19:30", [("warning", 0.9, 0, "")]),
            ("03-02 20:00", [("overdue", 1.0, 1, "close")]),
            ("03-03 01:00", [("escalation", 1.5, 2, "close")]),
            ("04-01 00:00", [("escalation", 2.0, 3, "close")]),
        ],
    )
    def test_a_clock_that_slept_fires_only_the_latest_stage(self, now, told):
        assert self.fired(started({"hours": 10}, at("03-02 10:00")), now) == told

    def test_asks_for_the_automatic_step_only_once(self):
        clock = fire(PROCESS, [started({"hours": 10}, at("03-02 10:00"))], at("03-02 20:00"), CALENDARS)[0].clock
        assert self.fired(clock, "03-03 01:00") == [("escalation", 1.5, 2, "")]

    @QUICK
    @given(limits, starts, st.lists(gaps, min_size=1, max_size=8))
    def test_leaves_nothing_due_behind(self, limit, now, steps):
        clock = started(limit, now)
        for step in steps:
            now += step
            for one in fire(PROCESS, [clock], now, CALENDARS):
                clock = one.clock
            assert clock.next_fire_at is None or clock.next_fire_at > now

    def test_leaves_paused_and_ended_clocks_alone(self):
        clock = started({"hours": 1}, at("03-02 10:00"))
        still = [pause_clock(clock, at("03-02 10:10"), "", CALENDARS), end_clock(clock, at("03-02 10:10"), "met")]
        assert fire(PROCESS, still, at("04-01 00:00"), CALENDARS) == []
