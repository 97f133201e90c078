"""Odd values on their way through the real PostgreSQL and back; the parts themselves are tested in kit."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhicheng.kit.sqltext import Part, compose, insert_rows, to_json

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COLUMNS = (
    "id uuid, words text, amount numeric, raw bytea, at timestamptz, day date, facts jsonb, yes boolean, big bigint"
)
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts
seconds = st.integers(-30_000_000_000, 250_000_000_000)  # the years 1019 to 9892
instants = st.builds(
    lambda second, part: EPOCH + timedelta(seconds=second, microseconds=part), seconds, st.integers(0, 999_999)
)
rows = st.fixed_dictionaries(
    {
        "id": st.uuids(),
        "words": st.none() | texts,
        "amount": st.none()
        | st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
        "raw": st.none() | st.binary(max_size=200),
        "at": st.none() | instants,
        "day": st.none() | st.dates(date(1000, 1, 1)),
        "facts": st.dictionaries(texts, plain | st.lists(plain, max_size=3), max_size=4),
        "yes": st.none() | st.booleans(),
        "big": st.none() | st.integers(-(2**63), 2**63 - 1),
    }
)


@pytest.fixture
def table(db) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE odd ({COLUMNS}) ON COMMIT DROP")
    return "odd"


def stored(found: list[dict]) -> list[dict]:
    """The rows after PostgreSQL had them."""
    part = insert_rows("made", "odd", found)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM odd")
        cursor.execute(*compose([part], Part("", "SELECT 1")))
        cursor.execute("SELECT id, words, amount, raw, at, day, facts::text, yes, big FROM odd")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class TestInsertRows:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(found=st.lists(rows, min_size=1, max_size=5, unique_by=lambda row: row["id"]))
    def test_brings_odd_values_through_postgresql_unchanged(self, table, found):
        came = {row["id"]: row for row in stored(found)}
        for row in found:
            back = came[row["id"]]
            back["raw"] = None if back["raw"] is None else bytes(back["raw"])
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s::jsonb = facts FROM odd WHERE id = %s", (to_json(row["facts"]), row["id"]))
                assert cursor.fetchone() == (True,)
            assert {**back, "facts": None} == {**row, "facts": None}

    def test_inserts_nothing_when_its_gate_let_nothing_through(self, table):
        row = {"id": UUID(int=1), "words": "x"}
        for gate, expected in (("SELECT 1 WHERE false", 0), ("SELECT 1", 1)):
            parts = [Part("fresh", gate), insert_rows("made", table, [row], gate="fresh")]
            with connection.cursor() as cursor:
                cursor.execute(*compose(parts, Part("", "SELECT 1")))
                cursor.execute("SELECT count(*) FROM odd")
                assert cursor.fetchone() == (expected,)
