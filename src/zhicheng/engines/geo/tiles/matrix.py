"""WebMercatorQuad: which tile lies where. Source: OGC 17-083r4, annex D.1; EPSG:3857."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

Box = tuple[float, float, float, float]
MOST_ZOOM = 22
MOST_LATITUDE = 85.0511287798066
HALF_M = 20037508.3427892
TOP_SCALE = 559082264.028717
"""Scale denominator of zoom 0."""


@dataclass(frozen=True, order=True)
class TileId:
    """A tile; rows count from the north."""

    zoom: int
    row: int
    column: int

    @property
    def exists(self) -> bool:
        """Whether the matrix has it."""
        size = 1 << max(0, min(self.zoom, MOST_ZOOM))
        return 0 <= self.zoom <= MOST_ZOOM and 0 <= self.row < size and 0 <= self.column < size

    def box(self, margin: float = 0.0) -> Box:
        """West, south, east, north in degrees, wider on each side by a share of the tile.

        >>> TileId(1, 0, 1).box()
        (0.0, 0.0, 180.0, 85.0511287798066)
        """
        size = float(1 << self.zoom)
        west, east = (self.column - margin) / size, (self.column + 1 + margin) / size
        north, south = (self.row - margin) / size, (self.row + 1 + margin) / size
        return west * 360 - 180, _latitude(south), east * 360 - 180, _latitude(north)

    def children(self) -> "Iterator[TileId]":
        """The four tiles of the next zoom."""
        for row in (2 * self.row, 2 * self.row + 1):
            for column in (2 * self.column, 2 * self.column + 1):
                yield TileId(self.zoom + 1, row, column)


def tiles_over(box: Box, zoom: int) -> Iterator[TileId]:
    """Every tile of a zoom that meets a box in degrees."""
    west, south, east, north = box
    size = 1 << zoom
    left, top = _place(west, north, size)
    right, bottom = _place(east, south, size)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield TileId(zoom, row, column)


def _place(longitude: float, latitude: float, size: int) -> tuple[int, int]:
    y = math.asinh(math.tan(math.radians(max(-MOST_LATITUDE, min(MOST_LATITUDE, latitude)))))
    column = math.floor((longitude + 180) / 360 * size)
    row = math.floor((1 - y / math.pi) / 2 * size)
    return min(max(column, 0), size - 1), min(max(row, 0), size - 1)


def _latitude(y: float) -> float:
    if y <= 0.0:
        return MOST_LATITUDE
    if y >= 1.0:
        return -MOST_LATITUDE
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y))))
