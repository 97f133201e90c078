"""The bad input that services, rules, licences, forms, payments and tables are judged by, and the test of each.

The tests stand beside what they test; here stands which they are, so that none of them disappears unseen.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE, APPS, ENGINES = "src/zhicheng/core", "src/zhicheng/apps", "src/zhicheng/engines"
_SECTIONS = f"{CORE}/rules/tests/test_sections.py::TestPackOfRules"
_CHECKING = f"{ENGINES}/rules/tests/test_checking.py"
_EVALUATION = f"{ENGINES}/rules/tests/test_evaluation.py"
_CODE = f"{APPS}/licences/tests/test_verifying.py::TestCode"
_CREDENTIAL = f"{APPS}/licences/tests/test_verifying.py::TestCredential"
_PREFILL = f"{CORE}/forms/tests/test_prefilling.py::TestPrefillDraft"
_RETURN = f"{APPS}/benefits/tests/test_paying.py::TestTakeReturn"
_INGEST = f"{CORE}/lake/tests/test_ingest.py::TestIngest"
TESTS = {
    "a rule with a cycle": [
        f"{_SECTIONS}::test_names_file_and_line_of_a_bad_rule",
        f"{_CHECKING}::TestRefusedBook::test_names_every_rule_of_a_cycle",
        f"{_CHECKING}::TestRefusedBook::test_finds_a_rule_that_refers_to_itself",
    ],
    "a rule with an unknown column": [
        f"{_SECTIONS}::test_names_file_and_line_of_a_bad_rule",
        f"{_CHECKING}::TestRefusedExpression::test_is_named_with_what_to_do",
    ],
    "a division by zero": [
        f"{_SECTIONS}::test_names_file_and_line_of_a_bad_rule",
        f"{_EVALUATION}::*::test_is_division_by_zero_with_its_reason",
        f"{CORE}/rules/tests/test_verdicts.py::TestEvaluate::test_fails_with_its_reason",
    ],
    "a unique table whose rows overlap": [
        f"{_SECTIONS}::test_names_the_row_of_an_overlapping_table",
        f"{_CHECKING}::TestRefusedTable::test_finds_rows_of_a_unique_table_that_overlap",
    ],
    "a pack upgrade while cases run": [
        "tests/packs/test_upgrade.py::TestUpgrade::test_decides_what_was_submitted_by_the_rules_of_then",
        "tests/packs/test_upgrade.py::TestUpgrade::test_lets_a_case_finish_by_the_process_it_began_under",
    ],
    "a tampered credential": [
        f"{_CREDENTIAL}::test_with_a_changed_field_is_refused",
        f"{_CODE}::test_with_another_name_is_refused",
        f"{_CODE}::test_with_any_other_value_changed_is_refused",
        f"{ENGINES}/credentials/tests/test_integrity.py::*::test_refuses_a_changed_character_anywhere",
    ],
    "a replayed QR code": [
        f"{_CODE}::test_shown_again_at_the_same_desk_is_a_copy",
        f"{_CODE}::test_on_a_screenshot_is_out_of_time",
    ],
    "a revoked licence": [
        f"{_CREDENTIAL}::test_revoked_or_suspended_is_refused",
        f"{_CODE}::test_of_a_licence_that_ended_cannot_be_shown",
    ],
    "a material with another person's name": [
        f"{CORE}/forms/tests/test_documents.py::*::test_names_both_and_takes_another_persons_name_gravely",
        f"{APPS}/services/tests/test_applying.py::*::test_never_decides_on_a_paper_of_somebody_else",
    ],
    "a prefill source that does not answer": [
        f"{_PREFILL}::test_does_not_wait_for_a_source_that_hangs",
        f"{_PREFILL}::test_goes_on_when_a_source_breaks",
    ],
    "a payment file that comes back twice": [
        f"{_RETURN}::test_changes_nothing_the_second_time",
        f"{_RETURN}::test_changes_nothing_under_another_number",
    ],
    "a population table with duplicates": [f"{_INGEST}::test_keeps_the_first_of_equal_keys_and_lists_the_others"],
    "a population table with nulls": [
        f"{_INGEST}::test_lists_a_row_that_does_not_fit",
        f"{_INGEST}::test_reads_empty_cells_as_unknown",
    ],
    "a population table with wrong types": [
        f"{_INGEST}::test_lists_a_row_that_does_not_fit",
        "src/zhicheng/simulator/population/tests/test_dirty.py::*::test_has_each_fault_found_and_no_row_lost",
    ],
}


def _tests_in(path: Path) -> Iterator[tuple[str, str]]:
    for each in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(each, ast.ClassDef):
            yield from ((each.name, test.name) for test in each.body if isinstance(test, ast.FunctionDef))


@pytest.mark.parametrize("bad", TESTS)
class TestBadInput:
    def test_has_its_tests(self, bad: str) -> None:
        for name in TESTS[bad]:
            file, wanted, test = name.split("::")
            found = [each for each, one in _tests_in(ROOT / file) if one == test and wanted in (each, "*")]
            assert found, name
