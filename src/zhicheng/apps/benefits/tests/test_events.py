"""What is paid once an event: each child's birth, the same never twice however it was written down."""

from datetime import date, timedelta

import pytest

from zhicheng.apps.benefits.public import period_words
from zhicheng.apps.benefits.tests.town import NOW, Grant, execute, granted, key, settle

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(hours=2)
BIRTH, CHECKUP, FIRST, SECOND = "birth_grant", "checkup_grant", date(2025, 11, 2), date(2027, 1, 15)


def born(day: date | None, **more: object) -> dict[str, object]:
    return {"childbirth_date": day, **more}


class TestEvent:
    def test_is_the_period_of_what_is_granted(self, officer, approver) -> None:
        settle({key(1): born(FIRST)})
        execute(officer, approver, BIRTH)
        assert granted() == {(key(1), BIRTH, "2025-11-02"): 300000}
        assert period_words("2025-11-02") == "一次性（2025年11月2日）"

    def test_is_not_paid_again_months_later(self, officer, approver) -> None:
        settle({key(1): born(FIRST)})
        execute(officer, approver, BIRTH)
        assert execute(officer, approver, BIRTH, on=date(2026, 9, 1), now=LATER).granted == 0

    def test_is_paid_for_the_second_child_too(self, officer, approver) -> None:
        settle({key(1): born(FIRST)})
        execute(officer, approver, BIRTH)
        settle({key(1): born(SECOND)}, now=LATER)
        execute(officer, approver, BIRTH, on=date(2027, 3, 1), now=LATER)
        assert set(granted()) == {(key(1), BIRTH, "2025-11-02"), (key(1), BIRTH, "2027-01-15")}

    def test_stays_the_same_when_its_day_is_corrected(self, officer, approver) -> None:
        settle({key(1): born(FIRST)})
        execute(officer, approver, BIRTH)
        settle({key(1): born(date(2025, 12, 1))}, now=LATER)
        execute(officer, approver, BIRTH, now=LATER)
        execute(officer, approver, BIRTH, on=date(2026, 6, 1), now=LATER + timedelta(hours=1))
        assert granted() == {(key(1), BIRTH, "2025-11-02"): 300000}

    def test_is_taken_back_when_there_was_none(self, officer, approver) -> None:
        settle({key(1): born(FIRST)})
        execute(officer, approver, BIRTH)
        settle({key(1): born(None)}, now=LATER)
        execute(officer, approver, BIRTH, now=LATER)
        assert granted() == {}

    def test_counts_what_was_granted_before_events_were_kept_apart(self, officer, approver) -> None:
        settle({key(1): born(FIRST)})
        execute(officer, approver, BIRTH)
        Grant.objects.update(period="once")
        assert execute(officer, approver, BIRTH, on=date(2026, 9, 1), now=LATER).granted == 0
        settle({key(1): born(SECOND)}, now=LATER)
        execute(officer, approver, BIRTH, on=date(2027, 3, 1), now=LATER + timedelta(hours=1))
        assert set(granted()) == {(key(1), BIRTH, "once"), (key(1), BIRTH, "2027-01-15")}

    def test_of_two_mothers_are_two(self, officer, approver) -> None:
        settle({key(1): born(FIRST, household_key="h1"), key(2): born(FIRST, household_key="h1")})
        execute(officer, approver, BIRTH)
        assert len(granted()) == 2


def expecting(children: int) -> dict[str, object]:
    return {"pregnant_registered": True, "children_count": children}


class TestNumberedEvent:
    """A pregnancy is known by how many children there are already."""

    def test_is_paid_for_each_pregnancy(self, officer, approver) -> None:
        settle({key(1): expecting(0)})
        execute(officer, approver, CHECKUP)
        assert execute(officer, approver, CHECKUP, on=date(2026, 5, 1), now=LATER).granted == 0
        settle({key(1): expecting(1)}, now=LATER)
        execute(officer, approver, CHECKUP, on=date(2028, 3, 1), now=MUCH_LATER)
        assert set(granted()) == {(key(1), CHECKUP, "#0"), (key(1), CHECKUP, "#1")}

    def test_stays_the_same_when_the_number_is_corrected_soon_after(self, officer, approver) -> None:
        settle({key(1): expecting(0)})
        execute(officer, approver, CHECKUP)
        settle({key(1): expecting(1)}, now=LATER)
        execute(officer, approver, CHECKUP, on=date(2026, 6, 1), now=LATER)
        assert set(granted()) == {(key(1), CHECKUP, "#0")}


class TestGroupOfEvents:
    def test_pays_the_larger_of_one_day(self, officer, approver) -> None:
        settle({key(1): born(FIRST, **expecting(1))})
        execute(officer, approver, BIRTH, CHECKUP)
        assert set(granted()) == {(key(1), BIRTH, "2025-11-02")}

    def test_keeps_the_other_out_for_its_days(self, officer, approver) -> None:
        settle({key(1): expecting(0)})
        execute(officer, approver, BIRTH, CHECKUP)
        settle({key(1): born(date(2026, 7, 1), children_count=1)}, now=LATER)
        execute(officer, approver, BIRTH, CHECKUP, on=date(2026, 9, 1), now=LATER)
        assert set(granted()) == {(key(1), CHECKUP, "#0")}

    def test_does_not_keep_the_next_birth_out(self, officer, approver) -> None:
        settle({key(1): expecting(0)})
        execute(officer, approver, BIRTH, CHECKUP)
        settle({key(1): born(date(2028, 7, 1), children_count=2)}, now=LATER)
        execute(officer, approver, BIRTH, CHECKUP, on=date(2028, 9, 1), now=LATER)
        assert set(granted()) == {(key(1), CHECKUP, "#0"), (key(1), BIRTH, "2028-07-01")}
