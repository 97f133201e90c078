"""The door of places: where a point or an address lies, and the tree of divisions."""

import math
from collections.abc import Iterable

from zhicheng.core.places.base.layers import read_layers
from zhicheng.core.places.errors import (
    CoordinatesSwapped,
    DiskFull,
    DivisionNotFound,
    FeatureUnknown,
    InvalidCoordinates,
    LayerEmpty,
    LayerHasNoShapes,
    LayerRefused,
    LayerUnknown,
    PlacesNotInstalled,
    PointOutsideCity,
)
from zhicheng.core.places.gate.opening import forget_readers
from zhicheng.core.places.gate.reader import LayerReader
from zhicheng.core.places.operations.addresses import (
    ADDRESS_COLUMNS,
    BUILDING_COLUMNS,
    keep_addresses,
    make_address_index,
    refresh_addresses,
)
from zhicheng.core.places.operations.layers import install_layer, keep_layers, rebuild_layer
from zhicheng.core.places.policy.standing import standing_levels
from zhicheng.core.places.queries.addresses import (
    Addresses,
    find_address,
    forget_addresses,
    open_addresses,
    suggest_addresses,
)
from zhicheng.core.places.queries.known import area_layer, forget_known, get_known
from zhicheng.core.places.queries.layers import get_layer, list_layers
from zhicheng.core.places.queries.links import linked_to, links_of
from zhicheng.core.places.queries.locating import locate_words
from zhicheng.core.places.queries.opening import open_layer
from zhicheng.core.places.queries.searching import search_places, suggest_places
from zhicheng.core.places.queries.statistics import count_by_area, count_in_shape, matching_rows
from zhicheng.core.places.queries.versions import diff_layer, layer_versions
from zhicheng.core.places.values import (
    AreaCount,
    Change,
    Comparison,
    Condition,
    DivisionInfo,
    GridInfo,
    LandmarkInfo,
    Layer,
    LayerColumn,
    LayerDiff,
    LayerFile,
    Linked,
    LinkedPage,
    Location,
    ObjectChange,
    PlaceHit,
    Point,
    TileRule,
)
from zhicheng.engines.addresses.finding.finder import AddressMatch
from zhicheng.engines.addresses.finding.suggesting import Suggestion

__all__ = [
    "ADDRESS_COLUMNS",
    "BUILDING_COLUMNS",
    "AddressMatch",
    "Addresses",
    "AreaCount",
    "Change",
    "Comparison",
    "Condition",
    "CoordinatesSwapped",
    "DiskFull",
    "DivisionInfo",
    "DivisionNotFound",
    "FeatureUnknown",
    "GridInfo",
    "InvalidCoordinates",
    "LandmarkInfo",
    "Layer",
    "LayerColumn",
    "LayerDiff",
    "LayerEmpty",
    "LayerFile",
    "LayerHasNoShapes",
    "LayerReader",
    "LayerRefused",
    "LayerUnknown",
    "Linked",
    "LinkedPage",
    "Location",
    "ObjectChange",
    "PlaceHit",
    "PlacesNotInstalled",
    "Point",
    "PointOutsideCity",
    "Suggestion",
    "TileRule",
    "area_geojson",
    "atlas_revision",
    "count_by_area",
    "count_in_shape",
    "describe_divisions",
    "diff_layer",
    "division_path",
    "find_address",
    "forget_addresses",
    "forget_known",
    "forget_readers",
    "get_division",
    "get_layer",
    "install_layer",
    "keep_addresses",
    "keep_layers",
    "layer_versions",
    "linked_to",
    "links_of",
    "list_divisions",
    "list_landmarks",
    "list_layers",
    "locate_address",
    "locate_point",
    "make_address_index",
    "matching_rows",
    "neighbourhood",
    "open_addresses",
    "open_layer",
    "place_levels",
    "read_layers",
    "rebuild_layer",
    "refresh_addresses",
    "search_places",
    "standing_levels",
    "suggest_addresses",
    "suggest_places",
]


def locate_point(longitude: float, latitude: float, *, crs: str = "wgs84") -> Location:
    """The community, street, district, city and grid around a point in `wgs84`, `gcj02`, `bd09` or `cgcs2000`.

    The location's own point is WGS84. Up to 50 m outside the city still counts, with score 0.8.

    Raises:
        InvalidCoordinates: no numbers, not finite, out of range, or an unknown `crs`.
        CoordinatesSwapped: longitude and latitude were exchanged.
        PointOutsideCity: the point is elsewhere; the sentence says where.
        PlacesNotInstalled: there is no pack yet.
    """
    try:
        return get_known().atlas.locate(float(longitude), float(latitude), crs=crs)
    except (TypeError, ValueError, OverflowError):
        raise InvalidCoordinates(problem="应是两个数字") from None


def locate_address(text: str) -> Location | None:
    """Where an address or a message says it is, with a confidence below 1; `None` where nothing is named.

    Raises:
        PlacesNotInstalled: there is no pack yet.
    """
    return locate_words(text)


def get_division(code: str) -> DivisionInfo:
    """One division, ended ones too.

    Raises:
        DivisionNotFound: there is none with this code.
    """
    return get_known().atlas.get(code)


def list_divisions(parent: str | None = None) -> list[DivisionInfo]:
    """Living divisions directly below one, in the order of their codes; without a parent, the city."""
    return get_known().atlas.children(parent)


def division_path(code: str) -> tuple[str, ...]:
    """The division and those above it, nearest first, as `Location.divisions` has them.

    Raises:
        DivisionNotFound: there is none with this code.
    """
    return get_known().atlas.chain(code)


def place_levels(path: Iterable[str]) -> list[tuple[str, str]]:
    """A place, given by its divisions from the finest, as (code, level) for each level that is known of it.

    Where the city has no division of a level there, the next wider one stands for it.

    Raises:
        DivisionNotFound: there is none with one of the codes.
    """
    atlas = get_known().atlas
    known = [(code, atlas.get(code).level) for code in path]
    return standing_levels(known, has_finer=bool(known and atlas.children(known[0][0])))


def describe_divisions(codes: Iterable[str]) -> str:
    """Codes in any order as people read them: 福田区·莲花街道·福新社区. The city is named only when alone.

    Raises:
        DivisionNotFound: there is none with one of the codes.
    """
    atlas = get_known().atlas
    chosen = sorted({*codes}, key=lambda code: len(atlas.chain(code)))
    below = [code for code in chosen if len(atlas.chain(code)) > 1]
    return "·".join(atlas.get(code).name for code in below or chosen)


def list_landmarks() -> tuple[LandmarkInfo, ...]:
    """Every well-known place of the pack."""
    return get_known().atlas.landmarks


def neighbourhood(point: Point, radius_m: float) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees of the box around a circle: the first sieve for "the same place"."""
    north = radius_m / 111_195.0
    east = north / max(0.01, math.cos(math.radians(point.latitude)))
    return point.longitude - east, point.latitude - north, point.longitude + east, point.latitude + north


def area_geojson(level: str, within: str | None = None) -> str:
    """Outlines of a level (city, district, street, community, grid) as GeoJSON text for our own base map.

    The text changes only with `atlas_revision()`, which therefore serves as its ETag.

    Raises:
        PlacesNotInstalled: there is no pack yet.
    """
    return area_layer(level, within)


def atlas_revision() -> str:
    """Names the current state of divisions, outlines and landmarks."""
    return get_known().atlas.revision
