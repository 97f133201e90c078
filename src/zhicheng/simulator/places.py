"""Where things happen: points that lie in the city, drawn from its own outlines. What people call the place, too."""

import json
import random
from dataclasses import dataclass

from shapely.geometry import Point as Position
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from zhicheng.core.places.public import area_geojson, describe_divisions, division_path
from zhicheng.core.places.values import Point

_TRIES = 40


@dataclass(frozen=True)
class Spot:
    """A point and the community it was drawn in."""

    point: Point
    community: str

    @property
    def words(self) -> str:
        """The place as a resident would write it."""
        return describe_divisions(division_path(self.community)).replace("·", "")


class Ground:
    """The communities of the city with their outlines; a larger community gets no more appeals than a small one."""

    def __init__(self) -> None:
        outlines = json.loads(area_geojson("community"))["features"]
        self._codes = [outline["properties"]["code"] for outline in outlines]
        self._shapes = [shape(outline["geometry"]) for outline in outlines]
        self._inside: dict[str, list[int]] = {}

    def spot(self, chance: random.Random, within: str = "") -> Spot:
        """A point in a random community, of one division where `within` names it."""
        index = chance.choice(self._indexes(within))
        return Spot(_point_in(self._shapes[index], chance), self._codes[index])

    def _indexes(self, within: str) -> list[int]:
        if within not in self._inside:
            found = [place for place, code in enumerate(self._codes) if not within or within in division_path(code)]
            self._inside[within] = found or list(range(len(self._codes)))
        return self._inside[within]


def _point_in(area: BaseGeometry, chance: random.Random) -> Point:
    west, south, east, north = area.bounds
    for _ in range(_TRIES):
        candidate = Position(chance.uniform(west, east), chance.uniform(south, north))
        if area.contains(candidate):
            return Point(round(candidate.x, 6), round(candidate.y, 6))
    safe = area.representative_point()
    return Point(safe.x, safe.y)
