"""The contract of two paths: whatever the rule, whatever the row, Python and DuckDB give the same."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from zhicheng.engines.rules.arithmetic import shift
from zhicheng.engines.rules.book import build_book
from zhicheng.engines.rules.bulk import BulkOptions, compile_bulk
from zhicheng.engines.rules.evaluation import Evaluator
from zhicheng.engines.rules.tests.expressions import (
    BOOLEANS,
    COLUMNS,
    DATES,
    KNOWN_ROWS,
    NUMBERS,
    PARAMETERS,
    PERSON,
    ROWS,
    TODAY,
    rule,
    tables,
)
from zhicheng.engines.rules.values import RuleText, Seen, TableText

SCHEMA = pa.schema(
    [
        ("person_key", pa.string()),
        ("born", pa.date32()),
        ("moved", pa.date32()),
        ("income", pa.int64()),
        ("children", pa.int32()),
        ("months", pa.int64()),
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
    """Every row and rule the same in Python and DuckDB, whether or not the query knows what the columns hold."""
    book, problems = build_book({"person": PERSON}, PARAMETERS, texts)
    assume(not problems)
    ids = [text.id for text in texts]
    people = pa.Table.from_pylist([{"person_key": str(index), **row} for index, row in enumerate(rows)], SCHEMA)
    CONNECTION.register("people", people)
    evaluator = Evaluator(book, day)
    outcomes = [evaluator.evaluate(ids, row) for row in rows]
    for seen in ({}, seen_of(rows)):
        query = compile_bulk(book, ids, "people", day=day, options=BulkOptions(seen=seen))
        found = CONNECTION.execute(f"SELECT * FROM ({query.sql}) ORDER BY CAST(person_key AS INTEGER)").fetchall()
        for outcome, (_, *values, failed) in zip(outcomes, found, strict=True):
            assert {code for code in ids if outcome[code].state == "failed"} == set(failed or ())
            assert [outcome[code].value for code in ids] == values
    assert all(step.text for found in outcomes for outcome in found.values() for step in outcome.steps)


def seen_of(rows: Sequence[dict[str, Any]]) -> dict[str, Seen]:
    """What a table says of its columns."""
    seen = {}
    for column in COLUMNS:
        values = [row[column.code] for row in rows if row.get(column.code) is not None]
        ends = (min(values), max(values)) if values and column.type in ("integer", "decimal", "date") else (None, None)
        seen[column.code] = Seen(*ends, nulls=len(rows) - len(values), rows=len(rows))
    return seen


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
    @given(NUMBERS, BOOLEANS, tables(("first", "unique", "collect_sum", "collect_max", "collect_count")), KNOWN_ROWS)
    def test_agree_where_everything_is_known(
        self, number: str, yes: str, table: TableText, rows: list[dict[str, Any]]
    ) -> None:
        both_ways(book_of(number, yes, table), rows)

    @MANY
    @given(
        st.sampled_from(["years", "months", "days"]),
        st.sampled_from(["=", "<>", "<", "<=", ">", ">="]),
        st.integers(-40, 130),
        st.integers(-40, 130),
        KNOWN_ROWS | ROWS,
        st.dates(date(1999, 1, 1), date(2040, 12, 31)) | st.sampled_from([date(2024, 2, 29), date(2026, 2, 28)]),
    )
    def test_agree_on_time_compared_with_numbers(
        self, unit: str, sign: str, least: int, most: int, rows: list[dict[str, Any]], day: date
    ) -> None:
        near = [{**row, "born": shift(day, -12 * least, -shifted)} for row in rows[:2] for shifted in (0, 1, -1)]
        texts = [
            rule("r.time", "integer", f"{unit}_between(born, as_of)"),
            rule("r.than", "boolean", f"r.time {sign} {least}"),
            rule("r.within", "boolean", f"{unit}_between(born, as_of) BETWEEN {least} AND {most}"),
            rule("r.since", "boolean", f"{unit}_between(as_of, moved) {sign} {least}"),
            rule(
                "r.retired",
                "boolean",
                f"r.time {sign} CASE WHEN married THEN {least} WHEN employed THEN 7 ELSE {most} END",
            ),
            rule("r.age", "boolean", f"{unit}_between(born, param.cut_off) {sign} param.age"),
        ]
        both_ways(texts, [*rows, *near], day)

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
