"""The rules of the bench, on some thousand people; and their form for the peer, calculated with NumPy alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhicheng.config import environment
from zhicheng.config.benches.openfisca_form import write_form
from zhicheng.config.benches.rulebooks import DAY, FAMILIES, bench_book
from zhicheng.config.benches.rulerun import run_rules
from zhicheng.core.lake.public import connect, read_tables
from zhicheng.engines.rules.bulk import compile_bulk
from zhicheng.simulator.public import PopulationOrder, make_population

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE = 8_000
PACK = environment.REPOSITORY / "packs" / "shenzhen"
PERSON = read_tables(PACK)["person"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("population")
    make_population(PopulationOrder(PEOPLE, 100, DAY, PACK), folder, now=NOW)
    return folder


class TestBenchBook:
    def test_has_as_many_rules_as_asked(self):
        book, ids = bench_book(PERSON, 169)
        assert len(set(ids)) == len(book.rules) == 169

    def test_varies_every_rule(self):
        book, ids = bench_book(PERSON, 169)
        nodes = {book.at(rule, DAY).node for rule in ids}
        assert len(nodes) == 169

    def test_entitles_some_and_not_all_in_every_family(self, root: Path):
        book, ids = bench_book(PERSON, 2 * len(FAMILIES) + 1)
        yes = [rule for rule in ids if rule.endswith(".eligible")]
        query = compile_bulk(book, yes, "person", day=DAY)
        counts = ", ".join(f'count(*) FILTER ("{rule}")' for rule in yes)
        with connect(["person"], root=root) as lake:
            found = lake.execute(f"SELECT {counts} FROM ({query.sql})").fetchone() or ()
        assert all(0 < count < PEOPLE for count in found), dict(zip(yes, found, strict=True))


class TestRunRules:
    def test_counts_every_verdict(self, root: Path):
        figures = run_rules(root, 29)
        assert (figures["people"], figures["verdicts"], figures["failed"]) == (PEOPLE, 29 * PEOPLE, 0)
        assert 0 < figures["known"] < 29 * PEOPLE
        assert figures["peak_gib"] < 8


class TestWriteForm:
    def test_is_a_module_with_a_variable_for_each_rule_and_fact(self):
        book, ids = bench_book(PERSON, 29)
        form = write_form(book, ids, DAY, ["440300", "A", "B", "male"])
        compile(form.source, "form.py", "exec")
        assert set(form.variables) == set(ids)
        for name in (*form.variables.values(), *(f"f_{code}" for code in form.facts)):
            assert f"class {name}(Variable):" in form.source
