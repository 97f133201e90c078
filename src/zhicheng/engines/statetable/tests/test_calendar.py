"""Golden values: 国办发明电〔2025〕7号 (holidays and make-up days of 2026), as the Shenzhen pack states them."""

from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.statetable.calendar import ALWAYS, WorkingCalendar
from zhicheng.engines.statetable.tests.model import MinuteCalendar, minute_of
from zhicheng.engines.statetable.tests.pack import at, shenzhen_calendar, shown

WORK = shenzhen_calendar(2025, 2026)
HOUR = 3600
BRUTE = MinuteCalendar(WORK.exceptions, date(2026, 1, 1), 400)
NO_DEADLINE = settings(deadline=None, max_examples=150)

instants = st.integers(0, 330 * 1440).map(lambda minutes: at("01-01 00:00") + timedelta(minutes=minutes))
exact = st.integers(0, 330 * 86_400).map(lambda seconds: at("01-01 00:00") + timedelta(seconds=seconds))
spans = st.integers(1, 60 * 420)


class TestIsWorkingDay:
    @pytest.mark.parametrize("year", [2024, 2025, 2026])
    def test_agrees_with_an_independent_table_of_state_council_notices(self, year):
        calendar = shenzhen_calendar(2024, 2025, 2026)
        days = [date(year, 1, 1) + timedelta(days=index) for index in range(365 + (year % 4 == 0))]
        assert [day for day in days if calendar.is_working_day(day) != chinese_calendar.is_workday(day)] == []


class TestAddDays:
    @pytest.mark.parametrize(
        ("start", "days", "due"),
        [
            ("2025-12-31 10:00", 1, "01-04 18:00"),  # New Year, Sunday 4 January is worked
            ("02-13 10:00", 1, "02-14 18:00"),  # Saturday before Spring Festival is worked
            ("02-13 10:00", 2, "02-24 18:00"),  # nine days of Spring Festival
            ("02-14 17:59", 1, "02-24 18:00"),
            ("02-17 08:00", 1, "02-24 18:00"),  # started on New Year's Day of the lunar year
            ("02-14 10:00", 5, "02-28 18:00"),  # make-up Saturday counts as the fifth day
            ("02-27 19:30", 1, "02-28 18:00"),  # after hours: still counted from the next working day
            ("03-06 10:00", 1, "03-09 18:00"),  # an ordinary weekend
            ("04-30 09:00", 4, "05-09 18:00"),
            ("09-18 09:00", 1, "09-20 18:00"),  # a worked Sunday
            ("09-30 23:59", 3, "10-10 18:00"),
            ("03-02 00:00", 0, "03-02 18:00"),
        ],
    )
    def test_counts_from_the_next_working_day_to_close_of_business(self, start, days, due):
        assert shown(WORK.add_days(at(start), days)) == due

    def test_takes_the_local_day_of_an_instant_in_utc(self):
        late_evening_utc = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)  # 00:30 on Tuesday in China
        assert shown(WORK.add_days(late_evening_utc, 1)) == "03-04 18:00"

    def test_refuses_to_count_backwards(self):
        with pytest.raises(ValueError, match="negative"):
            WORK.add_days(at("03-02 10:00"), -1)

    def test_round_the_clock_is_whole_days(self):
        assert shown(ALWAYS.add_days(at("02-14 10:20"), 7)) == "02-21 10:20"

    @NO_DEADLINE
    @given(instants, st.integers(1, 20))
    def test_agrees_with_counting_days_one_by_one(self, start, days):
        assert minute_of(WORK.add_days(start, days)) == BRUTE.close_of(minute_of(start), days)


class TestAddSeconds:
    @pytest.mark.parametrize(
        ("start", "hours", "end"),
        [
            ("03-02 09:00", 1, "03-02 10:00"),
            ("03-02 11:30", 0.5, "03-02 12:00"),  # stays at the end of the span
            ("03-02 11:30", 1, "03-02 14:30"),  # over lunch
            ("03-02 12:30", 1, "03-02 15:00"),  # started at lunch
            ("03-02 07:00", 1, "03-02 10:00"),  # before hours
            ("03-02 19:00", 1, "03-03 10:00"),  # after hours
            ("03-02 18:00", 1, "03-03 10:00"),
            ("03-02 09:00", 7, "03-02 18:00"),  # a whole day
            ("03-02 09:00", 7.01, "03-03 09:00:36"),
            ("03-06 17:00", 2, "03-09 10:00"),  # over a weekend
            ("02-14 17:00", 2, "02-24 10:00"),  # over Spring Festival
            ("02-17 15:00", 3, "02-24 12:00"),  # started on a holiday
            ("02-28 16:00", 3, "03-02 10:00"),  # from a make-up Saturday over a Sunday
            ("03-02 12:00", 0, "03-02 14:00"),  # nothing to count: the next moment of work
        ],
    )
    def test_counts_only_working_hours(self, start, hours, end):
        assert shown(WORK.add_seconds(at(start), hours * HOUR)) == end

    @NO_DEADLINE
    @given(instants, st.integers(1, 3000))
    def test_agrees_with_counting_minutes_one_by_one(self, start, minutes):
        assert minute_of(WORK.add_seconds(start, minutes * 60)) == BRUTE.add(minute_of(start), minutes)

    @NO_DEADLINE
    @given(exact, spans)
    def test_is_undone_by_seconds_between(self, start, seconds):
        for calendar in (WORK, ALWAYS):
            assert calendar.seconds_between(start, calendar.add_seconds(start, seconds)) == pytest.approx(seconds)

    @NO_DEADLINE
    @given(exact, spans, spans)
    def test_counting_in_two_steps_is_counting_at_once(self, start, first, second):
        twice = WORK.add_seconds(WORK.add_seconds(start, first), second)
        assert abs((twice - WORK.add_seconds(start, first + second)).total_seconds()) < 0.001

    @NO_DEADLINE
    @given(exact, exact, spans)
    def test_who_starts_later_ends_no_earlier(self, one, other, seconds):
        earlier, later = sorted([one, other])
        assert WORK.add_seconds(earlier, seconds) <= WORK.add_seconds(later, seconds)

    def test_fails_where_nobody_ever_works(self):
        never = WorkingCalendar(
            {date(2026, 1, 1) + timedelta(days=day): False for day in range(3700)}, ((time(9), time(12)),)
        )
        with pytest.raises(ValueError, match="no working day"):
            never.add_seconds(at("01-01 10:00"), 60)


class TestSecondsBetween:
    @pytest.mark.parametrize(
        ("start", "end", "hours"),
        [
            ("03-02 11:00", "03-02 15:00", 2),
            ("03-02 12:00", "03-02 14:00", 0),
            ("03-02 00:00", "03-03 00:00", 7),
            ("02-14 09:00", "02-24 09:00", 7),
            ("02-13 17:00", "02-28 10:00", 1 + 7 + 4 * 7 + 1),
            ("03-03 10:00", "03-02 10:00", 0),
        ],
    )
    def test_counts_only_working_hours(self, start, end, hours):
        assert WORK.seconds_between(at(start), at(end)) == hours * HOUR

    @NO_DEADLINE
    @given(instants, instants)
    def test_agrees_with_counting_minutes_one_by_one(self, one, other):
        assert WORK.seconds_between(one, other) == 60 * BRUTE.between(minute_of(one), minute_of(other))

    @NO_DEADLINE
    @given(exact, exact, exact)
    def test_adds_up(self, one, two, three):
        first, middle, last = sorted([one, two, three])
        parts = WORK.seconds_between(first, middle) + WORK.seconds_between(middle, last)
        assert parts == pytest.approx(WORK.seconds_between(first, last))


class TestWorkingCalendar:
    @pytest.mark.parametrize(
        "hours",
        [(), ((time(12), time(9)),), ((time(9), time(9)),), ((time(9), time(14)), (time(12), time(18)))],
    )
    def test_refuses_hours_out_of_order(self, hours):
        with pytest.raises(ValueError, match="ascending"):
            WorkingCalendar({}, hours)
