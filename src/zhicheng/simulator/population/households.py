"""Who lives with whom: households are drawn first, people are their members, so that family facts agree."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from zhicheng.simulator.population.figures import Figures, Household

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
ADULT, WIFE, HUSBAND, CHILD, ELDER = range(5)
_YOUNGEST_MOTHER, _OLDEST_MOTHER = 20.0, 44.0


@dataclass(frozen=True)
class Families:
    """People in households, one row a person, households contiguous; ages in years.

    `home` is the number of the household in this draw, `start` and `sizes` have one entry a
    household: the position of its first member and how many there are.
    `spouse` is the position of the husband or wife living here, -1 where there is none.
    """

    home: Ints
    start: Ints
    sizes: Ints
    role: npt.NDArray[np.int8]
    age: Floats
    male: Bools
    spouse: Ints

    @property
    def size(self) -> Ints:
        """How many live in each one's household."""
        return self.sizes[self.home]

    @property
    def count(self) -> int:
        """How many people."""
        return len(self.home)

    def sum_by_home(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The sum over each household, given to each of its members."""
        summed: npt.NDArray[Any] = np.add.reduceat(values, self.start)[self.home]
        return summed

    def least_by_home(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The least value of each household, given to each of its members."""
        least: npt.NDArray[Any] = np.minimum.reduceat(values, self.start)[self.home]
        return least

    @property
    def is_parent(self) -> Bools:
        """Adults who live with a child."""
        has_child = self.sum_by_home((self.role == CHILD).astype(np.int8)) > 0
        return has_child & (self.role <= HUSBAND)


def draw_families(figures: Figures, count: int, chance: np.random.Generator) -> Families:
    """So many people; the last household is cut where they are enough."""
    kinds = figures.households
    shares = np.array([kind.share for kind in kinds])
    sizes = np.array([kind.size for kind in kinds])
    shares = shares / shares.sum()
    drawn = chance.choice(len(kinds), int(count / float((shares * sizes).sum()) * 1.1) + 64, p=shares)
    ends = np.cumsum(sizes[drawn])
    drawn = drawn[: int(np.searchsorted(ends, count)) + 1]
    start = np.concatenate([[0], np.cumsum(sizes[drawn])[:-1]]).astype(np.int64)
    size = np.minimum(sizes[drawn], count - start)
    home = np.repeat(np.arange(len(drawn)), size)
    place = np.arange(count) - start[home]
    role = _roles(kinds)[drawn[home], place]
    age = _ages(figures, role, home, place, chance)
    male = _sexes(figures, role, place, chance)
    return Families(home, start, size, role, age, male, _spouses(role, home, start))


def _roles(kinds: tuple[Household, ...]) -> npt.NDArray[np.int8]:
    """Role of each member, by kind and place in the household."""
    table = np.zeros((len(kinds), max(kind.size for kind in kinds)), np.int8)
    for row, kind in enumerate(kinds):
        adults = [WIFE, HUSBAND] if kind.couple else [ADULT] * kind.adults
        members = adults + [CHILD] * kind.children + [ELDER] * kind.elders
        table[row, : kind.size] = members
    return table


def _ages(figures: Figures, role: npt.NDArray[np.int8], home: Ints, place: Ints, chance: np.random.Generator) -> Floats:
    homes = int(home[-1]) + 1
    single = _adult_ages(figures, len(role), chance)
    youngest = 18.0 * chance.random(homes) ** 1.15  # somewhat more small children
    children = np.bincount(home[role == CHILD], minlength=homes)
    at_birth = np.clip(chance.normal(29.5, 4.3, homes), _YOUNGEST_MOTHER, _OLDEST_MOTHER)
    wife = np.where(children > 0, youngest + at_birth, np.maximum(single[:homes], 21.0))
    husband = np.maximum(wife + chance.normal(2.0, 3.0, homes), 22.0)
    adults = (children > 0).astype(np.int64)  # the first child stands after one or two adults
    order = np.where(role == CHILD, place - (1 + adults[home] * _coupled(role, home, homes)[home]), 0)
    older = np.maximum(order, 0) * (1.3 + 3.0 * chance.random(len(role)))
    child = np.minimum(youngest[home] + older, 22.9)
    parent_of = np.maximum(wife, husband)[home] + 23.0 + 9.0 * chance.random(len(role))
    alone = 60.0 + chance.exponential(8.0, len(role))
    has_adults = np.bincount(home[role <= HUSBAND], minlength=homes)[home] > 0
    elder = np.clip(np.where(has_adults, parent_of, alone), 46.0, 101.0)
    lone_parent = wife[home]
    adult = np.where(children[home] > 0, lone_parent, single)
    return np.choose(role, [adult, wife[home], husband[home], child, elder])


def _coupled(role: npt.NDArray[np.int8], home: Ints, homes: int) -> Ints:
    return np.bincount(home[role == WIFE], minlength=homes).astype(np.int64)


def _adult_ages(figures: Figures, count: int, chance: np.random.Generator) -> Floats:
    from_ages = np.array([float(code) for code in figures.adult_ages.codes])
    to_ages = np.append(from_ages[1:], 60.0)
    band = figures.adult_ages.index(chance.random(count))
    drawn: Floats = from_ages[band] + (to_ages - from_ages)[band] * chance.random(count)
    return drawn


def _sexes(
    figures: Figures, role: npt.NDArray[np.int8], place: Ints, chance: np.random.Generator
) -> npt.NDArray[np.bool_]:
    drawn = chance.random(len(role))
    single = drawn < figures.male_share + 0.06  # couples are balanced, so the others are not
    elder = np.where(place % 2 == 0, drawn < 0.2, drawn < 0.8)
    child = drawn < 0.53
    chosen: npt.NDArray[np.bool_] = np.choose(
        role, [single, np.zeros(len(role), bool), np.ones(len(role), bool), child, elder]
    )
    return chosen


def _spouses(role: npt.NDArray[np.int8], home: Ints, start: Ints) -> Ints:
    """A wife stands first in her household, the husband second; old couples likewise, without adults."""
    spouse = np.full(len(role), -1, np.int64)
    wives = np.flatnonzero(role[:-1] == WIFE)
    wives = wives[role[wives + 1] == HUSBAND]
    first = start[start < len(role) - 1]
    old = first[(role[first] == ELDER) & (role[first + 1] == ELDER) & (home[first] == home[first + 1])]
    ones = np.concatenate([wives, old])
    spouse[ones], spouse[ones + 1] = ones + 1, ones
    return spouse
