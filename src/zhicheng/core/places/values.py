"""Typed values of places. Coordinates are longitude, latitude in degrees, WGS84 unless a name says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

from zhicheng.core.lake.values import Column, ColumnType, EntityTable, TableVersion

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


SHAPES = ("point", "line", "polygon", "none")
"""What kind of geometry a layer has. A multipoint counts as points, and so on."""

GEOMETRY = "geometry"
"""The column of a layer's table that holds the geometry."""


@dataclass(frozen=True)
class LayerColumn(Column):
    """A column of a layer. `words` are what people call it, `synonyms` what they call each of its codes."""

    words: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class TileRule:
    """From which zoom a layer is drawn, and which of its columns a tile carries."""

    from_zoom: int = 0
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layer:
    """A layer as the pack declares it. `access` is `public`, `signed`, or the permission that one needs.

    `name` is the column shown as title, "" where there is none; `illustrative` says that its content is made up.
    `columns` does not name the geometry.
    """

    code: str
    label: str
    geometry: str
    key: str
    name: str
    source: str
    licence: str
    access: str
    illustrative: bool
    words: tuple[str, ...]
    columns: tuple[LayerColumn, ...]
    tiles: TileRule | None = None

    @property
    def has_shapes(self) -> bool:
        """Whether its objects have a geometry."""
        return self.geometry != "none"

    @cached_property
    def table(self) -> EntityTable:
        """The table of the lake that holds it."""
        shape = Column(GEOMETRY, "图形", ColumnType.GEOMETRY, nullable=False)
        columns = (*self.columns, shape) if self.has_shapes else self.columns
        return EntityTable(f"layer_{self.code}", self.label, self.key, self.source, columns)

    def column(self, code: str) -> LayerColumn:
        """One column.

        Raises:
            KeyError: the layer has none of that name.
        """
        for column in self.columns:
            if column.code == code:
                return column
        raise KeyError(code)

    def has_column(self, code: str) -> bool:
        """Whether it has a column of that name."""
        return any(column.code == code for column in self.columns)

    @property
    def shown(self) -> tuple[LayerColumn, ...]:
        """The columns that a published object carries: none that is personal."""
        return tuple(column for column in self.columns if not column.personal)


@dataclass(frozen=True)
class LayerFile:
    """A file that is to become a layer, with what its sender knows of its coordinates.

    `crs` overrules what the file says: an EPSG code, `gcj02` or `bd09`. `swapped`: it has latitude first.
    """

    path: Path
    crs: str = ""
    swapped: bool = False


class Comparison(Enum):
    """How a condition compares a column with its value."""

    EQUALS = "="
    DIFFERS = "!="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="
    ONE_OF = "in"
    CONTAINS = "contains"
    BEGINS = "begins"
    IS_EMPTY = "empty"


@dataclass(frozen=True)
class Condition:
    """One condition on a column. `value` is a tuple for `ONE_OF` and means nothing for `IS_EMPTY`."""

    column: str
    test: Comparison
    value: Any = None


@dataclass(frozen=True)
class AreaCount:
    """How many objects there are in an area, with sums of some columns; `area` is "" where they name none."""

    area: str
    count: int
    sums: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Linked:
    """An object of a layer that another names, or an area: its layer is then the level of the area."""

    layer: str
    key: str
    title: str


@dataclass(frozen=True)
class LinkedPage:
    """Objects that name another, page by page; `after` asks for the next, None where this is the last."""

    items: tuple[Linked, ...]
    after: int | None


class Change(Enum):
    """What became of an object between two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class ObjectChange:
    """One object that differs: the columns that do, with their values before and after; `geometry` among them."""

    key: str
    change: Change
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerDiff:
    """What changed between two versions: how many objects, and one page of them by key.

    `after` is the key to ask on from, None where this is the last page.
    """

    old: TableVersion
    new: TableVersion
    counts: Mapping[Change, int]
    changes: tuple[ObjectChange, ...]
    after: str | None


@dataclass(frozen=True)
class PlaceHit:
    """Something that a search found. `layer` is also `landmark`, `division` or `address`; `score` is at most 1.

    `metres` is the distance from where the search looked, None where it looked nowhere.
    """

    layer: str
    key: str
    title: str
    detail: str
    point: Point | None
    score: float
    metres: float | None = None
