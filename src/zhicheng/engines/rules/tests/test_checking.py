"""What is refused when rules are loaded, and with which words."""

from datetime import date
from decimal import Decimal

import pytest

from zhicheng.engines.rules.book import build_book
from zhicheng.engines.rules.tests.expressions import LAW, PARAMETERS, PERSON, START, parameter, rule
from zhicheng.engines.rules.values import HitPolicy, Problem, RuleText, TableRow, TableText


def problems_of(*texts: RuleText) -> list[Problem]:
    return build_book({"person": PERSON}, PARAMETERS, texts)[1]


def table(policy: HitPolicy, *ages: str, otherwise: str = "0") -> RuleText:
    rows = tuple(TableRow(index + 2, (age,), "100") for index, age in enumerate(ages))
    return rule("t", "integer", table=TableText(policy, ("years_between(born, as_of)",), rows, otherwise))


class TestRefusedExpression:
    @pytest.mark.parametrize(
        ("expression", "code"),
        [
            ("incme > 3", "rule.unknown_column"),
            ("param.agee > 3", "rule.unknown_parameter"),
            ("benefit.none", "rule.unknown_rule"),
            ("substr(note, 1) = 'a'", "rule.unknown_function"),
            ("EXISTS (SELECT 1)", "rule.unknown_function"),
            ("income > random()", "rule.unknown_function"),
            ("employed; married", "rule.unknown_function"),
            ("years_between(born) > 3", "rule.unknown_function"),
            ("income > 'a'", "rule.type"),
            ("note > 'a'", "rule.type"),
            ("income AND employed", "rule.type"),
            ("employed = NULL", "rule.null"),
            ("employed IS TRUE", "rule.is"),
            ("city = '310000'", "rule.unknown_code"),
            ("city IN ('440300', '1')", "rule.unknown_code"),
            ("income / 0 > 1", "rule.division_by_zero"),
            ("income / (2 - 2) > 1", "rule.division_by_zero"),
            ("income * income * income > 1", "rule.range"),
            ("rate * 0.000001 * 0.0001 > 1", "rule.places"),
            ("income > 1.23456789", "rule.literal"),
            ("born > DATE '2026-02-30'", "rule.date"),
            ("born + INTERVAL income DAY > as_of", "rule.interval"),
            ("born + INTERVAL 900 YEAR > as_of", "rule.interval"),
            ("income > (", "rule.syntax"),
            ("income", "rule.result_type"),
            ("CASE income WHEN 1 THEN TRUE END", "rule.case"),
            ("NOT " * 80 + "employed", "rule.too_deep"),
            ("employed" + " AND employed" * 500, "rule.too_long"),
        ],
    )
    def test_is_named_with_what_to_do(self, expression: str, code: str) -> None:
        (problem,) = problems_of(rule("r", "boolean", expression))
        assert (problem.index, problem.code) == (0, code)
        assert problem.message.endswith(("。", "…")) or "：" in problem.message
        assert problem.hint

    def test_suggests_the_nearest_name(self) -> None:
        (problem,) = problems_of(rule("r", "boolean", "emploied"))
        assert problem.hint.startswith("是不是“employed”？")

    def test_wants_rounding_to_be_written(self) -> None:
        (problem,) = problems_of(rule("r", "integer", "income * 0.08"))
        assert problem.code == "rule.result_places"
        assert not problems_of(rule("r", "integer", "ROUND(income * 0.08)"))


class TestRefusedBook:
    def test_names_every_rule_of_a_cycle(self) -> None:
        texts = [rule("a.x", "boolean", "b.x"), rule("b.x", "boolean", "NOT c.x"), rule("c.x", "boolean", "a.x")]
        (problem,) = problems_of(*texts)
        assert problem.code == "rule.cycle"
        assert all(text.id in problem.message for text in texts)

    def test_finds_a_rule_that_refers_to_itself(self) -> None:
        assert [problem.code for problem in problems_of(rule("a.x", "boolean", "NOT a.x"))] == ["rule.cycle"]

    def test_refuses_versions_that_overlap(self) -> None:
        later = RuleText("r", "r", "person", "boolean", date(2024, 1, 1), LAW, "married", decimals=6)
        (problem,) = problems_of(rule("r", "boolean", "employed"), later)
        assert (problem.index, problem.code) == (1, "rule.overlapping_versions")
        assert "to: 2023-12-31" in problem.hint

    def test_accepts_versions_one_after_the_other(self) -> None:
        first = RuleText("r", "r", "person", "boolean", START, LAW, "employed", None, date(2023, 12, 31))
        second = RuleText("r", "r", "person", "boolean", date(2024, 1, 1), LAW, "married")
        assert problems_of(first, second) == []

    def test_refuses_a_parameter_out_of_order(self) -> None:
        broken = parameter("p", "decimal", (date(2024, 1, 1), Decimal(1)), (date(2023, 1, 1), Decimal(2)))
        _, problems = build_book({"person": PERSON}, [broken], [])
        assert [(problem.parameter, problem.code) for problem in problems] == [("p", "parameter.order")]


class TestRefusedTable:
    @pytest.mark.parametrize(
        "ages", [("<60", ">=59"), ("[60,80)", "79"), ("18..35", "35..60"), ("<>5", "6"), ("", ">=80"), ("1;2", "2;3")]
    )
    def test_finds_rows_of_a_unique_table_that_overlap(self, ages: tuple[str, ...]) -> None:
        (problem,) = problems_of(table("unique", *ages))
        assert (problem.code, problem.line) == ("table.overlap", 3)

    @pytest.mark.parametrize(
        "ages", [("<60", "[60;80)", ">=80"), (">59", "<60"), ("(59,70)", "59", ">=70"), ("1;2", "3..9"), ("<>5", "5")]
    )
    def test_proves_that_rows_do_not_overlap(self, ages: tuple[str, ...]) -> None:
        book, problems = build_book({"person": PERSON}, PARAMETERS, [table("unique", *ages)])
        assert not problems
        assert book.latest("t").node.disjoint  # type: ignore[attr-defined]

    def test_leaves_rows_with_parameters_to_the_evaluation(self) -> None:
        book, problems = build_book({"person": PERSON}, PARAMETERS, [table("unique", "<param.age", ">=60")])
        assert not problems
        assert not book.latest("t").node.disjoint  # type: ignore[attr-defined]

    def test_allows_overlap_where_the_first_row_counts(self) -> None:
        assert problems_of(table("first", "<60", ">=50")) == []

    def test_names_the_line_of_a_cell_that_cannot_be_read(self) -> None:
        (problem,) = problems_of(table("first", "<60", ">=param.none"))
        assert (problem.code, problem.line) == ("rule.unknown_parameter", 3)
