"""What estates, works and towers are called, and the house numbers of a community."""

from dataclasses import dataclass

import numpy as np
import shapely

from zhicheng.simulator.city.cutting import Ints
from zhicheng.simulator.city.footprints import Footprints
from zhicheng.simulator.city.frame import Floats
from zhicheng.simulator.city.ground import Ground, Site
from zhicheng.simulator.city.statures import HOSPITAL, SCHOOL, Statures
from zhicheng.simulator.city.streets import Street, stem
from zhicheng.simulator.city.uses import COMMERCIAL, GREEN, INDUSTRIAL, MIXED, OFFICE, RESIDENTIAL, TRANSPORT, VILLAGE

_STEP_M = 12.0  # of street to a house number
_TOWERS = (OFFICE, COMMERCIAL, MIXED)
_SCHOOLS = ("小学", "中学", "学校", "幼儿园", "实验学校")
_PUBLIC = ("文体中心", "公共服务中心", "消防站", "综合市场", "文化馆", "变电站", "邮政支局", "便民服务站")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Names:
    """One entry a building: the street it has its number at, the number, its estate and its number there ("" none)."""

    streets: Ints
    numbers: Ints
    estates: list[str]
    building_nos: list[str]
    parcels: list[str]


def name_buildings(
    site: Site, built: tuple[Ground, Footprints, Statures], streets: list[Street], rng: np.random.Generator
) -> Names:
    """House numbers along the streets, odd on the left; estates with their own numbers inside."""
    ground, houses, statures = built
    tree = shapely.STRtree([shapely.buffer(street.line, street.width_m / 2, cap_style="flat") for street in streets])
    at, street_of = tree.query_nearest(ground.parcels, all_matches=False)
    parcel_streets = np.zeros(len(ground.parcels), np.int64)
    parcel_streets[at] = street_of
    numbers = _house_numbers(ground, houses, parcel_streets, streets)
    parcels = _parcel_names(site, ground, houses, statures, rng)
    village = ground.uses[houses.parcels] == VILLAGE
    estates = ["" if own else parcels[parcel] for own, parcel in zip(village, houses.parcels, strict=True)]
    return Names(parcel_streets[houses.parcels], numbers, estates, _numbers_inside(ground, houses), parcels)


def _house_numbers(ground: Ground, houses: Footprints, parcel_streets: Ints, streets: list[Street]) -> Ints:
    """A number for each parcel, in villages for each house."""
    village = ground.uses[houses.parcels] == VILLAGE
    singles = np.flatnonzero(village)
    estates = np.unique(houses.parcels[~village])
    shapes = np.concatenate([houses.shapes[singles], ground.parcels[estates]])
    at = np.concatenate([parcel_streets[houses.parcels[singles]], parcel_streets[estates]])
    found = _along(shapely.get_coordinates(shapely.point_on_surface(shapes)), at, streets)
    numbers = np.zeros(len(houses.parcels), np.int64)
    numbers[singles] = found[: len(singles)]
    of_parcel = np.zeros(len(ground.parcels), np.int64)
    of_parcel[estates] = found[len(singles) :]
    return np.where(village, numbers, of_parcel[houses.parcels])


def _along(points: Floats, at: Ints, streets: list[Street]) -> Ints:
    lines = np.array([street.line for street in streets], dtype=object)[at]
    spots = shapely.points(points)
    distance = shapely.line_locate_point(lines, spots)
    before = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(distance - 1.0, 0.0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(lines, distance + 1.0))
    way, off = after - before, points - before
    right = (way[:, 0] * off[:, 1] - way[:, 1] * off[:, 0] < 0).astype(np.int64)
    names = [street.name for street in streets]
    same_name = np.array([names.index(name) for name in names], np.int64)  # they share one row of numbers
    group = same_name[at] * 2 + right
    order = np.lexsort((distance, group))
    steps = np.floor(distance[order] / _STEP_M).astype(np.int64)
    sorted_groups = group[order]
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    numbers = np.empty(len(points), np.int64)
    for start, end in zip(starts, [*starts[1:], len(points)], strict=True):
        rank = np.arange(end - start)
        numbers[order[start:end]] = rank + np.maximum.accumulate(steps[start:end] - rank)
    return 2 * numbers + 1 + right


def _parcel_names(
    site: Site, ground: Ground, houses: Footprints, statures: Statures, rng: np.random.Generator
) -> list[str]:
    short = stem(site.atlas.names[site.code])
    counts = np.bincount(houses.parcels, minlength=len(ground.parcels))
    first = np.zeros(len(ground.parcels), np.int64)
    first[houses.parcels[::-1]] = statures.uses[::-1]
    dice = rng.random(len(ground.parcels))
    taken: set[str] = set()
    names = []
    for place, use in enumerate(ground.uses):
        name = _one_name(site, int(use), int(first[place]), float(dice[place]), rng) if counts[place] else ""
        if use == VILLAGE:
            names.append(short if short.endswith("村") else f"{short}村")
            continue
        while name in taken and name:
            name = _one_name(site, int(use), int(first[place]), float(rng.random()), rng)
            name = (
                name if name not in taken else name + str(rng.choice(("东区", "西区", "南区", "北区", "二期", "三期")))
            )
        taken.add(name)
        names.append(name)
    return names


def _one_name(site: Site, use: int, building_use: int, dice: float, rng: np.random.Generator) -> str:
    words, short = site.figures.words, stem(site.atlas.names[site.code])
    head = short if dice < 0.12 else _pick(words["estate_heads"], rng) + _pick(words["estate_bodies"], rng)
    if use == RESIDENTIAL:
        return head + _pick(words["estate_tails"], rng)
    if use == INDUSTRIAL:
        return head + _pick(words["park_tails"], rng)
    if use in _TOWERS:
        return head + _pick(words["office_tails"], rng)
    if use == GREEN:
        return head + "公园"
    if use == TRANSPORT:
        return head + _pick(("停车场", "公交场站", "物流中心"), rng)
    near = short if dice < 0.5 else head
    if building_use == SCHOOL:
        return near + _pick(_SCHOOLS, rng)
    return near + ("医院" if building_use == HOSPITAL else _pick(_PUBLIC, rng))


def _pick(words: tuple[str, ...], rng: np.random.Generator) -> str:
    return words[int(rng.integers(len(words)))]


def _numbers_inside(ground: Ground, houses: Footprints) -> list[str]:
    """Numbers in an estate, letters among towers; nothing for a building alone in its parcel or in a village."""
    counts = np.bincount(houses.parcels, minlength=len(ground.parcels))
    starts = np.r_[0, counts.cumsum()[:-1]]
    ranks = np.arange(len(houses.parcels)) - starts[houses.parcels]
    found = []
    for parcel, rank in zip(houses.parcels, ranks, strict=True):
        use, many = ground.uses[parcel], counts[parcel]
        if many < 2 or use == VILLAGE:
            found.append("")
        elif use in _TOWERS and many <= len(_LETTERS):
            found.append(f"{_LETTERS[rank]}座")
        else:
            found.append(f"{rank + 1}栋")
    return found
