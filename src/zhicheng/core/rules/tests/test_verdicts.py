"""Verdicts for one: reasons with sources, the version a case keeps, why (not) on a day."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from zhicheng.core.packs.public import install_pack
from zhicheng.core.rules.public import Fact, RuleUnknown, current_rulebook, evaluate, explain, facts_needed, why
from zhicheng.core.rules.tests.town import CHEN, NOW, PARAMETERS, TABLE, TODAY, fill_lake, write_pack

pytestmark = pytest.mark.django_db


class TestEvaluate:
    def test_gives_rule_version_source_and_reasons(self, installed: Path) -> None:
        (verdict,) = evaluate(["aged.eligible"], CHEN, on=TODAY)
        assert (verdict.outcome, verdict.effective_from) == ("yes", date(2020, 1, 1))
        assert verdict.legal_source == "《河湾镇高龄津贴办法》第三条"
        first, second = verdict.reasons
        assert (first.text, first.outcome) == ("年龄 82岁 ≥ 起发年龄 80岁：是", True)
        assert first.parameters[0].source == "《河湾镇高龄津贴办法》第三条"
        assert first.reasons[0].facts[0].source == "人口库［person.birth_date］"
        assert second.facts[0].source == "申请人填写"

    def test_takes_facts_by_their_full_names_too(self, installed: Path) -> None:
        facts = {f"person.{code}": fact for code, fact in CHEN.items()}
        (verdict,) = evaluate(["aged.amount"], facts, on=TODAY)
        assert (verdict.outcome, verdict.value, verdict.unit) == ("value", 20000, "分")

    def test_names_the_facts_that_are_unknown(self, installed: Path) -> None:
        (verdict,) = evaluate(["aged.eligible"], {**CHEN, "birth_date": Fact(None, "")}, on=TODAY)
        assert (verdict.outcome, verdict.unknown_facts) == ("unknown", ("birth_date",))

    def test_fails_with_its_reason(self, installed: Path) -> None:
        (verdict,) = evaluate(["aged.per_child"], CHEN, on=TODAY)
        assert (verdict.outcome, verdict.failure) == ("failed", "（月收入÷子女数）的除数为零")

    def test_is_unknown_on_a_day_before_the_rule(self, installed: Path) -> None:
        (verdict,) = evaluate(["aged.eligible"], CHEN, on=date(2019, 12, 31))
        assert (verdict.outcome, verdict.effective_from) == ("unknown", None)
        assert "没有生效的版本" in verdict.reasons[0].text

    def test_knows_the_parameter_of_the_day(self, installed: Path) -> None:
        young = {**CHEN, "birth_date": Fact(date(1950, 1, 1), "人口库")}
        assert [evaluate(["aged.eligible"], young, on=day)[0].outcome for day in (TODAY, date(2027, 1, 1))] == [
            "no",
            "yes",
        ]

    def test_keeps_to_the_book_that_a_case_began_with(self, installed: Path, tmp_path: Path) -> None:
        before = current_rulebook()
        newer = write_pack(tmp_path / "newer", table=TABLE.replace("20000", "30000"))
        (newer / "tests/rules.yaml").unlink()
        install_pack(newer, actor_ref="system:test", now=NOW + timedelta(days=1))
        assert evaluate(["aged.amount"], CHEN, on=TODAY)[0].value == 30000
        assert evaluate(["aged.amount"], CHEN, on=TODAY, rulebook=before)[0].value == 20000

    def test_is_another_version_when_only_a_parameter_changed(self, installed: Path, tmp_path: Path) -> None:
        rules, before = ["aged.eligible", "aged.amount", "aged.per_child"], current_rulebook()
        old = [verdict.version for verdict in evaluate(rules, CHEN, on=TODAY)]
        newer = write_pack(tmp_path / "newer", parameters=PARAMETERS.replace("value: 75", "value: 74"))
        (newer / "tests/rules.yaml").unlink()
        install_pack(newer, actor_ref="system:test", now=NOW + timedelta(days=1))
        new = [verdict.version for verdict in evaluate(rules, CHEN, on=TODAY)]
        assert [was == now for was, now in zip(old, new, strict=True)] == [False, False, True]
        kept = evaluate(rules, CHEN, on=TODAY, rulebook=before)
        assert [verdict.version for verdict in kept] == old

    def test_refuses_a_rule_that_nobody_wrote(self, installed: Path) -> None:
        with pytest.raises(RuleUnknown):
            evaluate(["aged.none"], CHEN, on=TODAY)

    def test_names_the_facts_that_rules_need(self, installed: Path) -> None:
        assert facts_needed(["aged.amount"]) == ("birth_date", "hukou_city")


class TestExplain:
    def test_is_text_that_a_resident_can_read(self, installed: Path) -> None:
        (verdict,) = evaluate(["aged.eligible"], CHEN, on=TODAY)
        lines = explain(verdict).splitlines()
        assert lines[0] == "高龄津贴资格：符合"
        assert lines[1] == "依据：《河湾镇高龄津贴办法》第三条，自 2020-01-01 起施行（规则 aged.eligible）"
        assert "· 年龄 82岁 ≥ 起发年龄 80岁：是" in lines
        assert "　· 年龄：82岁（人口库［person.birth_date］）" in lines


class TestWhy:
    def test_decides_again_from_the_facts_of_that_day(self, installed: Path) -> None:
        fill_lake()
        verdicts = why("person", "wu", ["aged.eligible"], on=TODAY)
        assert verdicts is not None
        assert verdicts[0].outcome == "no"
        assert verdicts[0].reasons[0].text == "年龄 35岁 ≥ 起发年龄 80岁：否"
        assert "人口库，2026年3月2日版本" in verdicts[0].reasons[0].reasons[0].facts[0].source

    def test_has_nothing_to_say_about_a_stranger(self, installed: Path) -> None:
        fill_lake()
        assert why("person", "nobody", ["aged.eligible"], on=TODAY) is None
