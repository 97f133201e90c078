"""Typed values of places. Coordinates are longitude, latitude in degrees, WGS84 unless a name says otherwise."""

from dataclasses import dataclass, field

LEVELS = ("city", "district", "street", "community")
"""Levels of divisions, widest first. A grid lies below a community and is not a division."""

SYSTEMS = ("wgs84", "gcj02", "bd09", "cgcs2000")
"""Coordinate systems a position may come in."""


@dataclass(frozen=True)
class Point:
    """A position, WGS84 degrees."""

    longitude: float
    latitude: float


@dataclass(frozen=True)
class Location:
    """Where something is: the divisions around a point or an address, nearest known first.

    `divisions` runs from the finest to the city, e.g. ("440304003012", "440304003", "440304", "440300");
    `grid` is the grid's code or ""; `score` is 1.0 for a point inside, else the confidence of the text match.
    `matched` lists the words of an address text that led here.
    """

    divisions: tuple[str, ...]
    grid: str = ""
    point: Point | None = None
    address: str = ""
    score: float = 1.0
    matched: tuple[str, ...] = ()


@dataclass(frozen=True)
class DivisionInfo:
    """A city, district, street or community. `synthetic` says that its outline is made up, not surveyed."""

    code: str
    name: str
    level: str
    parent: str | None
    note: str = ""
    synthetic: bool = False
    ended: bool = False


@dataclass(frozen=True)
class GridInfo:
    """The smallest patrolled area, part of one community."""

    code: str
    name: str
    community: str
    synthetic: bool = True


@dataclass(frozen=True)
class LandmarkInfo:
    """A place that everybody knows by name."""

    name: str
    point: Point
    kind: str
    district: str
    aliases: tuple[str, ...] = field(default=())
