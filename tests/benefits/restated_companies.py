"""Every benefit for companies, stated a second time in pandas: nothing here knows the rules of the pack.

Amounts are cents, as they stood in 2026 before 1 July.
"""

from pathlib import Path

import pandas as pd
from deltalake import DeltaTable

from tests.benefits.restated import Frame, either

YUAN = 100
FLAGS = ["abnormal_listed", "high_tech_certified", "specialised_new"]
NUMBERS = [
    "employees", "insured_employees", "graduates_hired", "disabled_hired", "training_spending_cents",
    "rd_spending_cents", "unemployment_premium_cents",
]  # fmt: skip


def read_companies(table: Path) -> Frame:
    """The register as Parquet files hold it, in nullable types."""
    columns = ["company_key", "status", "credit_level", "dismissed_rate_percent", *FLAGS, *NUMBERS]
    files = DeltaTable(str(table)).file_uris()
    firms = pd.concat([pd.read_parquet(file, columns=columns, dtype_backend="pyarrow") for file in files])
    firms = firms.reset_index(drop=True)
    for name in FLAGS:
        firms[name] = firms[name].astype("boolean")
    for name in NUMBERS:
        firms[name] = firms[name].astype("Int64")
    firms["dismissed_rate_percent"] = firms.dismissed_rate_percent.astype("Float64")
    for name in ("company_key", "status", "credit_level"):
        firms[name] = firms[name].astype(pd.StringDtype("python"))
    return firms


def share(cents: Frame, percent: int) -> Frame:
    """A part of an amount, to the cent, halves up."""
    return (cents * percent + 50) // 100


def expected(firms: Frame, year: str) -> Frame:
    """Which company should be granted what by a first run: company_key, benefit, period, amount_cents, sorted."""
    good = firms.status == "active"
    good &= ~firms.abnormal_listed.fillna(False) & (firms.credit_level.fillna("B") != "D")
    small = firms.employees <= 300
    insured, dismissed = firms.insured_employees, firms.dismissed_rate_percent
    steady = (dismissed <= 5.5) | ((insured <= 30) & (dismissed <= 20))
    premium = firms.unemployment_premium_cents
    trained = share(firms.training_spending_cents, 30)
    most_trained = insured * (500 * YUAN)
    rights = {
        "stable_jobs": ((insured >= 1) & steady, either(small, share(premium, 60), share(premium, 30))),
        "graduates_hired_subsidy": (small & (firms.graduates_hired >= 1), firms.graduates_hired * (1000 * YUAN)),
        "disabled_hired_subsidy": (firms.disabled_hired >= 1, firms.disabled_hired * (6000 * YUAN)),
        "training_refund": (
            (firms.training_spending_cents > 0) & (insured >= 1),
            either(trained < most_trained, trained, most_trained),
        ),
        "rd_support": (
            firms.high_tech_certified & (firms.rd_spending_cents >= 1_000_000 * YUAN),
            share(firms.rd_spending_cents, 5).clip(upper=3_000_000 * YUAN),
        ),
        "specialised_award": (firms.specialised_new & small, firms.employees * 0 + 200_000 * YUAN),
    }
    rows = []
    for benefit, (right, amount) in rights.items():
        sure = (good & right).fillna(False) & (amount > 0).fillna(False)
        found = pd.DataFrame({"person_key": firms.company_key, "amount_cents": amount})[sure]
        found.insert(1, "benefit", benefit)
        found.insert(2, "period", "once" if benefit == "specialised_award" else year)
        rows.append(found)
    whole = pd.concat(rows, ignore_index=True).astype({"person_key": "object", "amount_cents": "int64"})
    return whole.sort_values(["person_key", "benefit", "period"]).reset_index(drop=True)
