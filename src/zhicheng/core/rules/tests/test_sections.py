"""Rules in a pack: what a bad one says, where; the pack's own tests; what is pinned."""

from pathlib import Path

import pytest

from zhicheng.core.packs.public import check_pack, diff_packs, run_pack_tests
from zhicheng.core.rules.public import current_rulebook, get_rule
from zhicheng.core.rules.tests.town import PARAMETERS, RULES, TABLE, write_pack


class TestPackOfRules:
    def test_passes_its_own_tests(self, town: Path) -> None:
        assert run_pack_tests(town) == (2, [])

    def test_says_what_a_failing_test_decided_and_why(self, town: Path) -> None:
        path = town / "tests/rules.yaml"
        path.write_text(path.read_text().replace("20000", "30000"))
        (fault,) = run_pack_tests(town)[1]
        assert "aged.amount 得出 20000，应是 30000" in fault.message
        assert "命中第 2 行" in fault.message

    @pytest.mark.parametrize(
        ("old", "new", "place", "code"),
        [
            ("hukou_city =", "hukou_town =", "rules/aged.yaml:12", "rule.unknown_column"),
            ("= '440300'", "= '310000'", "rules/aged.yaml:12", "rule.unknown_code"),
            ("param.aged.from", "param.aged.form", "rules/aged.yaml:12", "rule.unknown_parameter"),
            ("person.age >=", "person.old >=", "rules/aged.yaml:12", "rule.unknown_rule"),
            ("as_of)", "as_of) / 0", "rules/aged.yaml:7", "rule.division_by_zero"),
            (
                "birth_date,",
                "COALESCE(CASE WHEN aged.eligible THEN birth_date END),",
                "rules/aged.yaml:7",
                "rule.cycle",
            ),
            ("type: integer\n  unit: 分", "type: boolean", "rules/aged.yaml:18", "rule.result_type"),
            ("aged_amount.csv", "amount.csv", "rules/aged.yaml:19", "rule.unknown_table"),
            ("policy: unique", "policy: any", "rules/aged.yaml:20", "field.choice"),
        ],
    )
    def test_names_file_and_line_of_a_bad_rule(
        self, tmp_path: Path, only_rules: None, old: str, new: str, place: str, code: str
    ) -> None:
        faults = check_pack(write_pack(tmp_path / "bad", rules=RULES.replace(old, new, 1)))
        assert (place, code) in {(f"{fault.file}:{fault.line}", fault.code) for fault in faults}
        assert all(fault.hint for fault in faults)

    def test_names_the_row_of_an_overlapping_table(self, tmp_path: Path, only_rules: None) -> None:
        (fault,) = check_pack(write_pack(tmp_path / "bad", table=TABLE.replace("<90", "<=90")))
        assert (fault.file, fault.line, fault.code) == ("rules/tables/aged_amount.csv", 3, "table.overlap")

    def test_names_a_parameter_out_of_order(self, tmp_path: Path, only_rules: None) -> None:
        (fault,) = check_pack(write_pack(tmp_path / "bad", parameters=PARAMETERS.replace("2027-", "2019-")))
        assert (fault.file, fault.line, fault.code) == ("rules/parameters/aged.yaml", 1, "parameter.order")

    def test_names_a_value_of_the_wrong_type(self, tmp_path: Path, only_rules: None) -> None:
        (fault, *_) = check_pack(
            write_pack(tmp_path / "bad", parameters=PARAMETERS.replace("value: 75", "value: many"))
        )
        assert (fault.file, fault.code) == ("rules/parameters/aged.yaml", "parameter.value")

    def test_tells_in_release_notes_what_changed(self, town: Path, tmp_path: Path) -> None:
        newer = write_pack(tmp_path / "newer", table=TABLE.replace("50000", "60000"))
        (change,) = diff_packs(town, newer)
        assert change.item.kind == "决策表"
        assert "result=60000" in change.fields[0].new


class TestInstalledRules:
    def test_are_pinned_each_and_as_a_book(self, installed: Path) -> None:
        rule = get_rule("aged.eligible")
        assert (rule.label, len(rule.version), len(current_rulebook())) == ("高龄津贴资格", 64, 64)
        assert rule.legal_source == "《河湾镇高龄津贴办法》第三条"
