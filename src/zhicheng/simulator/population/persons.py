"""The table `person`: each column of the declaration from the drawn people."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from zhicheng.simulator.population.columns import Cells
from zhicheng.simulator.population.figures import Shares
from zhicheng.simulator.population.households import CHILD, Ints
from zhicheng.simulator.population.keys import COMPANY, simulated_keys
from zhicheng.simulator.population.people import (
    EDUCATIONS,
    EMPLOYEE,
    KINDS,
    MARRIAGES,
    NONE,
    SELF_EMPLOYED,
    STAGES,
    People,
)

_CREDIT = Shares.of({"A": 25, "B": 60, "C": 13, "D": 2})
_DISABILITIES = Shares.of(
    {"visual": 15, "hearing": 24, "speech": 2, "physical": 30, "intellectual": 9, "mental": 8, "multiple": 12}
)
_HUKOU_KINDS = ("urban", "rural", "collective")
_TITLES = ("none", "junior", "middle", "senior")


def person_cells(people: People, *, keys: pa.Array, home_keys: pa.Array, seed: int) -> Mapping[str, Cells]:
    """Every column; `keys` are those of the people, `home_keys` those of their households."""
    return {
        "person_key": Cells(keys),
        "household_key": Cells(home_keys),
        **_origin(people),
        **_learning(people),
        **_work(people, seed),
        **_money(people),
        **_family(people),
        **_condition(people),
        **_conduct(people),
    }


def _origin(people: People) -> dict[str, Cells]:
    figures, count = people.figures, people.families.count
    cities = (figures.local_code, *figures.origins.codes)
    drawn = people.uniform()
    hukou_kind = np.where(people.local, np.where(drawn < 0.9, 0, 2), np.where(drawn < 0.62, 1, 0))
    district = figures.districts.index(people.chance.random(len(people.families.start)))[people.families.home]
    streets = tuple(code for district_streets in figures.streets for code in district_streets)
    lengths = np.array([len(district_streets) for district_streets in figures.streets])
    first = np.cumsum(lengths) - lengths
    spread = people.chance.random(len(people.families.start))[people.families.home] ** 1.4
    street = np.where(lengths[district] > 0, first[district] + (spread * lengths[district]).astype(np.int64), -1)
    since = people.today - (people.resident_years * 365.2425).astype(np.int32)
    return {
        "birth_date": Cells(people.birth),
        "sex": Cells(people.families.male.astype(np.int8), codes=("female", "male")),
        "hukou_city": Cells(people.hukou, codes=cities),
        "hukou_kind": Cells(np.where(people.hukou < 0, -1, hukou_kind), codes=_HUKOU_KINDS),
        "residence_district": Cells(district, codes=figures.districts.codes),
        "residence_street": Cells(street, codes=streets or ("",)),
        "resident_since_date": Cells(np.maximum(since, people.birth)),
        "marital_status": Cells(people.marriage, codes=MARRIAGES),
        "spouse_hukou_city": Cells(people.spouse_hukou, codes=cities),
        "foreign": Cells(people.foreign),
        "hk_macau": Cells(people.hk_macau),
        "deceased": Cells(~people.alive),
        "deceased_date": Cells(people.today - (people.chance.random(count) * 700).astype(np.int32), ~people.alive),
    }


def _learning(people: People) -> dict[str, Cells]:
    age, level = people.age, people.education
    finished = np.array([12.5, 15.5, 18.5, 21.5, 22.5, 25.5, 28.5])[level]
    graduated = people.birth + (finished * 365.2425).astype(np.int32)
    known = (level >= 3) & (graduated <= people.today) & (people.stage == 0)
    drawn = people.uniform()
    title = np.select([drawn < 0.02 * level, drawn < 0.06 * level, drawn < 0.11 * level], [3, 2, 1], 0)
    title = np.where((people.kind == NONE) & (age < 45), 0, title)
    skilled = people.chosen(0.22) & (age >= 18) & (people.kind != NONE)
    skill = np.where(skilled, 1 + (people.uniform() ** 2 * 4.99).astype(np.int64), 0)
    return {
        "education": Cells(np.where(age < 6, -1, level), codes=EDUCATIONS),
        "degree_verified": Cells(people.chosen(0.62), level >= 3),
        "graduated_date": Cells(graduated, known),
        "professional_title": Cells(title, codes=_TITLES),
        "skill_level": Cells(skill),
        "school_stage": Cells(people.stage, codes=STAGES),
        "student": Cells(people.stage >= 2),
    }


def _work(people: People, seed: int) -> dict[str, Cells]:
    employee = people.kind == EMPLOYEE
    employer = np.minimum((people.uniform() ** 2.2 * people.companies).astype(np.int64), people.companies - 1)
    months_open = (people.chance.exponential(34.0, people.families.count) * 30.4).astype(np.int32)
    founded = np.minimum(np.maximum(people.today - months_open, people.birth + 18 * 365), people.today)
    pension = people.insured_months + (people.chance.exponential(14.0, people.families.count)).astype(np.int64)
    pension = np.where(people.insured_months > 0, np.minimum(pension, people.working_months.astype(np.int64) + 6), 0)
    since = people.today - (people.uniform() * 540).astype(np.int32)
    hours = np.where((people.kind != NONE) & people.chosen(0.24), 4 + (people.uniform() ** 2 * 116).astype(np.int64), 0)
    return {
        "employed": Cells(people.kind != NONE),
        "employment_kind": Cells(people.kind, codes=KINDS),
        "employer_key": Cells(_employer_keys(employer, employee, seed)),
        "social_insurance_months": Cells(people.insured_months),
        "social_insurance_recent_months": Cells(people.recent_months),
        "pension_months": Cells(np.maximum(pension, people.insured_months)),
        "medical_insured": Cells((people.chosen(0.93) | (people.recent_months > 0)) & people.alive),
        "unemployment_registered": Cells(people.jobless),
        "unemployment_since_date": Cells(since, people.jobless),
        "unemployment_involuntary": Cells(people.chosen(0.7), people.jobless),
        "management_post": Cells(employee & people.chosen(np.where(people.education >= 4, 0.5, 0.06))),
        "business_founded_date": Cells(founded, people.kind == SELF_EMPLOYED),
        "annual_training_hours": Cells(hours),
    }


def _employer_keys(employer: Ints, employee: np.ndarray, seed: int) -> pa.Array:
    """Keys of employers as one dictionary; NULL for people whom nobody employs."""
    numbers, positions = np.unique(employer[employee], return_inverse=True)
    index = np.zeros(len(employer), np.int32)
    index[employee] = positions
    keys = simulated_keys(COMPANY, seed, numbers)
    return pa.DictionaryArray.from_arrays(pa.array(index, mask=~employee), keys)


def _money(people: People) -> dict[str, Cells]:
    household = people.families.sum_by_home(people.income)
    poor = (household / people.families.size < 150_000) & people.local
    drawn = people.chance.random(len(people.families.start), dtype=np.float32)[people.families.home]
    assigned = ~people.owned & (drawn < np.where(people.local, 0.10, 0.02))
    rented = ~people.owned & ~assigned
    return {
        "monthly_income_cents": Cells(people.income),
        "household_income_cents": Cells(household),
        "household_size": Cells(people.families.size.astype(np.int64)),
        "low_income_certified": Cells(people.chosen(np.where(poor, 0.30, 0.0006))),
        "housing_owned": Cells(people.owned),
        "public_housing": Cells(assigned),
        "housing_queued": Cells(rented & people.local & people.chosen(0.55)),
        "rent_registered": Cells(rented & people.chosen(0.42)),
        "bank_account_known": Cells(people.chosen(np.where(people.age < 16, 0.45, 0.88))),
    }


def _family(people: People) -> dict[str, Cells]:
    families, age = people.families, people.age
    at_home = people.children(np.ones(families.count, bool))
    elsewhere = np.where((age >= 28) & (people.marriage > 0), (people.uniform() * 2.4).astype(np.int64), 0)
    mother = ~families.male & (at_home > 0)
    private = (people.stage == 2) | (people.stage == 3)
    private &= people.chosen(np.where(people.local, 0.12, 0.45))
    pregnant = ~families.male & (people.marriage == 1) & (age >= 22) & (age < 43) & people.chosen(0.05)
    return {
        "children_count": Cells(np.where(at_home > 0, at_home, elsewhere)),
        "children_under_3": Cells(people.children(age < 3)),
        "children_under_18": Cells(people.children(age < 18)),
        "youngest_child_birth_date": Cells(people.youngest_birth, at_home > 0),
        "child_in_kindergarten": Cells(people.children(people.stage == 1) > 0),
        "child_in_private_school": Cells(people.children(private) > 0),
        "children_in_private_primary": Cells(people.children(private & (people.stage == 2))),
        "children_in_private_junior": Cells(people.children(private & (people.stage == 3))),
        "pregnant_registered": Cells(pregnant & people.alive),
        "childbirth_date": Cells(people.youngest_birth, mother),
    }


def _condition(people: People) -> dict[str, Cells]:
    kind = _DISABILITIES.index(people.uniform())
    return {
        "disability_level": Cells(people.disability),
        "disability_kind": Cells(np.where(people.disability > 0, kind, -1), codes=_DISABILITIES.codes),
        "disability_certified": Cells((people.disability > 0) & people.chosen(0.72)),
        "veteran": Cells(people.families.male & (people.age >= 20) & people.chosen(0.022)),
    }


def _conduct(people: People) -> dict[str, Cells]:
    adult = (people.age >= 18) & (people.families.role != CHILD)
    hours = (people.chance.exponential(26.0, people.families.count)).astype(np.int64)
    return {
        "criminal_record": Cells(adult & people.chosen(0.008)),
        "credit_level": Cells(np.where(people.age < 18, -1, _CREDIT.index(people.uniform())), codes=_CREDIT.codes),
        "blood_donations": Cells(np.where(adult, people.chance.poisson(0.09, people.families.count), 0)),
        "volunteer_hours": Cells(np.where((people.age >= 12) & people.chosen(0.16), hours, 0)),
    }
