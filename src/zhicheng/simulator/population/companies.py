"""The table `company`: many small ones, few large; figures of one company agree with each other."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from zhicheng.simulator.population.columns import Cells, days_of_years
from zhicheng.simulator.population.figures import Figures, Shares

_TAX = Shares.of({"A": 14, "B": 42, "M": 34, "C": 8, "D": 2})
_CREDIT = Shares.of({"A": 20, "B": 62, "C": 14, "D": 4})
_STATUS = Shares.of({"active": 90, "revoked": 3, "cancelled": 7})
_FOOD, _PUBLIC, _MEDICAL, _TRANSPORT = ("H61", "H62", "F52"), ("H61", "O80", "R89"), ("F51", "C35"), ("G54", "G59")


def company_cells(figures: Figures, *, keys: pa.Array, today: int, chance: np.random.Generator) -> Mapping[str, Cells]:
    """Every column of so many companies as there are keys."""
    count = len(keys)
    draw = chance.random
    employees = np.minimum(np.floor(1.2 + np.exp(chance.normal(1.15, 1.25, count))), 40_000).astype(np.int64)
    industry = figures.industries.index(draw(count))
    names = np.array(figures.industries.codes)[industry]
    sole = (employees < 12) & (draw(count) < 0.62)
    technical = np.isin(names, ("C35", "C38", "C39", "I64", "I65", "M73", "M75", "C34"))
    years = np.minimum(chance.exponential(5.5, count), 42.0)
    per_head = np.exp(chance.normal(12.6, 0.7, count))  # yuan a year
    revenue = (employees * per_head).astype(np.int64)
    before = np.where(years > 1.0, np.maximum(employees * np.exp(chance.normal(-0.03, 0.22, count)), 1), 0)
    research = np.where(technical & ~sole, revenue * np.clip(chance.normal(0.055, 0.04, count), 0, 0.4), 0)
    high_tech = technical & (years > 1.0) & ~sole & (employees >= 8) & (draw(count) < 0.55)
    status = _STATUS.index(draw(count))
    insured = np.where(sole, 0, np.minimum(employees, (employees * (0.55 + 0.5 * draw(count))).astype(np.int64)))
    return {
        "company_key": Cells(keys),
        "founded_date": Cells(days_of_years(today, years)),
        "industry": Cells(industry, codes=figures.industries.codes),
        "registered_district": Cells(figures.districts.index(draw(count)), codes=figures.districts.codes),
        "registered_capital_cents": Cells(_rounded(np.exp(chance.normal(13.6, 1.4, count)), 10_000)),
        "employees": Cells(employees),
        "insured_employees": Cells(insured),
        "employees_last_year": Cells(before.astype(np.int64), years > 1.0),
        "revenue_cents": Cells(_rounded(revenue, 100)),
        "revenue_last_year_cents": Cells(
            _rounded(revenue * np.exp(chance.normal(-0.04, 0.3, count)), 100), years > 1.0
        ),
        "rd_spending_cents": Cells(_rounded(research, 100)),
        "high_tech_certified": Cells(high_tech),
        "specialised_new": Cells(high_tech & (employees >= 20) & (draw(count) < 0.18)),
        "tax_paid_cents": Cells(_rounded(revenue * np.clip(chance.normal(0.03, 0.02, count), 0, 0.2), 1)),
        "tax_credit": Cells(np.where(sole, -1, _TAX.index(draw(count))), codes=_TAX.codes),
        "exports_cents": Cells(_rounded(np.where(draw(count) < 0.09, revenue * draw(count), 0), 100)),
        "patents": Cells(np.where(technical, chance.poisson(np.minimum(employees / 14.0, 60.0)), 0)),
        "in_park": Cells(draw(count) < np.where(technical, 0.46, 0.09)),
        "loan_cents": Cells(_rounded(np.where(draw(count) < 0.27, revenue * 0.5 * draw(count), 0), 1_000)),
        "dismissed_rate_percent": Cells(np.minimum(chance.exponential(2.6, count), 60.0), years > 1.0),
        **_staff(employees, revenue, chance),
        "unemployment_premium_cents": Cells(_rounded(insured * 12 * 3_200 * 0.008, 1), years > 1.0),
        "credit_level": Cells(_CREDIT.index(draw(count)), codes=_CREDIT.codes),
        "status": Cells(status, codes=_STATUS.codes),
        "sole_trader": Cells(sole),
        "foreign_invested": Cells(~sole & (draw(count) < 0.03)),
        "abnormal_listed": Cells(draw(count) < np.where(status == 0, 0.04, 0.4)),
        **_premises(employees, names, chance),
    }


def _staff(employees: np.ndarray, revenue: np.ndarray, chance: np.random.Generator) -> dict[str, Cells]:
    count = len(employees)
    trains = chance.random(count) < 0.4
    return {
        "training_spending_cents": Cells(_rounded(np.where(trains, revenue * 0.004 * chance.random(count), 0), 1)),
        "graduates_hired": Cells(chance.poisson(np.minimum(employees * 0.04, 400.0))),
        "disabled_hired": Cells(chance.binomial(employees, 0.008)),
    }


def _premises(employees: np.ndarray, names: np.ndarray, chance: np.random.Generator) -> dict[str, Cells]:
    draw, count = chance.random, len(employees)
    return {
        "premises_rented": Cells(draw(count) < 0.86),
        "premises_area_m2": Cells((18 + employees * (8 + 22 * draw(count))).astype(np.int64)),
        "licence_food": Cells(np.isin(names, _FOOD) & (draw(count) < 0.7)),
        "licence_public_place": Cells(np.isin(names, _PUBLIC) & (draw(count) < 0.75)),
        "licence_medical_device": Cells(np.isin(names, _MEDICAL) & (draw(count) < 0.06)),
        "licence_transport": Cells(np.isin(names, _TRANSPORT) & (draw(count) < 0.6)),
    }


def _rounded(yuan: np.ndarray, to: int) -> np.ndarray:
    """Cents, in whole steps of so many yuan."""
    cents: np.ndarray = np.minimum((yuan / to).astype(np.int64) * to, 10**11) * 100
    return cents
