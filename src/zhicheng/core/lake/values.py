"""Typed values of the lake: declared tables, versions, facts, reports of an ingest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from uuid import UUID

Value = bool | int | Decimal | str | date | None


class ColumnType(Enum):
    """What a column may hold. Money is integer cents, a code is text (or an integer where `codes` are numbers).

    A real is finite. A timestamp is an instant in microseconds, UTC. A geometry is WKB in longitude, latitude (WGS84).
    """

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    DATE = "date"
    REAL = "real"
    TIMESTAMP = "timestamp"
    GEOMETRY = "geometry"


@dataclass(frozen=True)
class Column:
    """One column of a declared table. `codes` maps the values allowed to their Chinese labels; empty allows any.

    `least` and `most` bound the numbers allowed, both inclusive; None leaves that side open.
    """

    code: str
    label: str
    type: ColumnType
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    nullable: bool = True
    personal: bool = False
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class EntityTable:
    """A table that the pack declares. `key` names the column that identifies a row; `source` says who keeps it."""

    code: str
    label: str
    key: str
    source: str
    columns: tuple[Column, ...]

    def column(self, code: str) -> Column:
        """One column.

        Raises:
            KeyError: the table has none of that name.
        """
        for column in self.columns:
            if column.code == code:
                return column
        raise KeyError(code)

    @property
    def codes(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.code for column in self.columns)


@dataclass(frozen=True)
class Holds:
    """What a column of a version holds, as counted when its files were written.

    `least` and `most` are of numbers and dates; None where it has none. `nulls` of `rows` cells are empty.
    """

    least: int | date | None
    most: int | date | None
    nulls: int
    rows: int


@dataclass(frozen=True)
class TableVersion:
    """One version of a table: immutable, readable as long as its files are kept. `label` goes into ledger entries."""

    table: str
    version: int
    at: datetime
    rows: int
    digest: str
    """SM3 over the names, sizes and keyed positions of the files that make up this version."""

    @property
    def label(self) -> str:
        """Table and version as one word, such as `person@12`."""
        return f"{self.table}@{self.version}"


@dataclass(frozen=True)
class LakeFact:
    """One value and where it comes from: a Chinese phrase with the code of table, column and version."""

    value: Value
    source: str


@dataclass(frozen=True)
class EntityFacts:
    """A row of an entity table as facts."""

    entity: str
    key: str
    version: TableVersion
    facts: Mapping[str, LakeFact]


@dataclass(frozen=True)
class DatabaseQuery:
    """One SELECT to a PostgreSQL database; `url` may hold a password and is never shown or kept."""

    url: str
    sql: str
    timeout_s: int = 600


class Mode(Enum):
    """What an ingest does with the rows that are there already."""

    REPLACE = "replace"
    APPEND = "append"


class Reason(Enum):
    """Why a row was rejected; the value is its code, `REASON_LABELS` has the words."""

    DUPLICATE_KEY = "duplicate_key"
    MISSING = "missing"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_CODE = "unknown_code"
    OUT_OF_RANGE = "out_of_range"
    WRONG_SHAPE = "wrong_shape"
    EMPTY_GEOMETRY = "empty_geometry"
    WRONG_GEOMETRY = "wrong_geometry"
    CROSSED_GEOMETRY = "crossed_geometry"
    SWAPPED_POINT = "swapped_point"
    OUTSIDE = "outside"


REASON_LABELS: Mapping[Reason, str] = {
    Reason.DUPLICATE_KEY: "键与另一行重复",
    Reason.MISSING: "不能为空的列没有值",
    Reason.WRONG_TYPE: "值的类型不对",
    Reason.UNKNOWN_CODE: "值不在代码表里",
    Reason.OUT_OF_RANGE: "数值超出范围",
    Reason.WRONG_SHAPE: "这一行的列数或编码不对",
    Reason.EMPTY_GEOMETRY: "图形是空的",
    Reason.WRONG_GEOMETRY: "图形种类不对",
    Reason.CROSSED_GEOMETRY: "图形的边线相交，修复后面积变化超过 1%",
    Reason.SWAPPED_POINT: "经度和纬度写反了",
    Reason.OUTSIDE: "位置在本市范围以外",
}


@dataclass(frozen=True)
class Rejection:
    """One thing wrong with one row. `row` counts the data rows of the source from 1.

    `value` is empty where the column is personal. `other_row` is the row whose key it repeats; 0 means one that
    the table had before.
    """

    row: int
    column: str
    reason: Reason
    value: str = ""
    other_row: int | None = None


@dataclass(frozen=True)
class IngestReport:
    """What became of every row: `read` = `accepted` + `rejected`. `rejections` is a Parquet file, None if all fit.

    `reasons` counts findings, of which a row may have several. `absent` are declared columns the source does not
    have (all NULL now), `ignored` those it has and nobody declared.
    """

    id: UUID
    table: str
    version: TableVersion
    read: int
    accepted: int
    rejected: int
    reasons: Mapping[str, int]
    absent: tuple[str, ...]
    ignored: tuple[str, ...]
    rejections: Path | None
