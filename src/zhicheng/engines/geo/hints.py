"""Why a point is not in the city: swapped numbers, another region, or the sea. Hints for people, not for rights.

All coordinates are WGS84 degrees; an area is the city's outline. The outlines of Hong Kong and of the sea below are
coarse boxes and a coarse line (about 1 km): good enough to choose a sentence, and only asked about points that are
already known to lie outside the city.
"""

import math
from enum import Enum

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Area = Polygon | MultiPolygon

METRES_PER_DEGREE = 111_195.0

# Source: general knowledge of the coast line; the northern border follows the Shenzhen river and Sha Tau Kok.
_HONG_KONG_LAND = shapely.union_all(
    [
        Polygon(  # New Territories and Kowloon
            [
                (113.895, 22.375), (113.93, 22.425), (113.985, 22.468), (114.01, 22.487), (114.03, 22.503),
                (114.06, 22.515), (114.08, 22.527), (114.105, 22.533), (114.12, 22.536), (114.15, 22.545),
                (114.165, 22.560), (114.19, 22.557), (114.225, 22.546), (114.235, 22.530), (114.30, 22.500),
                (114.34, 22.500), (114.40, 22.440), (114.40, 22.380), (114.33, 22.330), (114.30, 22.265),
                (114.255, 22.280), (114.235, 22.287), (114.200, 22.300), (114.168, 22.292), (114.135, 22.330),
                (114.08, 22.360), (114.02, 22.365),
            ]
        ),
        Polygon([(114.11, 22.275), (114.14, 22.292), (114.17, 22.285), (114.20, 22.293), (114.26, 22.265),
                 (114.26, 22.200), (114.20, 22.200), (114.13, 22.235)]),  # Hong Kong Island
        Polygon([(113.83, 22.19), (113.83, 22.26), (113.90, 22.325), (113.95, 22.330), (114.05, 22.330),
                 (114.05, 22.26), (113.99, 22.20), (113.90, 22.19)]),  # Lantau with the airport
    ]
)  # fmt: skip
# Water around the city: Lingdingyang and Shenzhen Bay in the west, Mirs Bay, Daya Bay, the open sea in the south.
_WATER = shapely.union_all(
    [
        Polygon([(113.60, 21.50), (113.60, 22.45), (113.66, 22.68), (113.73, 22.77), (113.77, 22.77), (113.80, 22.66),
                 (113.87, 22.56), (113.90, 22.47), (114.03, 22.52), (114.06, 22.50), (113.95, 22.41), (113.90, 22.34),
                 (113.90, 21.50)]),
        Polygon([(113.90, 21.50), (113.90, 22.45), (114.35, 22.45), (114.24, 22.53), (114.24, 22.57), (114.40, 22.62),
                 (114.50, 22.62), (114.53, 22.68), (114.62, 22.70), (114.75, 22.60), (114.80, 22.50), (114.80, 21.50)]),
    ]
)  # fmt: skip


class Surroundings(Enum):
    """Where a point outside the city lies."""

    HONG_KONG = "香港"
    SEA = "海上"
    ELSEWHERE = "其他"


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


def surroundings(longitude: float, latitude: float) -> Surroundings:
    """What lies at a point that is not in the city.

    >>> surroundings(114.158, 22.282)
    <Surroundings.HONG_KONG: '香港'>
    """
    point = shapely.points(longitude, latitude)
    if _HONG_KONG_LAND.intersects(point):
        return Surroundings.HONG_KONG
    return Surroundings.SEA if _WATER.intersects(point) else Surroundings.ELSEWHERE


def distance_m(area: BaseGeometry, longitude: float, latitude: float) -> float:
    """Metres from a point to an area, 0.0 inside; error below 0.5 % within 50 km.

    >>> round(distance_m(shapely.box(114.0, 22.5, 114.1, 22.6), 114.05, 22.61))
    1112
    """
    scale = math.cos(math.radians(latitude))
    scaled = shapely.transform(area, lambda xy: xy * (scale, 1.0))
    return float(shapely.distance(scaled, shapely.points(longitude * scale, latitude))) * METRES_PER_DEGREE
