"""The rules that `zhicheng bench rules` runs: written like a city's, then widened by varying their parameters.

A variation has its own parameters, so that no two rules are one: nothing can be computed once for several.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from zhicheng.core.lake.values import EntityTable
from zhicheng.engines.rules.book import Rulebook, build_book
from zhicheng.engines.rules.values import Column, ColumnType, DatedValue, Entity, LegalSource, Parameter, RuleText

DAY = date(2026, 1, 1)
_FROM = date(2020, 1, 1)
_LAW = LegalSource("示意规则", "仅供测速")


@dataclass(frozen=True)
class Family:
    """A condition and an amount with their parameters. `{name}` stands for a parameter, `{eligible}` for the rule."""

    code: str
    eligible: str
    amount: str
    parameters: Mapping[str, int]


AGE = "years_between(birth_date, as_of)"
FAMILIES: Sequence[Family] = (
    Family(
        "elderly",
        "person.age >= {from_age} AND hukou_city = '440300' AND NOT deceased",
        "CASE WHEN NOT {eligible} THEN 0 WHEN person.age >= {old} THEN {high} ELSE {low} END",
        {"from_age": 70, "old": 90, "low": 20000, "high": 50000},
    ),
    Family(
        "talent",
        "education IN ('bachelor', 'master', 'doctor') AND degree_verified AND person.age < {to_age} "
        "AND social_insurance_recent_months >= {months} AND NOT criminal_record AND hukou_city <> '440300'",
        "CASE WHEN NOT {eligible} THEN 0 WHEN education = 'doctor' THEN {doctor} WHEN education = 'master' "
        "THEN {master} ELSE {bachelor} END",
        {"to_age": 45, "months": 6, "doctor": 3_000_000, "master": 2_500_000, "bachelor": 1_500_000},
    ),
    Family(
        "kindergarten",
        "child_in_kindergarten AND (hukou_city = '440300' OR social_insurance_months >= {months})",
        "CASE WHEN {eligible} THEN {yearly} * LEAST(children_under_18, {most}) ELSE 0 END",
        {"months": 12, "yearly": 150_000, "most": 3},
    ),
    Family(
        "private_school",
        "child_in_private_school AND social_insurance_recent_months >= {months} AND household_income_cents < {limit}",
        "CASE WHEN {eligible} THEN ROUND({full} * (1 - household_income_cents * 1.0 / {limit}), 0) ELSE 0 END",
        {"months": 24, "limit": 4_000_000, "full": 900_000},
    ),
    Family(
        "birth",
        "childbirth_date IS NOT NULL AND months_between(childbirth_date, as_of) < {months} "
        "AND medical_insured AND marital_status <> 'single'",
        "CASE WHEN {eligible} THEN {base} + {more} * children_under_3 ELSE 0 END",
        {"months": 36, "base": 300_000, "more": 100_000},
    ),
    Family(
        "jobless",
        "unemployment_registered AND social_insurance_months >= {months} "
        "AND person.age BETWEEN {from_age} AND {to_age}",
        "CASE WHEN {eligible} THEN LEAST(FLOOR(social_insurance_months / {each}) + {base}, {most}) * {monthly} "
        "ELSE 0 END",
        {"months": 12, "from_age": 16, "to_age": 59, "each": 12, "base": 2, "most": 24, "monthly": 212_400},
    ),
    Family(
        "disability",
        "disability_certified AND disability_level BETWEEN 1 AND {level} AND hukou_city = '440300'",
        "CASE WHEN NOT {eligible} THEN 0 WHEN disability_level <= 2 THEN {grave} ELSE {light} END",
        {"level": 4, "grave": 59_000, "light": 30_000},
    ),
    Family(
        "minimum",
        "household_income_cents < {line} * household_size AND hukou_city = '440300' AND NOT housing_owned",
        "CASE WHEN {eligible} THEN GREATEST({line} * household_size - household_income_cents, {least}) ELSE 0 END",
        {"line": 136_500, "least": 10_000},
    ),
    Family(
        "founder",
        "employment_kind = 'self_employed' AND months_between(business_founded_date, as_of) BETWEEN {after} "
        "AND {before} AND credit_level IN ('A', 'B')",
        "CASE WHEN {eligible} THEN {once} + {hours} * LEAST(annual_training_hours, {most}) ELSE 0 END",
        {"after": 6, "before": 60, "once": 1_000_000, "hours": 3_000, "most": 80},
    ),
    Family(
        "housing",
        "NOT housing_owned AND NOT public_housing AND rent_registered AND social_insurance_months >= {months} "
        "AND household_income_cents < {limit} * household_size",
        "CASE WHEN {eligible} THEN {basic} + {each} * (household_size - 1) ELSE 0 END",
        {"months": 36, "limit": 600_000, "basic": 120_000, "each": 30_000},
    ),
    Family(
        "graduate",
        "graduated_date IS NOT NULL AND months_between(graduated_date, as_of) <= {months} AND employed "
        "AND social_insurance_recent_months >= {insured}",
        "CASE WHEN {eligible} THEN {monthly} * LEAST(social_insurance_recent_months, {most}) ELSE 0 END",
        {"months": 24, "insured": 3, "monthly": 30_000, "most": 12},
    ),
    Family(
        "skill",
        "skill_level >= {level} AND (employed OR unemployment_registered) AND social_insurance_months >= {months}",
        "CASE WHEN {eligible} THEN {each} * skill_level + {hours} * LEAST(annual_training_hours, {most}) ELSE 0 END",
        {"level": 2, "months": 12, "each": 50_000, "hours": 1_000, "most": 60},
    ),
    Family(
        "pension",
        "person.age >= CASE WHEN sex = 'male' THEN {men} ELSE {women} END AND pension_months >= {months}",
        "CASE WHEN {eligible} THEN ROUND(pension_months * {rate} / 12.0, 0) + {base} ELSE 0 END",
        {"men": 60, "women": 55, "months": 180, "rate": 7_150, "base": 40_000},
    ),
    Family(
        "honour",
        "credit_level IN ('A', 'B') AND (blood_donations >= {blood} OR volunteer_hours >= {hours}) "
        "AND person.age >= {age}",
        "CASE WHEN {eligible} THEN {each} * blood_donations + {hourly} * LEAST(volunteer_hours, {most}) ELSE 0 END",
        {"blood": 1, "hours": 20, "age": 18, "each": 10_000, "hourly": 200, "most": 100},
    ),
)


def entity_of(table: EntityTable) -> Entity:
    """A declared table as rules know it."""
    readable = [(c, kind) for c in table.columns for kind in get_args(ColumnType) if kind == c.type.value]
    columns = {c.code: Column(c.code, c.label, kind, c.unit, c.codes, c.least, c.most) for c, kind in readable}
    return Entity(table.code, table.label, table.key, columns)


def bench_book(table: EntityTable, count: int) -> tuple[Rulebook, list[str]]:
    """A book of so many rules about people, and their ids.

    Raises:
        ValueError: a rule does not fit the declared table; the first fault is named.
    """
    texts = [RuleText("person.age", "年龄", "person", "integer", _FROM, _LAW, AGE, unit="岁")]
    parameters: list[Parameter] = []
    variation = 0
    while len(texts) < count:
        for family in FAMILIES:
            texts += _rules_of(family, variation)
            parameters += _parameters_of(family, variation)
        variation += 1
    texts = texts[:count]
    book, problems = build_book({"person": entity_of(table)}, parameters, texts)
    if problems:
        raise ValueError(f"{problems[0].message} {problems[0].hint}")
    return book, [text.id for text in texts]


def _rules_of(family: Family, variation: int) -> list[RuleText]:
    rule = f"{family.code}_{variation}"
    names = {name: f"param.{rule}_{name}" for name in family.parameters} | {"eligible": f"{rule}.eligible"}
    eligible, amount = family.eligible.format(**names), family.amount.format(**names)
    return [
        RuleText(f"{rule}.eligible", f"{family.code} 资格", "person", "boolean", _FROM, _LAW, eligible),
        RuleText(f"{rule}.amount", f"{family.code} 金额", "person", "integer", _FROM, _LAW, amount, unit="分"),
    ]


def _parameters_of(family: Family, variation: int) -> list[Parameter]:
    return [
        Parameter(
            f"{family.code}_{variation}_{name}",
            name,
            "integer",
            "",
            (DatedValue(_FROM, value + (value * variation) // 12 + (variation if value < 12 else 0), _LAW),),
        )
        for name, value in family.parameters.items()
    ]
