"""Why a point is not in the city: swapped numbers, another region, or water. Hints for people, not for rights.

All coordinates are WGS84 degrees; an area is the city's outline. Which regions lie around a city is data of its pack;
they are only asked about points that are already known to lie outside the city.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class Region:
    """Something around the city: another region, or water. Coarse outlines (about 1 km) are enough."""

    name: str
    outline: BaseGeometry
    is_water: bool = False


def are_swapped(longitude: float, latitude: float, city: BaseGeometry, *, margin_degrees: float = 0.5) -> bool:
    """Whether longitude and latitude were exchanged: only the exchanged point is near the city.

    >>> are_swapped(22.54, 114.05, shapely.box(113.7, 22.4, 114.7, 22.9))
    True
    >>> are_swapped(114.05, 22.54, shapely.box(113.7, 22.4, 114.7, 22.9))
    False
    """
    west, south, east, north = city.bounds

    def is_near(x: float, y: float) -> bool:
        return (
            west - margin_degrees <= x <= east + margin_degrees
            and south - margin_degrees <= y <= north + margin_degrees
        )

    return is_near(latitude, longitude) and not is_near(longitude, latitude)


def surrounding_region(longitude: float, latitude: float, regions: Sequence[Region]) -> Region | None:
    """The first region that holds a point which is not in the city; land is asked before water.

    >>> regions = [Region("某海", shapely.box(0, 0, 9, 9), is_water=True), Region("某岛", shapely.box(4, 4, 5, 5))]
    >>> surrounding_region(4.5, 4.5, regions).name, surrounding_region(1.0, 1.0, regions).name
    ('某岛', '某海')
    """
    point = shapely.points(longitude, latitude)
    for region in sorted(regions, key=lambda region: region.is_water):
        if region.outline.intersects(point):
            return region
    return None


def distance_m(area: BaseGeometry, longitude: float, latitude: float) -> float:
    """Metres from a point to an area, 0.0 inside; error below 0.5 % within 50 km.

    >>> round(distance_m(shapely.box(114.0, 22.5, 114.1, 22.6), 114.05, 22.61))
    1112
    """
    scale = math.cos(math.radians(latitude))
    scaled = shapely.transform(area, lambda xy: xy * (scale, 1.0))
    return float(shapely.distance(scaled, shapely.points(longitude * scale, latitude))) * METRES_PER_DEGREE
