"""Reads of places. The atlas and the gazetteer of the current revision are kept in the process."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import shapely

from zhicheng.core.places import models
from zhicheng.core.places.errors import PlacesNotInstalled
from zhicheng.core.places.policy.atlas import Atlas, AtlasContent
from zhicheng.core.places.policy.gazetteer import Gazetteer, Meaning, division_names
from zhicheng.core.places.values import DivisionInfo, GridInfo, LandmarkInfo, Point
from zhicheng.engines.geo.hints import Region

RECHECK_S = 5.0
"""A process notices an upgrade of the pack after at most this time."""

_LANDMARK_WEIGHT, _ROAD_WEIGHT = 0.88, 0.7


@dataclass(frozen=True)
class Known:
    """What a process holds in memory about the city."""

    atlas: Atlas
    gazetteer: Gazetteer


class _Holder:
    """The newest `Known`, read again when the revision in the database has moved on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: Known | None = None
        self._checked_s = 0.0

    def get(self) -> Known:
        known = self._known
        if known is not None and time.monotonic() - self._checked_s < RECHECK_S:
            return known
        with self._lock:
            revision = _revision()
            if self._known is None or self._known.atlas.revision != revision:
                self._known = _load(revision)
            self._checked_s = time.monotonic()
            return self._known

    def hold(self, known: Known) -> None:
        """Start from what is known already; the database is asked at the next recheck."""
        self._known, self._checked_s = known, time.monotonic()

    def forget(self) -> None:
        self._known = None


_holder = _Holder()


def get_known() -> Known:
    """Atlas and gazetteer of the installed pack.

    Raises:
        PlacesNotInstalled: there are no divisions yet.
    """
    return _holder.get()


def forget_known() -> None:
    """Read from the database at the next question: after an install, and between tests."""
    _holder.forget()


def _revision() -> str:
    row = models.AtlasRevision.objects.filter(id=1).values_list("revision", flat=True).first()
    if row is None:
        _holder.forget()
        raise PlacesNotInstalled
    return row


def _load(revision: str) -> Known:
    divisions = list(models.Division.objects.order_by("code"))
    grids = list(models.Grid.objects.filter(ended_at=None).order_by("code"))
    rows: list[models.Division | models.Grid] = [*divisions, *grids]
    outlined = [row for row in rows if row.outline is not None]
    areas = shapely.from_wkb([bytes(row.outline) for row in outlined if row.outline is not None])
    content = AtlasContent(
        revision=revision,
        divisions=[_division(row) for row in divisions],
        grids=[GridInfo(row.code, row.name, row.community_id, row.synthetic) for row in grids],
        outlines={row.code: area for row, area in zip(outlined, areas, strict=True)},
        landmarks=[_landmark(row) for row in models.Landmark.objects.filter(ended_at=None)],
        surroundings=[
            Region(row.name, shapely.from_wkb(bytes(row.outline)), row.kind == "water")
            for row in models.Surrounding.objects.filter(ended_at=None).order_by("code")
        ],
    )
    atlas = Atlas(content)
    return Known(atlas, Gazetteer.build(_names(atlas)))


def _division(row: models.Division) -> DivisionInfo:
    ended = row.ended_at is not None
    return DivisionInfo(row.code, row.name, row.level, row.parent_id, row.note, row.synthetic, ended)


def _landmark(row: models.Landmark) -> LandmarkInfo:
    point = Point(row.longitude, row.latitude)
    return LandmarkInfo(row.name, point, row.kind, row.district, tuple(row.aliases))


def _names(atlas: Atlas) -> Iterator[tuple[str, Meaning]]:
    for division in atlas.divisions.values():
        if not division.ended:
            yield from division_names(division, atlas.chain(division.code))
    for landmark in atlas.landmarks:
        meaning = _meaning(atlas, landmark)
        if meaning is not None:
            for name in (landmark.name, *landmark.aliases):
                yield name, meaning


def _meaning(atlas: Atlas, landmark: LandmarkInfo) -> Meaning | None:
    place = atlas.find(landmark.point.longitude, landmark.point.latitude)
    if place is None:
        return None
    if landmark.kind == "road":  # it is long: only its district is certain
        chain = tuple(code for code in place.divisions if atlas.divisions[code].level in {"district", "city"})
        return Meaning(chain, _ROAD_WEIGHT, len(chain))
    return Meaning(place.divisions, _LANDMARK_WEIGHT, len(place.divisions) + 1, grid=place.grid, point=landmark.point)


def area_layer(level: str, within: str | None) -> str:
    """Outlines of one level (or `grid`) as GeoJSON text, all or those inside a division; cached by revision."""
    atlas = get_known().atlas
    return _area_layer(atlas.revision, level, within)


@lru_cache(maxsize=256)
def _area_layer(revision: str, level: str, within: str | None) -> str:
    atlas = get_known().atlas
    inside = [code for code in _codes(atlas, level) if within is None or within in _above(atlas, code)]
    known = [code for code in inside if code in atlas.outlines]
    shapes = shapely.to_geojson([atlas.outlines[code] for code in known])
    features = [_feature(atlas, code, text) for code, text in zip(known, shapes, strict=True)]
    head = f'{{"type":"FeatureCollection","revision":{json.dumps(revision)},"features":['
    return head + ",".join(features) + "]}"


def _codes(atlas: Atlas, level: str) -> list[str]:
    if level == "grid":
        return list(atlas.grids)
    return [division.code for division in atlas.divisions.values() if division.level == level and not division.ended]


def _above(atlas: Atlas, code: str) -> tuple[str, ...]:
    grid = atlas.grids.get(code)
    return (code, *atlas.chain(grid.community)) if grid else atlas.chain(code)


def _feature(atlas: Atlas, code: str, geometry: str) -> str:
    grid = atlas.grids.get(code)
    known = grid or atlas.divisions[code]
    parent = grid.community if grid else atlas.divisions[code].parent
    properties = {"code": code, "name": known.name, "parent": parent, "synthetic": known.synthetic}
    text = json.dumps(properties, ensure_ascii=False, separators=(",", ":"))
    return f'{{"type":"Feature","properties":{text},"geometry":{geometry}}}'
