"""Dates of a licence: until when it stands, whether it is in force, when its holder is reminded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from zhicheng.apps.licences.values import LicenceState, LicenceType
from zhicheng.kit.clock import CHINA

_DAY_29 = 29


@dataclass(frozen=True)
class Term:
    """What decides whether a licence is in force."""

    valid_from: date
    valid_until: date | None
    suspended: bool = False
    revoked: bool = False
    replaced: bool = False


def state_on(term: Term, today: date) -> LicenceState:
    """The state of a licence on a day; the last day of validity counts."""
    ended = (
        (term.revoked, LicenceState.REVOKED),
        (term.replaced, LicenceState.REPLACED),
        (term.suspended, LicenceState.SUSPENDED),
        (term.valid_until is not None and today > term.valid_until, LicenceState.EXPIRED),
        (today < term.valid_from, LicenceState.NOT_YET),
    )
    return next((state for holds, state in ended if holds), LicenceState.VALID)


def until(start: date, *, years: int = 0, months: int = 0) -> date | None:
    """The last day of a term: the day before the same day of a later month; none without a length.

    >>> until(date(2026, 1, 5), years=10), until(date(2024, 2, 29), years=1), until(date(2026, 1, 5))
    (datetime.date(2036, 1, 4), datetime.date(2025, 2, 28), None)
    """
    count = 12 * years + months
    if not count:
        return None
    month = start.month - 1 + count
    year, month = start.year + month // 12, month % 12 + 1
    if start.day >= _DAY_29 and date(year, month, 28) + timedelta(days=start.day - 28) >= _next_month(year, month):
        return _next_month(year, month) - timedelta(days=1)
    return date(year, month, start.day) - timedelta(days=1)


def term_end(licence_type: LicenceType, start: date) -> date | None:
    """The last day of a licence of a type that begins on a day; none for one that stands until it is revoked."""
    return until(start, years=licence_type.years, months=licence_type.months)


def next_reminder(valid_until: date | None, days_before: Sequence[int], today: date) -> date | None:
    """The next day on which the holder is to be reminded, today or later; of days missed, none is made up for twice.

    >>> next_reminder(date(2026, 12, 31), (90, 30, 7), date(2026, 12, 20))
    datetime.date(2026, 12, 24)
    """
    if valid_until is None:
        return None
    due = sorted(valid_until - timedelta(days=days) for days in days_before)
    return next((day for day in due if day >= today), None)


def first_instant(day: date) -> datetime:
    """When a day begins in China."""
    return datetime.combine(day, time(), CHINA)


def last_instant(day: date) -> datetime:
    """The last second of a day in China."""
    return first_instant(day + timedelta(days=1)) - timedelta(seconds=1)


def _next_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)
