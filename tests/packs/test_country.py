"""The situations and amounts of OpenFisca's country template, as rules of ours (figures only; see the pack's files)."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from zhicheng.core.packs.base.selftests import run_selftests
from zhicheng.core.packs.public import PackSource, sections
from zhicheng.core.rules.base.books import book_of
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.bulk import compile_bulk
from zhicheng.engines.rules.evaluation import Evaluator

COUNTRY = Path(__file__).parent / "country"
TYPES = {"integer": pa.int64(), "date": pa.date32(), "boolean": pa.bool_(), "decimal": pa.decimal128(18, 4)}
PARTS = ("lake", "rule_parameters", "rule_tables", "rules", "tests")


def country() -> PackSource:
    loaded = {code: sections[code].load(COUNTRY) for code in PARTS}
    assert [fault for part in loaded.values() for fault in part.faults] == []
    return PackSource(COUNTRY, "country", "1", {code: part.value for code, part in loaded.items()})


def in_bulk(book: Rulebook, rules: list[str], facts: dict[str, Any], day: date) -> list[Any]:
    entity = book.entities[book.latest(rules[0]).text.entity]
    schema = pa.schema([(column.code, TYPES.get(column.type, pa.string())) for column in entity.columns.values()])
    people = pa.Table.from_pylist([{code: facts.get(code) for code in entity.columns}], schema)
    duck = duckdb.connect()
    duck.register("people", people)
    (answer,) = duck.execute(compile_bulk(book, rules, "people", day=day).sql).fetchall()
    return list(answer[1:-1])


class TestCountry:
    def test_has_rules_without_faults(self) -> None:
        pack = country()
        assert [fault for code in PARTS for fault in sections[code].check(pack.values[code], pack)] == []

    def test_decides_every_situation_as_openfisca_does(self) -> None:
        pack = country()
        assert len(pack.values["tests"]) >= 35
        assert run_selftests(pack.values["tests"], pack) == []

    def test_decides_them_in_one_query_alike(self) -> None:
        pack = country()
        book, _ = book_of(pack)
        for test in pack.values["tests"]:
            given, rules = test.row.values["given"], list(test.row.values["expect"])
            outcomes = Evaluator(book, given["on"]).evaluate(rules, given["facts"])
            assert in_bulk(book, rules, given["facts"], given["on"]) == [outcomes[rule].value for rule in rules]
