"""Schools, parks, stops and hydrants: points in the parcels and along the streets of a community. All simulated."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zhicheng.simulator.city.footprints import Footprints
from zhicheng.simulator.city.ground import Ground, Site
from zhicheng.simulator.city.statures import HOSPITAL, SCHOOL, Statures
from zhicheng.simulator.city.streets import stem
from zhicheng.simulator.city.uses import GREEN

# kind: label, residents to one of them, capacity from and to (places, beds, hectares or litres a second)
_KINDS: dict[str, tuple[str, int, tuple[int, int]]] = {
    "school": ("学校", 11_000, (600, 2_400)),
    "kindergarten": ("幼儿园", 9_000, (180, 450)),
    "hospital": ("医院", 120_000, (100, 1_200)),
    "clinic": ("社区健康服务中心", 19_000, (10, 60)),
    "elder_care": ("养老服务中心", 60_000, (30, 300)),
    "park": ("公园", 14_000, (1, 40)),
    "toilet": ("公共厕所", 4_500, (4, 24)),
    "hydrant": ("消火栓", 420, (10, 15)),
    "library": ("图书馆", 24_000, (40, 400)),
    "police": ("派出所", 110_000, (20, 150)),
    "bus_stop": ("公交站", 1_900, (1, 6)),
    "metro_station": ("地铁站", 46_000, (2, 8)),
}


@dataclass(frozen=True)
class Facility:
    """One of them, with its point in metres and the position of its grid."""

    kind: str
    name: str
    capacity: int
    point: BaseGeometry
    grid: int


def facilities_of(site: Site, built: tuple[Ground, Footprints, Statures], rng: np.random.Generator) -> list[Facility]:
    """As many of each kind as the residents of the community need."""
    found = []
    for kind, (label, people, capacity) in _KINDS.items():
        count = int(site.quota.residents / people + rng.random())
        spots = _spots(kind, built, count, rng)
        for number, (point, grid) in enumerate(spots, 1):
            name = f"{stem(site.atlas.names[site.code])}{_ordinal(kind, number, len(spots))}{label}"
            found.append(Facility(kind, name, int(rng.integers(capacity[0], capacity[1] + 1)), point, int(grid)))
    return [*found, *_ports(site)]


def _ports(site: Site) -> list[Facility]:
    """The border crossings that the figures name in this community; the streets around them are simulated."""
    found = []
    for name, point in site.figures.ports.items():
        if site.atlas.outlines[site.code].contains(point):
            distances = [grid.shape.distance(point) for grid in site.atlas.grids[site.code]]
            found.append(Facility("port", name, 1, point, distances.index(min(distances))))
    return found


def _ordinal(kind: str, number: int, many: int) -> str:
    if many < 2:
        return ""
    return f"{number}号" if kind in {"hydrant", "toilet", "bus_stop"} else f"第{number}"


def _spots(kind: str, built: tuple[Ground, Footprints, Statures], count: int, rng: np.random.Generator) -> list[Any]:
    """Points with their grids: at the buildings or in the parcels that serve the purpose, else before houses."""
    ground, houses, statures = built
    if kind in {"school", "hospital"}:
        wanted = np.flatnonzero(statures.uses == (SCHOOL if kind == "school" else HOSPITAL))
        _, first = np.unique(houses.parcels[wanted], return_index=True)
        shapes, grids = houses.shapes[wanted[first]], ground.grids[houses.parcels[wanted[first]]]
    elif kind == "park":
        wanted = np.flatnonzero(ground.uses == GREEN)
        shapes, grids = ground.parcels[wanted], ground.grids[wanted]
    else:
        shapes, grids = ground.parcels, ground.grids
    if not len(shapes) or not count:
        return []
    chosen = np.sort(rng.choice(len(shapes), min(count, len(shapes)), replace=False))
    if kind in {"hydrant", "bus_stop", "toilet", "metro_station"}:
        rims = shapely.get_exterior_ring(shapes[chosen])
        points = shapely.line_interpolate_point(rims, rng.random(len(chosen)), normalized=True)
    else:
        points = shapely.point_on_surface(shapes[chosen])
    return list(zip(points, grids[chosen], strict=True))
