"""Dates of licences: the last day, the state of a day, the next reminder."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.apps.licences.policy.terms import Term, last_instant, next_reminder, state_on, until
from zhicheng.apps.licences.values import LicenceState

START = date(2026, 3, 2)
DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))


class TestUntil:
    @pytest.mark.parametrize(
        ("start", "years", "months", "end"),
        [
            (date(2026, 3, 2), 1, 0, date(2027, 3, 1)),
            (date(2026, 1, 1), 0, 6, date(2026, 6, 30)),
            (date(2025, 12, 1), 0, 1, date(2025, 12, 31)),
            (date(2026, 1, 31), 0, 1, date(2026, 2, 28)),
            (date(2026, 8, 31), 0, 1, date(2026, 9, 30)),
            (date(2024, 2, 29), 4, 0, date(2028, 2, 28)),
        ],
    )
    def test_is_the_day_before_the_same_day(self, start, years, months, end):
        assert until(start, years=years, months=months) == end

    @given(DAYS, st.integers(1, 240))
    def test_ends_before_the_same_day_of_that_month_or_with_the_month_that_has_none(self, start, months):
        year, month = divmod(12 * start.year + start.month - 1 + months, 12)
        length = monthrange(year, month + 1)[1]
        after = until(start, months=months) + timedelta(days=1)
        first = date(year, month + 1, 1)
        assert after == (first.replace(day=start.day) if start.day <= length else first + timedelta(days=length))


class TestStateOn:
    def test_counts_the_last_day_and_not_the_next(self):
        term = Term(START, date(2027, 3, 1))
        days = (START - timedelta(days=1), START, date(2027, 3, 1), date(2027, 3, 2))
        assert [state_on(term, day) for day in days] == [
            LicenceState.NOT_YET,
            LicenceState.VALID,
            LicenceState.VALID,
            LicenceState.EXPIRED,
        ]

    def test_puts_what_was_decided_before_dates(self):
        term = Term(START, date(2027, 3, 1), suspended=True, revoked=True)
        assert state_on(term, date(2030, 1, 1)) is LicenceState.REVOKED

    def test_ends_with_the_last_second_in_china(self):
        assert last_instant(START).isoformat() == "2026-03-02T23:59:59+08:00"


class TestNextReminder:
    @given(DAYS, DAYS)
    def test_is_never_in_the_past_nor_after_the_end(self, end, today):
        found = next_reminder(end, (90, 30, 7), today)
        assert found is None or today <= found < end

    def test_does_not_exist_for_what_lasts(self):
        assert next_reminder(None, (90, 30, 7), START) is None
