"""Particular companies of the demo: their code, who represents them, what the city holds about them.

The codes have valid check characters and belong to nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from zhicheng.core.lake.values import Value


@dataclass(frozen=True)
class DemoCompany:
    """A company of the demo; `representative` is a resident's telephone number. `story` says what it is for."""

    uscc: str
    name: str
    representative: str
    story: str
    facts: Mapping[str, Value]


_USUAL: Mapping[str, Value] = {
    "registered_district": "440304",
    "status": "active",
    "credit_level": "A",
    "tax_credit": "A",
    "premises_rented": True,
}
COMPANIES: tuple[DemoCompany, ...] = (
    DemoCompany(
        "91440300MA5DEMA1XR",
        "深圳榕荫软件有限公司",
        "13800138001",
        "软件企业，高新技术，有研发投入",
        {
            "founded_date": date(2018, 5, 8),
            "industry": "I65",
            "registered_capital_cents": 500_000_000,
            "employees": 46,
            "insured_employees": 46,
            "employees_last_year": 41,
            "revenue_cents": 3_860_000_000,
            "revenue_last_year_cents": 3_120_000_000,
            "rd_spending_cents": 520_000_000,
            "high_tech_certified": True,
            "specialised_new": True,
            "tax_paid_cents": 148_000_000,
            "patents": 9,
            "in_park": True,
            "training_spending_cents": 26_000_000,
            "graduates_hired": 5,
            "premises_area_m2": 780,
        },
    ),
    DemoCompany(
        "91440300MA5DEMB2YK",
        "深圳桂味餐饮管理有限公司",
        "13800138005",
        "餐饮企业，规模小，有贷款",
        {
            "founded_date": date(2021, 9, 17),
            "industry": "H62",
            "registered_capital_cents": 50_000_000,
            "employees": 12,
            "insured_employees": 9,
            "employees_last_year": 12,
            "revenue_cents": 428_000_000,
            "revenue_last_year_cents": 455_000_000,
            "tax_credit": "B",
            "tax_paid_cents": 6_300_000,
            "loan_cents": 80_000_000,
            "graduates_hired": 1,
            "disabled_hired": 1,
            "premises_area_m2": 210,
            "licence_food": True,
        },
    ),
)
COMPANIES = tuple(replace(one, facts={**_USUAL, **one.facts}) for one in COMPANIES)
