"""Entries and events of an ordinary day in Futian."""

from datetime import UTC, datetime, timedelta

from zhicheng.core.ledger.values import Entry, Event
from zhicheng.kit.ids import uuid7

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def entry(number: int = 0, **values) -> Entry:
    at = NOW + timedelta(seconds=number)
    values.setdefault("data", {"number": number})
    return Entry(uuid7(at), at, "account:wang-fang", "case.assign", f"case:{number}", **values)


def event(number: int = 0, type_: str = "case.created", **data) -> Event:
    at = NOW + timedelta(seconds=number)
    return Event(uuid7(at), at, type_, f"case:{number}", data or {"number": number})
