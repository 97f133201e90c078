"""Typed values of places. Coordinates are longitude, latitude in degrees, WGS84 unless a name says otherwise."""

from dataclasses import dataclass


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
    """

    divisions: tuple[str, ...]
    grid: str = ""
    point: Point | None = None
    address: str = ""
    score: float = 1.0
