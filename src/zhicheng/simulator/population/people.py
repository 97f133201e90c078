"""The facts of each person, column by column; what follows from what is written here once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from zhicheng.simulator.population.columns import Days, days_of_years
from zhicheng.simulator.population.figures import Figures, Shares
from zhicheng.simulator.population.households import CHILD, Bools, Families, Floats, Ints

EDUCATIONS = ("primary", "junior", "senior", "college", "bachelor", "master", "doctor")
STAGES = ("none", "kindergarten", "primary", "junior", "senior", "college")
KINDS = ("none", "employee", "flexible", "self_employed")
MARRIAGES = ("single", "married", "divorced", "widowed")
NONE, EMPLOYEE, FLEXIBLE, SELF_EMPLOYED = range(4)
_APART = 0.06  # share of people whose hukou is not the one of their household
_DISABILITY = Shares.of({"1": 12, "2": 25, "3": 28, "4": 35})


@dataclass
class People:
    """One draw of people on one day; `today` counts days since 1970. Columns are computed from cached parts."""

    figures: Figures
    families: Families
    today: int
    chance: np.random.Generator
    companies: int

    def uniform(self) -> npt.NDArray[np.float32]:
        """A number of [0, 1) for each person."""
        return self.chance.random(self.families.count, dtype=np.float32)

    def chosen(self, share: float | Floats) -> Bools:
        """True for this share, drawn for each person."""
        return self.uniform() < share

    @property
    def age(self) -> Floats:
        """Years."""
        return self.families.age

    @cached_property
    def birth(self) -> Days:
        """Day of birth."""
        return days_of_years(self.today, self.age)

    @cached_property
    def alive(self) -> Bools:
        """Nearly all: the dead stay in the register for a while."""
        return ~self.chosen(np.clip(np.exp((self.age - 95.0) / 9.0), 0.0003, 0.2))

    @cached_property
    def foreign(self) -> Bools:
        """Foreigners."""
        return self.chosen(0.002)

    @cached_property
    def hk_macau(self) -> Bools:
        """Residents from Hong Kong, Macau and Taiwan."""
        found: Bools = self.chosen(0.006) & ~self.foreign
        return found

    @cached_property
    def hukou(self) -> npt.NDArray[np.int16]:
        """0 is this city, others the origins plus one, -1 where there is none. Families mostly share one."""
        drawn = self.chance.random(len(self.families.start), dtype=np.float32)
        size = self.families.sizes
        mixed = (self.figures.local_hukou - _APART) / (1.0 - 2.0 * _APART)  # what is left after some differ
        local = drawn < mixed * np.where(size > 1, 1.12, 0.79)
        origin = self.figures.origins.index(self.chance.random(len(self.families.start), dtype=np.float32))
        own = self.figures.origins.index(self.uniform())
        apart = self.chosen(_APART)
        is_local = local[self.families.home] ^ apart
        home = np.where(self.chosen(0.35), own, origin[self.families.home])
        found = np.where(is_local, 0, home + 1).astype(np.int16)
        found[self.foreign | self.hk_macau] = -1
        return found

    @cached_property
    def local(self) -> Bools:
        """Registered in this city."""
        found: Bools = self.hukou == 0
        return found

    @cached_property
    def resident_years(self) -> Floats:
        """How long each has lived here: never longer than the life."""
        moved = self.chance.exponential(7.0, self.families.count)
        born_here = self.local & self.chosen(0.45)
        return np.where(born_here | (self.families.role == CHILD), self.age * 0.98, np.minimum(moved, self.age * 0.9))

    @cached_property
    def stage(self) -> npt.NDArray[np.int8]:
        """Position in STAGES by age: most children, fewer young adults."""
        drawn, age = self.uniform(), self.age
        stage = np.zeros(self.families.count, np.int8)
        stage[(age >= 3) & (age < 6) & (drawn < 0.88)] = 1
        stage[(age >= 6) & (age < 12)] = 2
        stage[(age >= 12) & (age < 15)] = 3
        stage[(age >= 15) & (age < 18) & (drawn < 0.91)] = 4
        student = np.where(self.families.role == CHILD, 0.55, 0.10)
        stage[(age >= 18) & (age < 23) & (drawn < student)] = 5
        stage[~self.alive] = 0
        return stage

    @cached_property
    def education(self) -> npt.NDArray[np.int8]:
        """Position in EDUCATIONS: what is finished."""
        drawn, age = self.uniform(), self.age
        found = np.zeros(self.families.count, np.int8)
        found[(age >= 12) & (age < 15)] = 0
        found[(age >= 15) & (age < 18)] = 1
        for from_age, shares in self.figures.educations:
            old_enough = age >= from_age
            found[old_enough] = shares.index(drawn[old_enough])
        found[self.stage == 5] = 2
        for level, at_least in ((3, 20.5), (4, 21.5), (5, 24.5), (6, 27.5)):
            found[(found >= level) & (age < at_least)] = level - 1
        return found

    @cached_property
    def kind(self) -> npt.NDArray[np.int8]:
        """Position in KINDS."""
        works = np.where(self.families.male, 0.92, 0.81)
        able = (self.age >= 16) & (self.age < np.where(self.families.male, 60, 55)) & (self.stage == 0) & self.alive
        old = (self.age >= np.where(self.families.male, 60, 55)) & (self.age < 70) & self.alive
        works = np.where(old, 0.15, np.where(able, works, 0.0))
        drawn = self.uniform()
        kind = np.where(drawn < 0.78, EMPLOYEE, np.where(drawn < 0.91, FLEXIBLE, SELF_EMPLOYED))
        kind = np.where(old & (kind == EMPLOYEE), FLEXIBLE, kind)
        return np.where(self.chosen(works), kind, NONE).astype(np.int8)

    @cached_property
    def working_months(self) -> Floats:
        """Months since work began, here or elsewhere."""
        began = np.array([16.5, 17.0, 19.0, 21.5, 22.5, 25.5, 28.5])[self.education]
        months: Floats = np.clip((np.minimum(self.age, 60.0) - began) * 12.0, 0.0, None)
        return months

    @cached_property
    def insured_months(self) -> Ints:
        """Months of social insurance here."""
        possible = np.minimum(self.working_months, self.resident_years * 12.0)
        share = np.where(self.kind == EMPLOYEE, 0.72 + 0.28 * self.uniform(), 0.8 * self.uniform() ** 2)
        return np.where(self.age >= 16, possible * share, 0.0).astype(np.int64)

    @cached_property
    def recent_months(self) -> Ints:
        """Consecutive months up to now: only of those who are insured now."""
        current = (self.kind == EMPLOYEE) | ((self.kind == FLEXIBLE) & self.chosen(0.55))
        run = self.chance.exponential(38.0, self.families.count).astype(np.int64) + 1
        return np.where(current, np.minimum(run, self.insured_months), 0)

    @cached_property
    def income(self) -> Ints:
        """Monthly income in cents, in whole yuan."""
        median = self.figures.median_incomes[self.education] * np.array([0.0, 1.0, 0.75, 1.15])[self.kind]
        spread = np.exp(self.chance.standard_normal(self.families.count, dtype=np.float32) * 0.38)
        rises = 1.0 + 0.012 * np.minimum(self.working_months / 12.0, 20.0)
        pension = np.where((self.age >= 60) & self.chosen(0.7), 2600.0 + 40.0 * self.uniform() * self.age, 0.0)
        earned = np.where(self.kind == NONE, pension, np.maximum(median * spread * rises, 1800.0))
        return np.where(self.alive, earned, 0.0).astype(np.int64) * 100

    @cached_property
    def marriage(self) -> npt.NDArray[np.int8]:
        """Position in MARRIAGES: those with a spouse here are married; some live apart."""
        drawn, age = self.uniform(), self.age
        apart = np.clip((age - 21.0) / 30.0, 0.0, 0.62)
        found = np.where(drawn < apart, 1, np.where(drawn > 0.955, 2, 0))
        found = np.where((age > 60) & (drawn > 0.5), 3, found)
        found = np.where(self.families.is_parent & (self.families.spouse < 0), np.where(drawn < 0.85, 2, 3), found)
        found = np.where((self.families.role == CHILD) | (age < 22), 0, found)
        return np.where(self.families.spouse >= 0, 1, found).astype(np.int8)

    @cached_property
    def spouse_hukou(self) -> npt.NDArray[np.int16]:
        """As `hukou`, of the husband or wife; -1 where there is none."""
        here = self.hukou[np.maximum(self.families.spouse, 0)]
        away = np.where(self.hukou >= 0, self.hukou, 1)
        found = np.where(self.families.spouse >= 0, here, away)
        return np.where(self.marriage == 1, found, -1).astype(np.int16)

    @cached_property
    def disability(self) -> npt.NDArray[np.int64]:
        """0 none, 1 the gravest to 4."""
        has = self.chosen(0.008 + 0.0007 * np.maximum(self.age - 20.0, 0.0))
        return np.where(has, 1 + _DISABILITY.index(self.uniform()), 0)

    @cached_property
    def owned(self) -> Bools:
        """A flat of the household's own in the city."""
        drawn = self.chance.random(len(self.families.start), dtype=np.float32)[self.families.home]
        found: Bools = drawn < np.where(self.local, 0.55, 0.10)
        return found

    @cached_property
    def jobless(self) -> Bools:
        """Registered as unemployed."""
        could = (self.kind == NONE) & (self.age >= 18) & (self.age < 58) & (self.stage == 0) & self.alive
        found: Bools = could & self.chosen(0.11)
        return found

    def children(self, kept: Bools) -> Ints:
        """How many children of a kind live with each parent; 0 for others."""
        own = self.families.sum_by_home(((self.families.role == CHILD) & kept).astype(np.int64))
        return np.where(self.families.is_parent, own, 0)

    @cached_property
    def youngest_birth(self) -> Days:
        """Day of birth of the youngest child at home; 0 for people without."""
        age = np.where(self.families.role == CHILD, self.age, 999.0)
        least = self.families.least_by_home(age)
        return np.where(self.families.is_parent, days_of_years(self.today, least), 0).astype(np.int32)
