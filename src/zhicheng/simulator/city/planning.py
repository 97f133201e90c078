"""How much of everything each community gets, so that the whole city has what the figures say."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zhicheng.simulator.city.cutting import Ints, share_out
from zhicheng.simulator.city.figures import Atlas, District, Figures, read_atlas, read_figures
from zhicheng.simulator.city.frame import Floats

_LEAST_FREE = 0.03  # a community with less free land than this share is a hamlet on its hill
_VILLAGE, _WORKS, _REST = 42.0, 7.0, 9.0  # buildings a hectare
_LEAST = {"parcels": 6, "buildings": 15, "units": 60, "residents": 40}


@dataclass(frozen=True)
class Quota:
    """What one community gets. `intensity` is 1 far from every centre of business and up to 4 in one.

    Where `flat`, hills and water cover nearly all of it, and a hamlet stands on them.
    """

    parcels: int
    buildings: int
    units: int
    addresses: int
    residents: int
    intensity: float
    flat: bool


@lru_cache(maxsize=4)
def plan_city(pack: Path) -> dict[str, Quota]:
    """The quota of every community of a pack."""
    atlas, figures = read_atlas(pack), read_figures(pack)
    free, flat = _free_areas(atlas, figures)
    centres = shapely.get_coordinates(shapely.centroid(list(atlas.outlines.values())))
    intensity = intensity_at(figures, centres)
    districts = [figures.districts[atlas.district_of(code)] for code in atlas.communities]
    hectares = free / 10_000.0 * np.array([(1 - 0.8 * one.green) * one.built for one in districts])
    totals = figures.totals
    residents = share_out(
        _residents(atlas, figures, hectares * np.sqrt(intensity)), totals["residents"], _LEAST["residents"]
    )
    buildings = share_out(
        hectares * np.array([_density(one) for one in districts]), totals["buildings"], _LEAST["buildings"]
    )
    parcels = share_out(hectares**0.9 * intensity**0.25, totals["parcels"], _LEAST["parcels"])
    least_units = np.maximum(_LEAST["units"], 2 * buildings)
    units = share_out(residents * (1 + 0.12 * (intensity - 1)), totals["units"], least_units)
    addresses = np.add(buildings, share_out(units.astype(np.float64), totals["addresses"] - totals["buildings"], 30))
    return {
        code: Quota(
            int(parcels[place]),
            int(buildings[place]),
            int(units[place]),
            int(addresses[place]),
            int(residents[place]),
            float(intensity[place]),
            bool(flat[place]),
        )
        for place, code in enumerate(atlas.communities)
    }


def intensity_at(figures: Figures, points: Floats) -> Floats:
    """How near points of shape (n, 2), in metres, are to centres of business: 1.0 far away, at most 4.0."""
    found = np.ones(len(points))
    for hub in figures.hubs:
        distance = np.hypot(points[:, 0] - hub.x, points[:, 1] - hub.y)
        found += hub.height_m / 250.0 * np.exp(-((distance / (2.2 * hub.radius_m)) ** 2))
    return np.minimum(found, 4.0)


def _density(district: District) -> float:
    rest = max(0.0, 1.0 - district.village - district.industry)
    return district.village * _VILLAGE + district.industry * _WORKS + rest * _REST


def _residents(atlas: Atlas, figures: Figures, weights: Floats) -> Floats:
    """Each district's people, by weight."""
    districts = np.array([atlas.district_of(code) for code in atlas.communities])
    found = np.zeros(len(weights))
    for code, district in figures.districts.items():
        inside = districts == code
        found[inside] = district.people * weights[inside] / max(weights[inside].sum(), 1e-9)
    return found


def _free_areas(atlas: Atlas, figures: Figures) -> tuple[Floats, Ints]:
    """Square metres outside hills and water, and which communities have hardly any."""
    outlines = np.array(list(atlas.outlines.values()), dtype=object)
    whole = shapely.area(outlines)
    free = np.array([_free_area(outline, figures) for outline in outlines])
    flat = free < _LEAST_FREE * whole
    return np.where(flat, 0.1 * whole, free), flat.astype(np.int64)


def _free_area(outline: BaseGeometry, figures: Figures) -> float:
    near = figures.terrain[shapely.intersects(figures.terrain, outline)]
    return float(shapely.area(shapely.difference(outline, shapely.union_all(near)))) if len(near) else outline.area
