"""The streets around a community's parcels: its own, those on its borders, and the arterial roads; with their names."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from zhicheng.simulator.city.cutting import Ints
from zhicheng.simulator.city.figures import Atlas, Figures, read_figures
from zhicheng.simulator.city.ground import Ground, Site
from zhicheng.simulator.city.numerals import numeral

_LEAST_M, _LEAST_BORDER_M = 25.0, 80.0
_NEAR_M = 260.0
_SIDES = ("东", "西", "南", "北", "中")
GRADES = ("branch", "secondary")


@dataclass(frozen=True)
class Street:
    """A named line in metres; `home` is the community it is told with, or "" for an arterial road."""

    key: str
    name: str
    grade: str
    lanes: int
    width_m: float
    line: BaseGeometry
    home: str


def streets_of(site: Site, ground: Ground, rng: np.random.Generator) -> list[Street]:
    """Every street that a parcel of the community may lie at."""
    far = [*_arterials_near(site), *borders_of(site.atlas, site.figures, site.code)]
    taken = {street.name for street in far}
    own = _own_lines(site, ground)
    main = np.flatnonzero(own[1] > 0).tolist()
    side = np.flatnonzero(own[1] == 0).tolist()
    names: dict[int, str] = {}
    heads = [stem(site.atlas.names[site.code]), *rng.choice(site.figures.words["road_heads"], 4, replace=False)]
    for places, wanted in ((main, _main_names(heads)), (side, _side_names(heads))):
        for place in places:
            names[place] = next(name for name in wanted if name not in taken)
            taken.add(names[place])
    locals_ = [
        Street(
            f"{site.code}-R{place + 1:04d}",
            names[place],
            GRADES[grade],
            2 + 2 * grade,
            10.0 + 4.0 * grade,
            line,
            site.code,
        )
        for place, (line, grade) in enumerate(zip(*own, strict=True))
    ]
    return [*locals_, *far]


def _own_lines(site: Site, ground: Ground) -> tuple[list[BaseGeometry], Ints]:
    """Lines between blocks and between the grids; one through the middle where there are no streets at all."""
    long_enough = shapely.length(ground.streets) >= _LEAST_M if len(ground.streets) else np.zeros(0, bool)
    lines, grades = list(ground.streets[long_enough]), list(ground.grades[long_enough])
    grids = [grid.shape for grid in site.atlas.grids[site.code]]
    for first, one in enumerate(grids):
        for other in grids[first + 1 :]:
            shared = _common_border(one, other, site.figures)
            if shared is not None:
                lines.append(shared)
                grades.append(1)
    if not lines:
        west, south, east, north = shapely.total_bounds(ground.parcels)
        lines, grades = [shapely.linestrings([[west, (south + north) / 2], [east, (south + north) / 2]])], [0]
    return lines, np.array(grades, np.int64)


def borders_of(atlas: Atlas, figures: Figures, code: str) -> Iterator[Street]:
    """The streets along the borders to neighbouring communities: the same for both, told with the lower code."""
    outlines = list(atlas.outlines.values())
    own = atlas.outlines[code]
    for place in sorted(_tree(atlas).query(own, predicate="intersects")):
        other = atlas.communities[place]
        if other == code:
            continue
        low, high = sorted((code, other))
        shared = _common_border(atlas.outlines[low], atlas.outlines[high], figures)
        if shared is None or outlines[place] is own:
            continue
        name = f"{stem(atlas.names[low])[:2]}{stem(atlas.names[high])[:1]}路"
        yield Street(f"{low}-R{_border_number(atlas, high)}", name, "secondary", 4, 14.0, shared, low)


def _border_number(atlas: Atlas, other: str) -> str:
    return f"B{atlas.communities.index(other):03d}"


@lru_cache(maxsize=2)
def _tree_of(outlines: tuple[BaseGeometry, ...]) -> shapely.STRtree:
    return shapely.STRtree(outlines)


def _tree(atlas: Atlas) -> shapely.STRtree:
    return _tree_of(tuple(atlas.outlines.values()))


def _common_border(one: BaseGeometry, other: BaseGeometry, figures: Figures) -> BaseGeometry | None:
    if not one.intersects(other):
        return None
    shared: BaseGeometry = shapely.line_merge(shapely.intersection(shapely.boundary(one), shapely.boundary(other)))
    hills = figures.terrain[shapely.intersects(figures.terrain, shared)]
    if len(hills):
        shared = shapely.difference(shared, shapely.union_all(hills))
    parts = [part for part in shapely.get_parts(shared) if part.length >= _LEAST_BORDER_M]
    lines = [part for part in parts if part.geom_type == "LineString"]
    return shapely.normalize(max(lines, key=lambda line: line.length)) if lines else None


def _arterials_near(site: Site) -> Iterator[Street]:
    outline, district = site.atlas.outlines[site.code], site.atlas.district_of(site.code)
    for place, road in enumerate(site.figures.arterials):
        if road.grade != "expressway" and road.line.dwithin(outline, _NEAR_M):
            yield Street(arterial_key(place, district), road.name, road.grade, road.lanes, road.width_m, road.line, "")


def arterial_key(place: int, district: str) -> str:
    """The key of an arterial road's part in a district."""
    return f"{district}-A{place + 1:03d}"


def arterials_in(pack: Path, districts: dict[str, BaseGeometry]) -> list[tuple[Street, str]]:
    """Each arterial road's part in each district (outlines in metres), with the district."""
    found = []
    figures = read_figures(pack)
    for place, road in enumerate(figures.arterials):
        for code, outline in districts.items():
            part = shapely.line_merge(shapely.intersection(road.line, shapely.buffer(outline, _NEAR_M)))
            if part.length > 0:
                key = arterial_key(place, code)
                found.append((Street(key, road.name, road.grade, road.lanes, road.width_m, part, ""), code))
    return found


def stem(name: str) -> str:
    """What a community is called for short."""
    short = name.removesuffix("社区")
    return short if len(short) > 1 else name


def _main_names(heads: list[str]) -> Iterator[str]:
    for tail in ("路", *(f"{side}路" for side in _SIDES), *(f"{numeral(n)}路" for n in range(1, 9))):
        yield from (head + tail for head in heads)
    yield from (f"{heads[0]}{numeral(number)}路" for number in count(9))


def _side_names(heads: list[str]) -> Iterator[str]:
    for tail in ("街", *(f"{side}街" for side in _SIDES), *(f"{numeral(n)}街" for n in range(1, 7))):
        yield from (head + tail for head in heads[:3])
    for number in range(1, 13):
        yield from (f"{head}{numeral(number)}巷" for head in heads)
    yield from (f"{heads[0]}{numeral(number)}巷" for number in count(13))
