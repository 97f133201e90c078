"""The contract of two paths: whatever the rule, whatever the row, Python and DuckDB give the same."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from zhicheng.engines.rules.book import build_book
from zhicheng.engines.rules.bulk import compile_bulk
from zhicheng.engines.rules.evaluation import Evaluator
from zhicheng.engines.rules.tests.expressions import (
    BOOLEANS,
    DATES,
    NUMBERS,
    PARAMETERS,
    PERSON,
    ROWS,
    TODAY,
    rule,
    tables,
)
from zhicheng.engines.rules.values import RuleText, TableText

SCHEMA = pa.schema(
    [
        ("person_key", pa.string()),
        ("born", pa.date32()),
        ("moved", pa.date32()),
        ("income", pa.int64()),
        ("children", pa.int32()),
        ("rate", pa.decimal128(18, 4)),
        ("employed", pa.bool_()),
        ("married", pa.bool_()),
        ("city", pa.string()),
        ("note", pa.string()),
    ]
)
# A broken rule is refused at load (too many places, a divisor of zero): generate another one.
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
CONNECTION = duckdb.connect(config={"threads": 1})


def both_ways(texts: Sequence[RuleText], rows: Sequence[dict[str, Any]], day: date = TODAY) -> None:
    book, problems = build_book({"person": PERSON}, PARAMETERS, texts)
    assume(not problems)
    ids = [text.id for text in texts]
    people = pa.Table.from_pylist([{"person_key": str(index), **row} for index, row in enumerate(rows)], SCHEMA)
    CONNECTION.register("people", people)
    query = compile_bulk(book, ids, "people", day=day)
    found = CONNECTION.execute(f"SELECT * FROM ({query.sql}) ORDER BY CAST(person_key AS INTEGER)").fetchall()
    evaluator = Evaluator(book, day)
    for row, (_, *values, failed) in zip(rows, found, strict=True):
        outcomes = evaluator.evaluate(ids, row)
        assert {code for code in ids if outcomes[code].state == "failed"} == set(failed or ())
        assert [outcomes[code].value for code in ids] == values
        assert all(step.text for outcome in outcomes.values() for step in outcome.steps)


def book_of(number: str, yes: str, table: TableText) -> list[RuleText]:
    return [
        rule("r.base", "decimal", "income / children"),
        rule("r.number", "decimal", "ROUND(CASE WHEN married THEN r.base ELSE income * 0.5 END, 2)"),
        rule("r.yes", "boolean", "r.number > 1000 OR employed"),
        rule("r.table", "decimal", table=table),
        rule("r.any_number", "decimal", f"ROUND({number}, 6)"),
        rule("r.any_yes", "boolean", yes),
    ]


SMALL = TableText("first", ("employed",), (), "")


class TestBothPaths:
    @MANY
    @given(NUMBERS, BOOLEANS, tables(("first", "unique", "collect_sum", "collect_max", "collect_count")), ROWS)
    def test_agree_on_verdict_value_and_failure(
        self, number: str, yes: str, table: TableText, rows: list[dict[str, Any]]
    ) -> None:
        both_ways(book_of(number, yes, table), rows)

    @MANY
    @given(DATES, ROWS, st.dates(date(1999, 1, 1), date(2040, 12, 31)))
    @example("as_of", [{"born": None}], date(1999, 1, 1))
    def test_agree_on_dates_on_any_day(self, text: str, rows: list[dict[str, Any]], day: date) -> None:
        texts = [
            rule("r.day", "date", text),
            rule("r.years", "integer", f"years_between({text}, as_of)"),
            rule("r.months", "integer", f"months_between(as_of, {text})"),
            rule("r.future", "boolean", "param.future > 1 OR r.years > 3"),
        ]
        both_ways(texts, rows, day)
