"""The rules of the bench, on some thousand people; and their form for the peer, calculated with NumPy alone."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhicheng.config import environment
from zhicheng.config.benches.openfisca_form import write_form
from zhicheng.config.benches.rulebooks import DAY, FAMILIES, bench_book
from zhicheng.config.benches.rulerun import run_rules
from zhicheng.config.benches.widening import rules_to_run
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


class TestRulesToRun:
    def test_widens_the_rules_of_the_pack(self):
        wide = rules_to_run(PACK, 169)
        assert len(set(wide.ids)) == 169
        assert 100 <= wide.own < 169
        own, varied = set(wide.ids[: wide.own]), wide.ids[wide.own :]
        assert all(wide.book.at(rule, DAY).node != wide.book.at(base(rule), DAY).node for rule in varied)
        assert {base(rule) for rule in varied} <= own

    def test_brings_its_own_where_a_pack_has_too_few(self, tmp_path: Path):
        (tmp_path / "lake").mkdir()
        for name in ("person.yaml", "company.yaml"):
            (tmp_path / "lake" / name).write_text((PACK / "lake" / name).read_text(encoding="utf-8"), encoding="utf-8")
        wide = rules_to_run(tmp_path, 40)
        assert (len(wide.ids), wide.own) == (40, 0)


def base(rule: str) -> str:
    return re.sub(r"_v\d+$", "", rule)


class TestRunRules:
    def test_counts_every_verdict(self, root: Path):
        figures = run_rules(root, 29)
        assert (figures["people"], figures["verdicts"], figures["failed"]) == (PEOPLE, 29 * PEOPLE, 0)
        assert 0 < figures["known"] < 29 * PEOPLE
        assert figures["peak_gib"] < 8


class TestRunComparable:
    def test_decides_from_facts_in_memory(self, root: Path):
        figures = run_rules(root, 29, only_comparable=True, held=True)
        assert figures["people"] == PEOPLE
        assert figures["verdicts"] == 29 * PEOPLE


class TestWriteForm:
    def test_is_a_module_with_a_variable_for_each_rule_and_fact(self):
        book, ids = bench_book(PERSON, 29)
        form = write_form(book, ids, DAY, {"hukou_city": ["440300"], "sex": ["male"]})
        compile(form.source, "form.py", "exec")
        assert set(form.variables) == set(ids)
        for name in (*form.variables.values(), *(f"f_{code}" for code in form.facts)):
            assert f"class {name}(Variable):" in form.source

    def test_is_written_as_the_template_writes(self):
        book, ids = bench_book(PERSON, 29)
        form = write_form(book, ids, DAY, {"hukou_city": ["440100", "440300"], "sex": ["female", "male"]})
        assert 'E_sex = Enum("E_sex", [("female", "female"), ("male", "male")])' in form.source
        assert '(hukou_city_1 == E_hukou_city["440300"])' in form.source
        assert 'person("years_since_birth_date", period)' in form.source
        assert "parameters(period).zhicheng.elderly_0_high_0" in form.source
        assert form.parameters["elderly_0_high_0"] == 50_000

    def test_takes_64_bits_only_where_32_could_be_too_few(self):
        book, ids = bench_book(PERSON, 29)
        form = write_form(book, ids, DAY, {})
        assert "f_household_income_cents" in form.wide
        assert "f_household_size" not in form.wide
