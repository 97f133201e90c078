"""All divisions, outlines and landmarks of the installed city in memory: immutable, built once a revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from zhicheng.core.places.errors import CoordinatesSwapped, DivisionNotFound, InvalidCoordinates, PointOutsideCity
from zhicheng.core.places.values import LEVELS, DivisionInfo, GridInfo, LandmarkInfo, Location, Point
from zhicheng.engines.geo.coordinates import bd09_to_wgs84, cgcs2000_to_wgs84, gcj02_to_wgs84
from zhicheng.engines.geo.hints import Region, are_swapped, distance_m, surrounding_region
from zhicheng.engines.geo.locating import NOWHERE, AreaIndex

Area = Polygon | MultiPolygon

SNAP_M = 50.0
"""A point this near outside still counts as inside: outlines are simplified, phones err by as much."""
FAR_M = 100_000.0
"""Beyond, the plane in which distances are measured is none any more, and none is named."""
_NEARBY_SCORE = 0.8
_TO_WGS84 = {
    "wgs84": cgcs2000_to_wgs84,  # both leave the numbers as they are
    "cgcs2000": cgcs2000_to_wgs84,
    "gcj02": gcj02_to_wgs84,
    "bd09": bd09_to_wgs84,
}


@dataclass(frozen=True)
class AtlasContent:
    """What an atlas is built from. `outlines` holds divisions and grids by code, WGS84."""

    revision: str
    divisions: Sequence[DivisionInfo]
    grids: Sequence[GridInfo]
    outlines: Mapping[str, Area]
    landmarks: Sequence[LandmarkInfo] = ()
    surroundings: Sequence[Region] = field(default=())


class Atlas:
    """Answers what is here and what is below."""

    def __init__(self, content: AtlasContent) -> None:
        self.revision = content.revision
        self.landmarks = tuple(content.landmarks)
        self.surroundings = tuple(content.surroundings)
        self.outlines = content.outlines
        self.divisions = {division.code: division for division in content.divisions}
        self.grids = {grid.code: grid for grid in content.grids}
        self._children: dict[str | None, list[DivisionInfo]] = {}
        for division in content.divisions:
            self._children.setdefault(division.parent, []).append(division)
        self._chains = {code: self._chain(code) for code in self.divisions}
        self._layers = self._build_layers()
        self.city_outline = self._city_outline()

    def _build_layers(self) -> list[tuple[list[str], AreaIndex]]:
        """Codes and index of each level that has outlines, finest first."""
        living = [division for division in self.divisions.values() if not division.ended]
        groups = [list(self.grids)]
        groups += [[division.code for division in living if division.level == level] for level in reversed(LEVELS)]
        known = [[code for code in codes if code in self.outlines] for codes in groups]
        return [(codes, AreaIndex([self.outlines[code] for code in codes])) for codes in known if codes]

    def _city_outline(self) -> BaseGeometry:
        if not self._layers:
            return Polygon()
        codes = [code for code in self._top_codes() if code in self.outlines] or self._layers[-1][0]
        outline = shapely.union_all([self.outlines[code] for code in codes])
        shapely.prepare(outline)
        return outline

    def _top_codes(self) -> list[str]:
        """The city, or what lies directly below it: districts, in some cities streets, or both."""
        city = self.city
        if city is None or city.code in self.outlines:
            return [city.code] if city else []
        return [division.code for division in self.children(city.code)]

    def _chain(self, code: str) -> tuple[str, ...]:
        chain: list[str] = []
        current: str | None = code
        while current is not None and current in self.divisions and current not in chain:
            chain.append(current)
            current = self.divisions[current].parent
        return tuple(chain)

    @property
    def city(self) -> DivisionInfo | None:
        """The root of the tree."""
        roots = self._children.get(None, [])
        return roots[0] if roots else None

    def get(self, code: str) -> DivisionInfo:
        """One division, ended ones too.

        Raises:
            DivisionNotFound: there is none with this code.
        """
        try:
            return self.divisions[code]
        except KeyError:
            raise DivisionNotFound(division=code) from None

    def children(self, parent: str | None) -> list[DivisionInfo]:
        """Living divisions directly below; `None` gives the city."""
        return [division for division in self._children.get(parent, ()) if not division.ended]

    def chain(self, code: str) -> tuple[str, ...]:
        """The division and those above it, nearest first.

        Raises:
            DivisionNotFound: there is none with this code.
        """
        try:
            return self._chains[code]
        except KeyError:
            raise DivisionNotFound(division=code) from None

    def locate(self, longitude: float, latitude: float, *, crs: str = "wgs84") -> Location:
        """The divisions and the grid around a point.

        Raises:
            InvalidCoordinates: not finite, out of range, or an unknown coordinate system.
            CoordinatesSwapped: only the exchanged point is near the city.
            PointOutsideCity: further than 50 m outside.
        """
        x, y = self._checked(longitude, latitude, crs)
        found = self.find(x, y)
        if found is not None:
            return found
        return self._snapped(x, y)

    def find(self, longitude: float, latitude: float) -> Location | None:
        """As `locate` for a WGS84 point that is known to be finite; `None` where no outline holds it."""
        for codes, index in self._layers:
            position = index.locate_one(longitude, latitude)
            if position != NOWHERE:
                return self._location(codes[position], Point(longitude, latitude), 1.0)
        return None

    def _checked(self, longitude: float, latitude: float, crs: str) -> tuple[float, float]:
        if crs not in _TO_WGS84:
            raise InvalidCoordinates(problem=f"不认识坐标系 {crs}，可用 wgs84、gcj02、bd09、cgcs2000")
        if not -1e6 < longitude < 1e6 or not -1e6 < latitude < 1e6:
            raise InvalidCoordinates(problem="应是两个普通的数字")
        if are_swapped(longitude, latitude, self.city_outline):
            raise CoordinatesSwapped(longitude=longitude, latitude=latitude)
        if not -180 <= longitude <= 180 or not -90 <= latitude <= 90:
            raise InvalidCoordinates(problem=f"经度 {longitude}、纬度 {latitude} 超出了地球的范围")
        return _TO_WGS84[crs](longitude, latitude)

    def _snapped(self, longitude: float, latitude: float) -> Location:
        if not self._layers:
            raise PointOutsideCity(where="还没有这座城市的地图", city="本市", place="其他")
        codes, index = self._layers[0]
        position, _ = index.nearest(longitude, latitude)
        away_m = distance_m(self.outlines[codes[position]], longitude, latitude)
        if away_m <= SNAP_M:
            return self._location(codes[position], Point(longitude, latitude), _NEARBY_SCORE)
        raise self._outside(longitude, latitude, codes[position], away_m)

    def _outside(self, longitude: float, latitude: float, nearest: str, away_m: float) -> PointOutsideCity:
        city = self.city.name if self.city else "本市"
        region = surrounding_region(longitude, latitude, self.surroundings)
        if region is not None:
            place = "海上" if region.is_water else region.name
            where = "这个位置在水面上" if region.is_water else f"这个位置在{region.name}"
            return PointOutsideCity(where=where, city=city, place=place, away_m=round(away_m))
        district = self._location(nearest, Point(longitude, latitude), 0.0).divisions[-2:][0]
        if away_m > FAR_M:
            return PointOutsideCity(where=f"这个位置离{city}很远", city=city, place="其他")
        words = f"约 {away_m / 1000:.0f} 公里" if away_m >= 1000 else f"约 {away_m:.0f} 米"
        where = f"这个位置离最近的{self.divisions[district].name}还有{words}"
        return PointOutsideCity(where=where, city=city, place="其他", away_m=round(away_m))

    def _location(self, code: str, point: Point, score: float) -> Location:
        grid = self.grids.get(code)
        if grid is None:
            return Location(self._chains[code], "", point, "", score)
        return Location(self._chains[grid.community], code, point, "", score)
