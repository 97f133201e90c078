"""What kind of building stands on an outline: its use, its year, floors, height and structure."""

from dataclasses import dataclass

import numpy as np
import shapely

from zhicheng.simulator.city.cutting import Ints
from zhicheng.simulator.city.figures import Hub
from zhicheng.simulator.city.footprints import Footprints
from zhicheng.simulator.city.frame import Floats
from zhicheng.simulator.city.ground import Ground, Site
from zhicheng.simulator.city.planning import intensity_at

USES = (
    "residential",
    "office",
    "commercial",
    "industrial",
    "warehouse",
    "school",
    "hospital",
    "public",
    "urban_village",
    "hotel",
)
HOME, OFFICE, SHOP, WORKS, STORE, SCHOOL, HOSPITAL, PUBLIC, VILLAGE, HOTEL = range(len(USES))
STRUCTURES = ("框架", "剪力墙", "框架—核心筒", "砖混", "钢结构")
FRAME, SHEAR, CORE, BRICK, STEEL = range(len(STRUCTURES))

# building uses (columns in the order of USES) on parcels (rows in the order of LAND_USES)
_ON = np.array(
    [
        [0.93, 0.00, 0.04, 0.00, 0.00, 0.01, 0.00, 0.02, 0.00, 0.00],
        [0.00, 0.12, 0.78, 0.00, 0.00, 0.00, 0.00, 0.02, 0.00, 0.08],
        [0.00, 0.88, 0.07, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.05],
        [0.14, 0.06, 0.00, 0.68, 0.12, 0.00, 0.00, 0.00, 0.00, 0.00],
        [0.00, 0.00, 0.00, 0.00, 0.00, 0.42, 0.08, 0.50, 0.00, 0.00],
        [0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 1.00, 0.00, 0.00],
        [0.00, 0.05, 0.00, 0.00, 0.55, 0.00, 0.00, 0.40, 0.00, 0.00],
        [0.52, 0.20, 0.24, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.04],
        [0.00, 0.00, 0.04, 0.01, 0.00, 0.00, 0.00, 0.01, 0.94, 0.00],
    ]
).cumsum(axis=1)
_TOGETHER = (4, 5)  # on public and green land all buildings of a parcel serve the same purpose
_STOREY_M = np.array([3.0, 4.2, 5.0, 4.8, 7.5, 3.9, 4.2, 3.9, 3.1, 3.6])
_GROUND_FLOOR_M = np.array([1.2, 3.0, 1.5, 1.2, 1.0, 0.9, 1.5, 0.9, 0.8, 2.4])
_MOST_FLOORS = np.array([62, 125, 12, 14, 4, 8, 22, 12, 12, 70])
_LATEST = 2025


@dataclass(frozen=True)
class Statures:
    """One entry a building. `uses` and `structures` are positions in `USES` and `STRUCTURES`."""

    uses: Ints
    floors: Ints
    heights_m: Floats
    basements: Ints
    years: Ints
    structures: Ints
    elevators: Ints


def raise_buildings(site: Site, ground: Ground, houses: Footprints, rng: np.random.Generator) -> Statures:
    """Decide on every building of a community."""
    figures = site.figures
    uses = _uses(ground, houses, rng)
    years = _years(ground, houses, uses, rng)
    centres = shapely.get_coordinates(shapely.centroid(houses.shapes))
    intensity = intensity_at(figures, centres)
    floors = _floors(uses, years, houses.areas_m2, intensity, rng)
    heights = _heights(uses, floors, rng)
    reach = _reaches(centres, figures.hubs, rng)
    summits = _summits(site, uses, houses.areas_m2, centres)
    reach[list(summits)] = list(summits.values())
    grown = np.isin(uses, (OFFICE, HOTEL)) & (houses.areas_m2 > 500) & (reach > 45.0)
    towers = np.union1d(np.flatnonzero(grown), np.array(list(summits), np.int64))
    tower_m = reach[towers]
    heights[towers] = tower_m
    uses[towers[uses[towers] == SHOP]] = OFFICE
    floors[towers] = np.maximum(tower_m / 4.4, 4).astype(np.int64)
    return statures_of(uses, floors, heights, years, rng)


def statures_of(uses: Ints, floors: Ints, heights: Floats, years: Ints, rng: np.random.Generator) -> Statures:
    """What follows from use, floors and year."""
    deep = np.array([1, 2, 1, 0, 0, 0, 1, 0, 0, 1])[uses] * (years >= 1995)
    basements = deep + (floors >= 18) * (years >= 2003) + (floors >= 40)
    structures = np.where(floors <= 7, np.where(years < 1996, BRICK, FRAME), np.where(floors > 32, CORE, SHEAR))
    structures = np.where(np.isin(uses, (WORKS, STORE)), np.where(floors <= 2, STEEL, FRAME), structures)
    structures = np.where((uses == OFFICE) & (floors > 15), CORE, structures)
    lift = (floors >= 9) | ((floors >= 7) & (years >= 2003) & (uses != VILLAGE)) | np.isin(uses, (OFFICE, HOSPITAL))
    lift |= (uses == VILLAGE) & (floors >= 7) & (rng.random(len(uses)) < 0.15)
    return Statures(uses, floors, heights.round(1), basements, years, structures, lift.astype(np.int64))


def restored(statures: Statures, floors: Ints, rng: np.random.Generator) -> Statures:
    """The same buildings with other numbers of floors."""
    storey = np.where(floors == statures.floors, statures.heights_m, _heights(statures.uses, floors, rng))
    return statures_of(statures.uses, floors, storey, statures.years, rng)


def most_floors(uses: Ints) -> Ints:
    """The most floors that a building of a use has, towers aside."""
    found: Ints = _MOST_FLOORS[uses]
    return found


def _uses(ground: Ground, houses: Footprints, rng: np.random.Generator) -> Ints:
    land = ground.uses[houses.parcels]
    drawn = rng.random(len(houses.shapes))
    of_parcel = rng.random(len(ground.parcels))[houses.parcels]
    drawn = np.where(np.isin(land, _TOGETHER), of_parcel, drawn)
    found: Ints = np.minimum((drawn[:, None] > _ON[land]).sum(axis=1), len(USES) - 1)
    return found


def _years(ground: Ground, houses: Footprints, uses: Ints, rng: np.random.Generator) -> Ints:
    """An estate is built within two years; a village house by house."""
    count = len(ground.parcels)
    estate = (1983 + 42 * rng.beta(1.9, 1.6, count)).astype(np.int64)[houses.parcels] + rng.integers(0, 2, len(uses))
    own = (1984 + 28 * rng.beta(2.0, 2.0, len(uses))).astype(np.int64)
    return np.minimum(np.where(uses == VILLAGE, own, estate), _LATEST)


def _floors(uses: Ints, years: Ints, areas: Floats, intensity: Floats, rng: np.random.Generator) -> Ints:
    """Floors of everything but the towers of the centres."""
    count, dice = len(uses), rng.random(len(uses))
    modern = np.clip((years - 1990) / 30.0, 0.0, 1.0)
    tall = dice < 0.18 + 0.62 * modern + 0.08 * (intensity - 1)
    tower = rng.normal(17 + 13 * modern, 4.5) * (0.88 + 0.12 * intensity)
    homes = np.where(tall & (areas > 190), tower, rng.normal(6.8, 1.1, count))
    plain = np.array([7.0, 9.0, 3.2, 4.6, 1.5, 4.6, 8.5, 4.0, 7.2, 9.0])[uses]
    spread = np.array([1.5, 3.2, 1.2, 1.3, 0.7, 0.9, 3.5, 1.5, 1.5, 4.0])[uses]
    growth = np.where(np.isin(uses, (OFFICE, HOTEL)), 0.5 + 0.55 * intensity, 1.0)
    floors = np.where(uses == HOME, homes, rng.normal(plain, spread) * growth)
    floors = np.where((uses == PUBLIC) & (areas < 160), 1.0, floors)
    return np.clip(np.round(floors), 1, most_floors(uses)).astype(np.int64)


def _heights(uses: Ints, floors: Ints, rng: np.random.Generator) -> Floats:
    found: Floats = floors * _STOREY_M[uses] * rng.uniform(0.96, 1.05, len(uses)) + _GROUND_FLOOR_M[uses]
    return found


def _reaches(centres: Floats, hubs: tuple[Hub, ...], rng: np.random.Generator) -> Floats:
    """How high an office would be built here: the nearer to a centre of business, the more like its tallest."""
    reach = np.zeros(len(centres))
    for hub in hubs:
        distance = np.hypot(centres[:, 0] - hub.x, centres[:, 1] - hub.y)
        grown = hub.height_m * np.exp(-((distance / (1.1 * hub.radius_m)) ** 2))
        reach = np.maximum(reach, grown * np.minimum(rng.beta(1.6, 2.6, len(centres)), 0.94))
    return reach


def _summits(site: Site, uses: Ints, areas: Floats, centres: Floats) -> dict[int, float]:
    """The tallest building of each centre of business that lies in the community, and its height."""
    found = {}
    large = np.flatnonzero(np.isin(uses, (OFFICE, SHOP)) & (areas > 700))
    for hub in site.figures.hubs:
        if len(large) and site.atlas.outlines[site.code].contains(shapely.Point(hub.x, hub.y)):
            distance = np.hypot(centres[large, 0] - hub.x, centres[large, 1] - hub.y)
            found[int(large[np.argmin(distance)])] = hub.height_m
    return found
