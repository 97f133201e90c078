"""Metres around the middle of the city, in which everything is laid out, and degrees, in which it is written."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

_DIGITS = 7  # of a degree: a centimetre


def outlines(corners: Floats) -> Shapes:
    """A polygon for each run of corners, given as an array of shape (n, corners, 2)."""
    found: Any = shapely.polygons(corners)
    return np.asarray(found, dtype=object)


@dataclass(frozen=True)
class Frame:
    """A plane that touches the ellipsoid at a point; over a city of 80 km its lengths are right within 0.3 %."""

    longitude: float
    latitude: float

    @property
    def scale(self) -> Floats:
        """Metres to a degree of longitude and of latitude (WGS84 series)."""
        phi = math.radians(self.latitude)
        east = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
        north = 111132.92 - 559.82 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
        return np.array([east, north])

    def to_metres(self, shapes: Any) -> Any:
        """Shapes in degrees, as shapes in metres."""
        origin, scale = np.array([self.longitude, self.latitude]), self.scale
        return shapely.transform(shapes, lambda points: (points - origin) * scale)

    def to_degrees(self, shapes: Any) -> Any:
        """Undo `to_metres`, rounded to a centimetre."""
        return shapely.transform(shapes, self.degrees)

    def degrees(self, points: Floats) -> Floats:
        """Points of shape (n, 2) in metres, as longitude and latitude."""
        found: Floats = (points / self.scale + np.array([self.longitude, self.latitude])).round(_DIGITS)
        return found

    def metres(self, points: Floats) -> Floats:
        """Undo `degrees`."""
        found: Floats = (points - np.array([self.longitude, self.latitude])) * self.scale
        return found
