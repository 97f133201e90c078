"""Every benefit for people, stated a second time in pandas: nothing here knows the rules of the pack or their engine.

Conditions keep SQL's three values (pandas' nullable types); who is not certainly entitled gets nothing. Amounts are
cents, as they stood in 2026 before 1 July.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from deltalake import DeltaTable

CITY = "440300"
Frame = Any
DATES = ("birth_date", "graduated_date", "childbirth_date", "unemployment_since_date", "business_founded_date")
TEXTS = [
    "person_key", "household_key", "hukou_city", "spouse_hukou_city", "residence_district", "sex",
    "marital_status", "disability_kind", "education", "professional_title", "school_stage", "employment_kind",
    "credit_level",
]  # fmt: skip
NUMBERS = [
    "disability_level", "skill_level", "social_insurance_months", "social_insurance_recent_months",
    "pension_months", "household_size", "household_income_cents", "children_count", "children_under_3",
    "children_in_private_primary", "children_in_private_junior",
    "children_under_18", "blood_donations", "volunteer_hours", "annual_training_hours",
]  # fmt: skip
FLAGS = [
    "deceased", "foreign", "hk_macau", "disability_certified", "low_income_certified", "student",
    "housing_queued", "pregnant_registered", "medical_insured", "degree_verified", "employed",
    "unemployment_registered", "rent_registered", "housing_owned", "public_housing", "veteran",
]  # fmt: skip


def read_people(table: Path) -> Frame:
    """The register as Parquet files hold it, in nullable types."""
    files = DeltaTable(str(table)).file_uris()
    columns = [*DATES, *TEXTS, *NUMBERS, *FLAGS]
    people = pd.concat([pd.read_parquet(file, columns=columns, dtype_backend="pyarrow") for file in files])
    people = people.reset_index(drop=True)
    for name in FLAGS:
        people[name] = people[name].astype("boolean")
    for name in NUMBERS:
        people[name] = people[name].astype("Int64")
    for name in DATES:
        people[name] = pd.to_datetime(people[name].astype("object"), errors="coerce")
    for name in TEXTS:
        people[name] = people[name].astype(pd.StringDtype("python"))
    return people


class City:
    """The register on a day, with what many benefits ask."""

    def __init__(self, people: Frame, day: pd.Timestamp) -> None:
        self.p, self.day = people, day
        self.age = (self.months("birth_date") // 12).astype("Int64")
        self.alive = ~people.deceased
        self.local = (people.hukou_city == CITY) & self.alive
        self.settled = people.residence_district.notna().astype("boolean") & self.alive & ~people.foreign
        self.trusted = people.credit_level.isna().astype("boolean") | (people.credit_level != "D")
        self.severe = people.disability_certified & people.disability_level.between(1, 2)
        self.founder = (people.employment_kind == "self_employed") & self.months("business_founded_date").between(0, 36)
        hard = ((people.sex == "female") & (self.age >= 40)) | ((people.sex == "male") & (self.age >= 50))
        self.hard = self.local & (hard | people.disability_certified | people.low_income_certified)

    def months(self, name: str) -> Frame:
        """Completed months since a date; the last day of a shorter month completes one."""
        since = self.p[name].dt
        months = (self.day.year - since.year) * 12 + (self.day.month - since.month)
        ends = self.day.day == self.day.days_in_month
        short = (since.day > self.day.day) & ~(ends & (since.day > self.day.day))
        return (months - short.astype("Int64")).astype("Int64")

    def within(self, name: str, least: int, most: int) -> Frame:
        """Whether so many months have passed since a date."""
        return self.months(name).between(least, most)


def between(series: Frame, low: int, high: int) -> Frame:
    return (series >= low) & (series <= high)


def either_of(series: Frame, *values: str) -> Frame:
    """IN: what is unknown stays unknown."""
    return series.isin(values).astype("boolean").mask(series.isna())


def pick(series: Frame, table: dict[Any, int]) -> Frame:
    return series.map(table).astype("Int64")


def flat(city: City, yuan: int) -> Frame:
    return pd.Series(yuan * 100, index=city.p.index, dtype="Int64")


def either(condition: Frame, yes: Frame, no: Frame) -> Frame:
    """CASE WHEN: what is not true goes to the other side."""
    return pd.Series(np.where(condition.fillna(False), yes, no), index=yes.index).astype("Int64")


Restated = Callable[[City], tuple[Frame, Frame]]


def elderly(c: City) -> dict[str, tuple[Frame, Frame]]:
    p = c.p
    allowance = either(c.age >= 100, flat(c, 1000), either(c.age >= 90, flat(c, 500), flat(c, 300)))
    both = p.low_income_certified & c.severe
    parents = ((p.sex == "female") & (c.age >= 55)) | ((p.sex == "male") & (c.age >= 60))
    return {
        "elderly_allowance": (c.local & (c.age >= 80), allowance),
        "elderly_home_care": (
            c.local & (c.age >= 60) & (p.low_income_certified | c.severe),
            either(both, flat(c, 500), flat(c, 300)),
        ),
        "elderly_alone": (c.local & (c.age >= 70) & (p.household_size == 1), flat(c, 100)),
        "elderly_nursing": (
            c.local & (c.age >= 60) & c.severe,
            either(p.disability_level == 1, flat(c, 600), flat(c, 350)),
        ),
        "elderly_transport": (c.settled & between(c.age, 60, 64), flat(c, 240)),
        "family_planning_reward": (c.local & (p.children_count == 1) & parents, flat(c, 80)),
    }


def disability(c: City) -> dict[str, tuple[Frame, Frame]]:
    p = c.p
    any_level = between(p.disability_level, 1, 4)
    insured = p.social_insurance_recent_months
    third = p.disability_certified & (p.disability_level == 3) & either_of(p.disability_kind, "intellectual", "mental")
    stages = {"college": 500000, "senior": 200000, "kindergarten": 100000, "primary": 100000, "junior": 100000}
    study = pick(p.school_stage, stages)
    return {
        "disability_living": (
            c.local & p.disability_certified & any_level & p.low_income_certified,
            either(p.disability_level <= 2, flat(c, 480), flat(c, 300)),
        ),
        "disability_nursing": (c.local & (c.severe | third), flat(c, 400)),
        "disability_insurance": (
            c.settled & p.disability_certified & (p.employment_kind == "flexible") & (insured >= 3),
            flat(c, 650),
        ),
        "disability_study": (p.disability_certified & p.student & c.alive & (p.school_stage != "none"), study),
        "child_rehabilitation": (
            c.settled & any_level & (c.age < 18),
            either(c.age < 7, flat(c, 20000), flat(c, 12000)),
        ),
    }


def education(c: City) -> dict[str, tuple[Frame, Frame]]:
    p = c.p
    rooted = (p.hukou_city == CITY) | (p.social_insurance_recent_months >= 12)
    poor_pupil = c.settled & p.low_income_certified & p.school_stage.isin(["primary", "junior", "senior", "college"])
    primary, junior = p.children_in_private_primary, p.children_in_private_junior
    stages = {"college": 330000, "senior": 250000, "primary": 125000, "junior": 125000}
    return {
        "kindergarten_health": (
            (p.school_stage == "kindergarten") & c.settled & between(c.age, 3, 6),
            flat(c, 1500),
        ),
        "private_school": (
            (primary + junior >= 1) & c.settled & (c.age >= 18) & rooted,
            primary * 700000 + junior * 900000,
        ),
        "student_aid": (poor_pupil, pick(p.school_stage, stages)),
        "college_entry": (
            c.local & p.low_income_certified & (p.school_stage == "college") & (c.age <= 20),
            flat(c, 6000),
        ),
    }


def childbirth(c: City) -> dict[str, tuple[Frame, Frame]]:
    p = c.p
    woman = p.sex == "female"
    a_parent = (p.hukou_city == CITY) | (p.spouse_hukou_city == CITY)
    by_child = either(
        p.children_count >= 3, flat(c, 10000), either(p.children_count == 2, flat(c, 5000), flat(c, 3000))
    )
    loose = p.employment_kind.isin(["flexible", "none"])
    by_months = (p.social_insurance_recent_months.fillna(0) * 500).clip(lower=120000)
    return {
        "birth_grant": (c.alive & woman & c.within("childbirth_date", 0, 12) & a_parent, by_child),
        "childcare": (c.local & (p.children_under_3 >= 1) & (c.age >= 18), p.children_under_3 * 360000),
        "maternity_checkup": (woman & p.pregnant_registered & p.medical_insured & c.alive, flat(c, 1500)),
        "flexible_maternity": (
            woman & c.within("childbirth_date", 0, 6) & loose & p.medical_insured & c.alive,
            by_months,
        ),
        "newborn_insurance": (c.within("birth_date", 0, 11) & p.medical_insured & c.settled, flat(c, 400)),
    }


def graduates(c: City) -> dict[str, tuple[Frame, Frame]]:
    p = c.p
    insured = p.social_insurance_recent_months
    degree = p.education.isin(["bachelor", "master", "doctor"])
    rent = pick(p.education, {"bachelor": 1500000, "master": 2500000, "doctor": 3000000})
    return {
        "graduate_rent": (
            c.local
            & c.trusted
            & degree
            & p.degree_verified
            & c.within("graduated_date", 0, 24)
            & p.employed
            & (insured >= 1)
            & ~p.housing_owned
            & p.rent_registered,
            rent,
        ),
        "doctor_living": (
            (p.education == "doctor") & p.degree_verified & (c.age <= 35) & (insured >= 6) & c.settled & c.trusted,
            flat(c, 60000),
        ),
        "graduate_job_hunt": (
            c.settled & c.within("graduated_date", 0, 12) & (p.low_income_certified | p.disability_certified),
            flat(c, 3000),
        ),
        "graduate_flexible_insurance": (
            c.settled & c.within("graduated_date", 0, 24) & (p.employment_kind == "flexible") & (insured >= 1),
            flat(c, 420),
        ),
    }


def employment(c: City) -> dict[str, tuple[Frame, Frame]]:
    p = c.p
    insured = p.social_insurance_recent_months
    older = ((p.sex == "female") & between(c.age, 45, 54)) | ((p.sex == "male") & between(c.age, 50, 59))
    hours = (p.annual_training_hours * 2000).clip(upper=150000)
    return {
        "hard_flexible_insurance": (c.hard & (p.employment_kind == "flexible") & (insured >= 1), flat(c, 500)),
        "unemployment_aid": (
            p.unemployment_registered
            & c.alive
            & c.within("unemployment_since_date", 0, 6)
            & (p.social_insurance_months >= 12),
            either(p.social_insurance_months >= 120, flat(c, 1500), flat(c, 1000)),
        ),
        "older_unemployed": (c.local & p.unemployment_registered & older, flat(c, 1200)),
        "skill_grant": (
            between(p.skill_level, 1, 5) & (p.social_insurance_months >= 12) & c.settled,
            (p.skill_level + 1) * 50000,
        ),
        "training_allowance": ((p.annual_training_hours >= 40) & c.settled & ~p.student.fillna(False), hours),
        "highly_skilled": (
            (p.skill_level >= 4) & p.employed & c.settled & c.trusted,
            either(p.skill_level == 5, flat(c, 500), flat(c, 300)),
        ),
        "hk_macau_youth": (p.hk_macau & between(c.age, 18, 45) & p.employed & (insured >= 6), flat(c, 5000)),
    }


def startup(c: City) -> dict[str, tuple[Frame, Frame]]:
    insured = c.p.social_insurance_recent_months
    young = (c.age <= 35) | (c.months("graduated_date") <= 60)
    return {
        "startup_grant": (c.founder & c.settled & c.trusted & (insured >= 6), flat(c, 10000)),
        "startup_rent": (c.founder & c.settled & c.p.rent_registered & young, flat(c, 6000)),
        "startup_insurance": (c.founder & c.settled & (insured >= 6), flat(c, 450)),
    }


def relief(c: City) -> dict[str, tuple[Frame, Frame]]:
    p = c.p
    houseless = ~p.housing_owned & ~p.public_housing & p.rent_registered
    alone = p.marital_status.isin(["divorced", "widowed"])
    poor = p.household_income_cents < p.household_size * 400000
    return {
        "utility_relief": (c.settled & p.low_income_certified, flat(c, 60)),
        "festival_relief": (c.local & p.low_income_certified, p.household_size * 20000 + 100000),
        "price_subsidy": (c.settled & p.low_income_certified, flat(c, 50)),
        "medical_premium": (c.local & p.medical_insured & (p.low_income_certified | c.severe), flat(c, 584)),
        "rent_relief": (
            c.local & p.low_income_certified & houseless & p.housing_queued,
            (p.household_size * 35000).clip(upper=120000),
        ),
        "title_rent": (
            c.settled & p.professional_title.isin(["middle", "senior"]) & p.employed & houseless & c.trusted,
            either(p.professional_title == "senior", flat(c, 1000), flat(c, 600)),
        ),
        "single_mother": (
            (p.sex == "female") & alone & (p.children_under_18 >= 1) & c.settled & poor,
            p.children_under_18 * 30000,
        ),
    }


def honour(c: City) -> dict[str, tuple[Frame, Frame]]:
    p = c.p
    good = p.credit_level.isin(["A", "B"])
    return {
        "veteran_start": (p.veteran & p.employed & c.local & (c.age <= 45), flat(c, 10000)),
        "veteran_living": (p.veteran & c.local & (c.age >= 60) & (p.pension_months < 180), flat(c, 900)),
        "blood_honour": ((p.blood_donations >= 2) & c.alive, p.blood_donations.clip(upper=5) * 10000),
        "volunteer_reward": ((p.volunteer_hours >= 100) & good & c.alive, flat(c, 200)),
    }


PARTS = (elderly, disability, education, childbirth, graduates, employment, startup, relief, honour)
HOUSEHOLD = {
    "private_school", "childcare", "utility_relief", "festival_relief", "rent_relief", "title_rent",
}  # fmt: skip
MONTHLY = {
    "elderly_allowance", "elderly_home_care", "elderly_alone", "elderly_nursing", "family_planning_reward",
    "disability_living", "disability_nursing", "disability_insurance", "graduate_flexible_insurance",
    "hard_flexible_insurance", "unemployment_aid", "older_unemployed", "highly_skilled", "startup_insurance",
    "utility_relief", "price_subsidy", "rent_relief", "title_rent", "single_mother", "veteran_living",
}  # fmt: skip
ONCE = {
    "college_entry", "birth_grant", "maternity_checkup", "flexible_maternity", "newborn_insurance", "graduate_rent",
    "doctor_living", "graduate_job_hunt", "hk_macau_youth", "startup_grant", "veteran_start",
}  # fmt: skip
LARGER = (
    ["elderly_nursing", "disability_nursing"],
    ["flexible_maternity", "maternity_checkup"],
    ["doctor_living", "graduate_rent"],
    ["disability_insurance", "hard_flexible_insurance", "startup_insurance", "graduate_flexible_insurance"],
)
IN_ORDER = (["disability_study", "student_aid"], ["unemployment_aid", "older_unemployed"])
HOUSING = ["rent_relief", "title_rent"]  # the larger, one a household


def expected(people: Frame, day: pd.Timestamp) -> Frame:
    """Who should be granted what by a first run on a day: person_key, benefit, period, amount_cents, sorted."""
    city = City(people, day)
    homes = people.household_key.fillna(people.person_key)
    rows = []
    for part in PARTS:
        for benefit, (right, amount) in part(city).items():
            sure = right.fillna(False) & (amount > 0).fillna(False)
            found = pd.DataFrame({"person_key": people.person_key, "home": homes, "amount_cents": amount})[sure]
            found.insert(1, "benefit", benefit)
            rows.append(found)
    chosen = exclude(once_a_household(pd.concat(rows, ignore_index=True)))
    events = people.set_index("person_key")
    births = events.childbirth_date.dt.strftime("%Y-%m-%d")
    levels = "#" + events.skill_level.astype("string")
    chosen["period"] = [period(benefit, day) for benefit in chosen.benefit]
    children = "#" + events.children_count.astype("string")
    by_event = {
        "birth_grant": births,
        "flexible_maternity": births,
        "maternity_checkup": children.fillna("once"),
        "skill_grant": levels,
    }
    for benefit, event in by_event.items():
        found = chosen.benefit == benefit
        chosen.loc[found, "period"] = chosen.person_key[found].map(event).astype("object")
    chosen["amount_cents"] = chosen.amount_cents.astype("int64")
    columns = ["person_key", "benefit", "period", "amount_cents"]
    return chosen[columns].astype({"person_key": "object"}).sort_values(columns[:3]).reset_index(drop=True)


def period(benefit: str, day: pd.Timestamp) -> str:
    if benefit in ONCE:
        return "once"
    return f"{day:%Y-%m}" if benefit in MONTHLY else f"{day:%Y}"


def once_a_household(rows: Frame) -> Frame:
    """One member a household: the largest amount, then the first key."""
    shared = rows.benefit.isin(HOUSEHOLD)
    ordered = rows[shared].sort_values(["amount_cents", "person_key"], ascending=[False, True])
    return pd.concat([rows[~shared], ordered.drop_duplicates(["benefit", "home"])], ignore_index=True)


def exclude(rows: Frame) -> Frame:
    for group in LARGER:
        rows = keep_first(rows, group, "person_key", by_amount=True)
    for group in IN_ORDER:
        rows = keep_first(rows, group, "person_key", by_amount=False)
    return keep_first(rows, HOUSING, "home", by_amount=True)


def keep_first(rows: Frame, group: list[str], unit: str, *, by_amount: bool) -> Frame:
    """Of the benefits of a group one a unit; where amounts are equal, the benefit whose code comes first."""
    inside = rows.benefit.isin(group)
    mine = rows[inside].copy()
    mine["place"] = mine.benefit.map({code: place for place, code in enumerate(sorted(group) if by_amount else group)})
    mine["less"] = -mine.amount_cents if by_amount else 0
    kept = mine.sort_values(["less", "place", "person_key"]).drop_duplicates(unit)
    return pd.concat([rows[~inside], kept.drop(columns=["place", "less"])], ignore_index=True)
