"""Deciding for one: outcomes, reasons, unknown and failed."""

from datetime import date
from decimal import Decimal
from typing import Any

from zhicheng.engines.rules.book import build_book
from zhicheng.engines.rules.evaluation import Evaluator, Outcome
from zhicheng.engines.rules.tests.expressions import LAW, PARAMETERS, PERSON, START, TODAY, rule
from zhicheng.engines.rules.values import RuleText, TableRow, TableText

CHEN = {"born": date(1944, 1, 1), "city": "440300", "income": 123456, "employed": False, "children": 0}
RULES = (
    RuleText("person.age", "年龄", "person", "integer", START, LAW, "years_between(born, as_of)", unit="岁"),
    RuleText("aged.yes", "高龄", "person", "boolean", START, LAW, "person.age >= 80 AND city IN ('440300', '440100')"),
    RuleText("aged.poor", "低收入高龄", "person", "boolean", START, LAW, "aged.yes AND income < 500000"),
    RuleText("aged.amount", "津贴", "person", "integer", START, LAW, "CASE WHEN aged.poor THEN 20000 ELSE 0 END"),
    RuleText("per.child", "每个孩子", "person", "decimal", START, LAW, "ROUND(income / children, 2)"),
    RuleText("per.child_high", "超过", "person", "boolean", START, LAW, "per.child > 5 OR TRUE"),
    RuleText("later", "将来", "person", "boolean", date(2030, 1, 1), LAW, "TRUE"),
)


def decide(code: str, facts: dict[str, Any] = CHEN, *more: RuleText, day: date = TODAY) -> Outcome:
    book, problems = build_book({"person": PERSON}, PARAMETERS, [*RULES, *more])
    assert problems == []
    return Evaluator(book, day).evaluate([code], facts)[code]


class TestEvaluate:
    def test_says_why_in_chinese(self) -> None:
        outcome = decide("aged.yes")
        assert outcome.state == "yes"
        assert [step.text for step in outcome.steps] == ["年龄 82岁 ≥ 80岁：是", "户籍 深圳 属于（深圳、广州）：是"]

    def test_carries_reasons_of_rules_it_refers_to(self) -> None:
        outcome = decide("aged.amount")
        assert (outcome.state, outcome.value) == ("value", 20000)
        assert [step.sentence.rules for step in outcome.steps] == [("aged.poor",)]

    def test_writes_cents_as_yuan(self) -> None:
        assert "月收入 1,234.56 元 < 5,000.00 元：是" in [step.text for step in decide("aged.poor").steps]

    def test_is_unknown_where_a_fact_that_matters_is(self) -> None:
        outcome = decide("aged.poor", {**CHEN, "born": None})
        assert (outcome.state, outcome.missing) == ("unknown", {"born"})

    def test_is_no_where_a_known_fact_already_says_so(self) -> None:
        assert decide("aged.poor", {**CHEN, "born": None, "income": 600000}).state == "no"

    def test_is_unknown_before_a_parameter_begins(self) -> None:
        more = rule("p", "boolean", "children < param.future")
        assert decide("p", CHEN, more).state == "unknown"
        assert decide("p", CHEN, more, day=date(2030, 1, 1)).state == "yes"

    def test_is_unknown_before_the_rule_is_in_force(self) -> None:
        outcome = decide("later")
        assert (outcome.state, outcome.rule) == ("unknown", None)


class TestFailure:
    def test_is_division_by_zero_with_its_reason(self) -> None:
        outcome = decide("per.child")
        assert (outcome.state, outcome.value) == ("failed", None)
        assert outcome.failure == "（月收入÷孩子数）的除数为零"

    def test_is_never_hidden_by_the_rest_of_a_rule(self) -> None:
        outcome = decide("per.child_high")
        assert outcome.state == "failed"
        assert "每个孩子" in outcome.failure

    def test_is_a_fact_of_the_wrong_type(self) -> None:
        assert decide("aged.poor", {**CHEN, "income": 1.5}).failure == "「月收入」应是整数，给出的是“1.5”"

    def test_is_a_result_too_great(self) -> None:
        more = rule("big", "integer", "income * 1000000")
        assert decide("big", {**CHEN, "income": 10**12}, more).state == "failed"

    def test_is_two_rows_of_a_unique_table(self) -> None:
        rows = (TableRow(2, ("<param.age",), "1"), TableRow(3, ("<3",), "2"))
        more = rule("t", "integer", table=TableText("unique", ("children",), rows))
        assert decide("t", CHEN, more).failure == "决策表第 2、3 行同时命中"

    def test_is_a_table_without_a_row_that_matches(self) -> None:
        more = rule("t", "integer", table=TableText("first", ("children",), (TableRow(2, (">3",), "1"),)))
        assert decide("t", CHEN, more).failure == "决策表没有一行符合"


class TestNumbers:
    def test_are_exact_decimals(self) -> None:
        more = rule("n", "boolean", "0.1 + 0.2 = 0.3")
        assert decide("n", CHEN, more).state == "yes"

    def test_round_half_away_from_zero(self) -> None:
        more = rule("n", "decimal", "ROUND(-2.5) + ROUND(0.125, 2)", decimals=2)
        assert decide("n", CHEN, more).value == Decimal("-2.87")
