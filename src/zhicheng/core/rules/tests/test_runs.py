"""Runs over a population, and drafts compared over it."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from zhicheng.core.lake.public import connect
from zhicheng.core.ledger.public import list_entries
from zhicheng.core.parties.values import system_actor
from zhicheng.core.rules.public import (
    Difference,
    DraftRefused,
    MixedEntities,
    RuleUnknown,
    Run,
    compare_draft,
    get_run,
    list_differences,
    list_runs,
    run_population,
)
from zhicheng.core.rules.tests.town import NOW, PARAMETERS, RESIDENTS, RULES, TABLE, TODAY, fill_lake, write_pack

pytestmark = pytest.mark.django_db
RULE_IDS = ["aged.eligible", "aged.amount", "aged.per_child"]


def run(days: int = 0) -> Run:
    return run_population("person", RULE_IDS, on=TODAY, actor=system_actor("benefits"), now=NOW + timedelta(days=days))


class TestRunPopulation:
    def test_answers_for_everybody(self, installed: Path) -> None:
        fill_lake()
        found = run()
        eligible, amount, per_child = found.tallies
        assert (eligible.yes, eligible.no, eligible.unknown, eligible.failed) == (2, 1, 1, 0)
        assert (amount.values, amount.unknown, amount.total) == (3, 1, Decimal(70000))
        assert (per_child.values, per_child.failed) == (3, 1)

    def test_checks_every_row_of_a_table_that_holds_what_is_out_of_range(self, installed: Path) -> None:
        rich = {"person_key": "zhao", "birth_date": date(1944, 1, 1), "hukou_city": "440300", "children_count": 1}
        fill_lake([*RESIDENTS, {**rich, "monthly_income_cents": 10**15 + 1}])
        table = run().result_table
        with connect([table]) as lake:
            rows = lake.execute(f"SELECT \"aged.amount\", failed FROM {table} WHERE person_key = 'zhao'").fetchall()
        assert rows == [(20000, "aged.per_child")]

    def test_keeps_its_results_in_the_lake(self, installed: Path) -> None:
        fill_lake()
        table = run().result_table
        with connect([table]) as lake:
            rows = lake.execute(f'SELECT person_key, "aged.amount", failed FROM {table} ORDER BY 1').fetchall()
        assert rows == [("chen", 20000, None), ("he", None, None), ("li", 50000, "aged.per_child"), ("wu", 0, None)]

    def test_is_one_entry_in_the_ledger(self, installed: Path) -> None:
        fill_lake()
        before = len(list_entries().entries)
        found = run(days=1)
        newest, *_ = list_entries().entries
        assert len(list_entries().entries) == before + 1
        assert (newest.entry.action, newest.entry.subject) == ("rules.run", f"rule_run:{found.id}")
        assert newest.entry.data["result"] == found.result_hash
        assert newest.entry.data["table"] == "person@0"

    def test_gives_the_same_hash_for_the_same_answers(self, installed: Path) -> None:
        fill_lake()
        assert run().result_hash == run(days=1).result_hash

    def test_is_found_again(self, installed: Path) -> None:
        fill_lake()
        found = run()
        assert get_run(found.id) == found
        assert list_runs(entity="person") == [found]

    def test_refuses_rules_that_are_not_there_or_about_others(self, installed: Path) -> None:
        with pytest.raises(RuleUnknown):
            run_population("person", ["none.here"], on=TODAY, actor=system_actor("x"), now=NOW)
        with pytest.raises(MixedEntities):
            run_population("company", RULE_IDS, on=TODAY, actor=system_actor("x"), now=NOW)


class TestCompareDraft:
    def test_says_who_gains_and_who_loses_by_how_much(self, installed: Path, tmp_path: Path) -> None:
        fill_lake()
        draft = write_pack(
            tmp_path / "draft",
            parameters=PARAMETERS.replace("value: 80", "value: 90"),
            table=TABLE.replace("50000", "65000"),
        )
        found = compare_draft(draft, "person", ["aged.eligible", "aged.amount"], on=TODAY)
        eligible, amount = found.changes
        assert (found.rows, eligible.gain, eligible.lose) == (4, 0, 1)
        assert (amount.gain, amount.gained, amount.lose, amount.lost) == (1, Decimal(15000), 1, Decimal(20000))
        assert (amount.total_before, amount.total_after) == (Decimal(70000), Decimal(65000))
        people = list_differences(draft, "person", "aged.amount", on=TODAY)
        assert people == [Difference("chen", 20000, 0), Difference("li", 50000, 65000)]

    def test_refuses_a_draft_with_faults(self, installed: Path, tmp_path: Path) -> None:
        draft = write_pack(tmp_path / "draft", rules=RULES.replace("hukou_city", "hukou"))
        with pytest.raises(DraftRefused):
            compare_draft(draft, "person", ["aged.eligible"], on=TODAY)
