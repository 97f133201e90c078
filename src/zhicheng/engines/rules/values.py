"""What rules are made of before they are checked: entities with columns, dated parameters, rule texts, tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Value = bool | int | Decimal | str | date
ColumnType = Literal["boolean", "integer", "decimal", "text", "date"]
HitPolicy = Literal["unique", "first", "collect_sum", "collect_max", "collect_count"]


@dataclass(frozen=True)
class Column:
    """A fact about an entity. `codes` maps the values a text may have to their labels; empty means any text.

    `least` and `most` bound a number, both inclusive: the narrower, the less memory and time a bulk run takes.
    """

    code: str
    label: str
    type: ColumnType
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Seen:
    """What a column of a table holds: the least and greatest value (None: nothing known, or all NULL), NULLs, rows."""

    least: Any
    most: Any
    nulls: int
    rows: int


@dataclass(frozen=True)
class Entity:
    """Whom rules are about (person, company), and the key of its table."""

    code: str
    label: str
    key: str
    columns: Mapping[str, Column]


@dataclass(frozen=True)
class LegalSource:
    """Where the law says so."""

    title: str
    clause: str = ""


@dataclass(frozen=True)
class DatedValue:
    """A parameter's value from a day on; None ends it: unknown from that day."""

    from_date: date
    value: Value | None
    source: LegalSource


@dataclass(frozen=True)
class Parameter:
    """An amount, age or rate that the law sets, as a dated series in ascending order."""

    code: str
    label: str
    type: ColumnType
    unit: str
    values: tuple[DatedValue, ...]

    def at(self, day: date) -> DatedValue | None:
        """The value in force on a day, or None before the first."""
        found = None
        for dated in self.values:
            if dated.from_date > day:
                break
            found = dated
        return found


@dataclass(frozen=True)
class TableRow:
    """One row of a decision table: cells in the order of the inputs, the result expression, its line in the file."""

    line: int
    cells: tuple[str, ...]
    result: str


@dataclass(frozen=True)
class TableText:
    """A decision table as written. `otherwise` is the result where no row matches; empty: that is a failure."""

    policy: HitPolicy
    inputs: tuple[str, ...]
    rows: tuple[TableRow, ...]
    otherwise: str = ""


@dataclass(frozen=True)
class RuleText:
    """One version of a rule as written. Either `expression` or `table`; `to_date` is the last day, inclusive."""

    id: str
    label: str
    entity: str
    type: ColumnType
    from_date: date
    source: LegalSource
    expression: str = ""
    table: TableText | None = None
    to_date: date | None = None
    unit: str = ""
    decimals: int = 2

    def is_in_force(self, day: date) -> bool:
        """Whether this version decides on a day."""
        return self.from_date <= day and (self.to_date is None or day <= self.to_date)


@dataclass(frozen=True)
class Problem:
    """One fault. `index` is the rule text's place in the list given (-1: not a rule); `line` a table row's, else 0."""

    index: int
    code: str
    message: str
    hint: str = ""
    line: int = 0
    parameter: str = ""
