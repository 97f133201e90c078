"""Rows from JSON files and from another database: checked like any other source."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from zhicheng.core.lake.errors import SourceUnreadable
from zhicheng.core.lake.public import connect, ingest, list_rejections
from zhicheng.core.lake.tests.conftest import CLERK, NOW, RESIDENT
from zhicheng.core.lake.values import DatabaseQuery, Reason

pytestmark = pytest.mark.django_db
LI = {
    "resident_key": "li",
    "born": "1990-05-01",
    "sex": "female",
    "level": 0,
    "months": 12,
    "rate": 0.5,
    "employed": True,
}


def take(source):
    return ingest(RESIDENT, source, actor=CLERK, now=NOW)


def rows_now() -> list[tuple]:
    with connect() as lake:
        return lake.execute("SELECT * FROM resident ORDER BY resident_key").fetchall()


def elsewhere(sql: str) -> DatabaseQuery:
    """A query to the tests' own server, as to somebody else's."""
    given = connection.settings_dict
    parts = {"dbname": given["NAME"], "user": given["USER"], "password": given["PASSWORD"], "host": given["HOST"]}
    port = {"port": given["PORT"]} if given["PORT"] else {}
    return DatabaseQuery(psycopg.conninfo.make_conninfo(**{k: v for k, v in {**parts, **port}.items() if v}), sql)


class TestJson:
    @pytest.mark.parametrize("name", ["rows.json", "rows.jsonl"])
    def test_rows_are_taken_as_an_array_or_a_line_each(self, tmp_path: Path, name):
        path = tmp_path / name
        lines = [LI, {**LI, "resident_key": "wang", "rate": 1.25}]
        path.write_text(json.dumps(lines) if name == "rows.json" else "\n".join(map(json.dumps, lines)))
        assert take(path).accepted == 2
        assert rows_now()[1][0] == "wang"
        assert Decimal("1.25") in rows_now()[1]

    def test_a_value_of_another_type_is_listed_with_its_row(self, tmp_path: Path):
        path = tmp_path / "rows.json"
        path.write_text(json.dumps([LI, {**LI, "resident_key": "wang", "months": "很久"}]))
        report = take(path)
        (found,) = list_rejections(report.id)
        assert (report.accepted, found.row, found.reason) == (1, 2, Reason.WRONG_TYPE)

    @pytest.mark.parametrize(("name", "text"), [("a.json", "[1, 2]"), ("a.json", "[{"), ("a.jsonl", '{"a":1}\n[2]\n')])
    def test_what_is_no_row_is_refused_whole(self, tmp_path: Path, name, text):
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(SourceUnreadable):
            take(path)


class TestDatabaseQuery:
    def test_rows_come_with_their_types(self):
        report = take(
            elsewhere(
                "SELECT 'p' || n AS resident_key, DATE '1990-05-01' AS born, 'male' AS sex, 1 AS level,"
                " 12 AS months, 0.25 AS rate, true AS employed FROM generate_series(1, 3) AS n"
            )
        )
        assert (report.accepted, report.rejected) == (3, 0)
        assert rows_now()[0][:2] == ("p1", date(1990, 5, 1))

    @pytest.mark.parametrize("sql", ["SELEC 1", "DELETE FROM django_session"])
    def test_a_bad_query_says_why_and_writes_nothing(self, sql):
        with pytest.raises(SourceUnreadable):
            take(elsewhere(sql))

    def test_the_address_of_a_database_that_is_away_is_not_told(self):
        with pytest.raises(SourceUnreadable) as refused:
            take(DatabaseQuery("postgresql://boss:secret@127.0.0.1:1/x", "SELECT 1"))
        assert "secret" not in str(refused.value)
