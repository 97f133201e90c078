"""Which part of the city the cockpit shows: the city, a district, a street or a community, and what lies inside it."""

import json
from dataclasses import dataclass
from functools import lru_cache

from zhicheng.core.places.errors import DivisionNotFound
from zhicheng.core.places.public import area_geojson, atlas_revision, division_path, get_division, list_divisions

_FINER = {"city": "district", "district": "street", "street": "community", "community": "grid"}
_WORDS = {"district": "各区", "street": "各街道", "community": "各社区", "grid": "各网格"}


@dataclass(frozen=True)
class Area:
    """A division that the cockpit shows."""

    code: str
    name: str
    level: str


def area_of(code: str) -> Area:
    """The division of a code; the city for anything else, so that an old link still opens something."""
    try:
        found = get_division(code) if code else list_divisions()[0]
    except DivisionNotFound:
        found = list_divisions()[0]
    return Area(found.code, found.name, found.level)


def finer(area: Area) -> str:
    """The level of the areas inside one."""
    return _FINER.get(area.level, "district")


def children_words(area: Area) -> str:
    """What the areas inside one are called together."""
    return _WORDS[finer(area)]


def child_names(area: Area) -> dict[str, str]:
    """The areas inside one, by code."""
    if area.level != "community":
        return {child.code: child.name for child in list_divisions(area.code)}
    return _grid_names(atlas_revision(), area.code)


def crumbs(area: Area) -> list[Area]:
    """From the city down to an area."""
    return [area_of(code) for code in reversed(division_path(area.code))]


@lru_cache(maxsize=1024)
def _grid_names(_revision: str, community: str) -> dict[str, str]:
    features = json.loads(area_geojson("grid", within=community))["features"]
    return {each["properties"]["code"]: each["properties"]["name"] for each in features}
