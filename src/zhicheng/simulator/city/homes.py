"""Housing units and the people counted in them, building by building. Counts only: there are no persons here."""

from dataclasses import dataclass

import numpy as np

from zhicheng.simulator.city.cutting import Ints, share_out
from zhicheng.simulator.city.figures import Figures
from zhicheng.simulator.city.footprints import Footprints
from zhicheng.simulator.city.frame import Floats
from zhicheng.simulator.city.planning import Quota
from zhicheng.simulator.city.statures import HOME, VILLAGE, Statures, most_floors, restored

_UNIT_M2 = np.array([98.0, 260.0, 120.0, 900.0, 2_000.0, 900.0, 900.0, 600.0, 36.0, 1_200.0])
_NET = 0.80  # of a floor that is inside units
_OTHERS_SHARE = 0.35  # at most so much of a community's units is no home


@dataclass(frozen=True)
class Households:
    """One entry a building."""

    units: Ints
    residents: Ints
    elders_65: Ints
    children_6: Ints
    companies: Ints


def fill_buildings(
    houses: Footprints, statures: Statures, quota: Quota, figures: Figures, rng: np.random.Generator
) -> tuple[Statures, Households]:
    """Units and residents of each building; homes get more or fewer floors until the community's units fit in."""
    base = statures.floors * np.maximum(1.0, np.round(houses.areas_m2 * _NET / _UNIT_M2[statures.uses]))
    homes = np.isin(statures.uses, (HOME, VILLAGE))
    others = np.minimum(base, 400.0) * ~homes
    most = _OTHERS_SHARE * quota.units if homes.any() else float(quota.units)
    other_units = min(int(others.sum()), int(most))
    floors = statures.floors
    if homes.any():
        strain = (quota.units - other_units) / base[homes].sum()
        grown = np.clip(np.round(floors * np.clip(strain, 0.3, 3.0) ** 0.6), 1, most_floors(statures.uses))
        floors = np.where(homes, grown.astype(np.int64), floors)
    statures = restored(statures, floors, rng)
    units = np.zeros(len(floors), np.int64)
    units[~homes] = share_out(others[~homes], other_units if homes.any() else quota.units, 1)
    weights = base * rng.uniform(0.85, 1.15, len(base)) * floors / np.maximum(base, 1) * _a_floor(houses, statures)
    units[homes] = share_out(weights[homes], quota.units - int(units.sum()), 1)
    return statures, _people(statures, units, quota, figures, rng)


def _a_floor(houses: Footprints, statures: Statures) -> Floats:
    found: Floats = np.maximum(1.0, houses.areas_m2 * _NET / _UNIT_M2[statures.uses])
    return found


def _people(statures: Statures, units: Ints, quota: Quota, figures: Figures, rng: np.random.Generator) -> Households:
    uses, count = statures.uses, len(units)
    fullness = np.where(uses == HOME, 1.55, np.where(uses == VILLAGE, 1.15, 0.0)) * rng.uniform(0.55, 1.25, count)
    weights = units * fullness
    residents = share_out(weights if weights.any() else units.astype(np.float64), quota.residents)
    old = np.clip((2012 - statures.years) / 20.0, 0.1, 1.3)
    elder_rate = figures.elders_65 * np.where(uses == VILLAGE, 0.4, 0.8 + 1.48 * old) * rng.gamma(3.0, 1 / 3.0, count)
    child_rate = figures.children_6 * np.where(uses == VILLAGE, 0.7, 1.18) * rng.gamma(6.0, 1 / 6.0, count)
    elders = rng.binomial(residents, np.minimum(elder_rate, 0.5))
    children = rng.binomial(residents - elders, np.minimum(child_rate, 0.4))
    return Households(units, residents, elders, children, _companies(statures, units, rng))


def _companies(statures: Statures, units: Ints, rng: np.random.Generator) -> Ints:
    """Shops on the ground floor of homes, a company or two in each office unit."""
    rate = np.array([0.04, 1.6, 1.3, 1.2, 0.8, 0.02, 0.02, 0.1, 0.09, 0.4])[statures.uses]
    found: Ints = rng.poisson(units * rate).astype(np.int64)
    return found
