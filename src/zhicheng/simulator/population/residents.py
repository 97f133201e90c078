"""Particular people of the demo: who can sign in, which ID number is theirs, what the city holds about them.

The numbers have valid check characters and belong to nobody. A row starts from "nothing known, nothing had"; what
a story needs is written out, so that it stays true whatever the simulator draws for others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import pyarrow as pa

from zhicheng.core.lake.public import arrow_schema
from zhicheng.core.lake.values import ColumnType, EntityTable, Value


@dataclass(frozen=True)
class Override:
    """A row that stands in a table as given: its key, and the columns that say something."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoResident:
    """Somebody of the demo. `story` says what the row is for. `NEWCOMERS` have no account yet."""

    phone: str
    name: str
    id_number: str
    story: str
    facts: Mapping[str, Value]


def _facts(birth: date, sex: str, **facts: Value) -> Mapping[str, Value]:
    usual: dict[str, Value] = {
        "hukou_city": "430100",
        "hukou_kind": "rural",
        "resident_since_date": date(2019, 7, 1),
        "marital_status": "single",
        "professional_title": "none",
        "employment_kind": "none",
        "school_stage": "none",
        "medical_insured": True,
        "household_size": 1,
        "bank_account_known": True,
        "credit_level": "A",
    }
    return {**usual, "birth_date": birth, "sex": sex, **facts}


_TALENT: Mapping[str, Value] = {
    "education": "bachelor",
    "degree_verified": True,
    "graduated_date": date(2017, 6, 30),
    "employed": True,
    "employment_kind": "employee",
    "social_insurance_months": 78,
    "social_insurance_recent_months": 78,
    "pension_months": 78,
    "monthly_income_cents": 1_650_000,
    "household_income_cents": 1_650_000,
    "rent_registered": True,
}
RESIDENTS: tuple[DemoResident, ...] = (
    DemoResident(
        "13800138001", "陈晓明", "43010219950312001", "符合人才引进条件", _facts(date(1995, 3, 12), "male", **_TALENT)
    ),
    DemoResident(
        "13800138002",
        "李慧",
        "43010219930821002",
        "学历未能核验，转人工审核",
        _facts(date(1993, 8, 21), "female", **{**_TALENT, "degree_verified": None}),
    ),
    DemoResident(
        "13800138003",
        "王强",
        "43042119840105001",
        "学历和社保年限不够，告知原因",
        _facts(
            date(1984, 1, 5),
            "male",
            education="junior",
            degree_verified=None,
            employed=True,
            employment_kind="flexible",
            social_insurance_months=7,
            social_insurance_recent_months=7,
            pension_months=7,
            monthly_income_cents=620_000,
            household_income_cents=620_000,
        ),
    ),
    DemoResident(
        "13800138004",
        "黄桂英",
        "44030119430916002",
        "高龄津贴",
        _facts(
            date(1943, 9, 16),
            "female",
            hukou_city="440300",
            hukou_kind="urban",
            marital_status="widowed",
            education="primary",
            resident_since_date=date(1985, 3, 1),
            children_count=2,
            childbirth_date=date(1972, 5, 20),
            youngest_child_birth_date=date(1972, 5, 20),
        ),
    ),
    DemoResident(
        "13800138005",
        "周敏",
        "44030119940228004",
        "新生儿出生、生育和在园儿童补贴",
        _facts(
            date(1994, 2, 28),
            "female",
            hukou_city="440300",
            hukou_kind="urban",
            marital_status="married",
            spouse_hukou_city="430100",
            education="college",
            degree_verified=True,
            employed=True,
            employment_kind="employee",
            social_insurance_months=96,
            social_insurance_recent_months=40,
            pension_months=96,
            monthly_income_cents=910_000,
            household_income_cents=2_100_000,
            household_size=4,
            children_count=2,
            children_under_3=1,
            children_under_18=2,
            youngest_child_birth_date=date(2025, 11, 2),
            childbirth_date=date(2025, 11, 2),
            child_in_kindergarten=True,
        ),
    ),
    DemoResident(
        "13800138006",
        "林志远",
        "44030119711103003",
        "失业登记、残疾",
        _facts(
            date(1971, 11, 3),
            "male",
            hukou_city="440300",
            hukou_kind="urban",
            marital_status="divorced",
            education="senior",
            unemployment_registered=True,
            unemployment_since_date=date(2025, 12, 1),
            unemployment_involuntary=True,
            social_insurance_months=188,
            pension_months=188,
            disability_level=3,
            disability_kind="physical",
            disability_certified=True,
            low_income_certified=True,
        ),
    ),
)
NEWCOMERS: tuple[DemoResident, ...] = (
    DemoResident(
        "13800138007",
        "赵雪梅",
        "43010219960518002",
        "还没有实名：可以在演示里自己认证",
        _facts(date(1996, 5, 18), "female", **_TALENT),
    ),
)
_WEIGHTS, _CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


def _with_check(resident: DemoResident) -> DemoResident:
    digits = resident.id_number
    check = _CHECKS[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11]
    return replace(resident, id_number=digits + check)


RESIDENTS = tuple(map(_with_check, RESIDENTS))
NEWCOMERS = tuple(map(_with_check, NEWCOMERS))


def override_rows(table: EntityTable, overrides: tuple[Override, ...]) -> pa.RecordBatch:
    """The rows as a batch in the declared types.

    Raises:
        KeyError: a value is for a column that the table does not declare.
    """
    blank: dict[str, Value] = {
        column.code: {ColumnType.BOOLEAN: False, ColumnType.INTEGER: 0}.get(column.type) for column in table.columns
    }
    for override in overrides:
        for code in override.values:
            table.column(code)
    rows = [{**blank, **override.values, table.key: override.key} for override in overrides]
    return pa.RecordBatch.from_pylist(rows, schema=arrow_schema(table))
