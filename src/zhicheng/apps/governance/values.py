"""Typed values of governance: indicators, the sets of rows they count, their values and alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

CITY = "city"
LEVELS = (CITY, "district", "street", "community")
STEPS = ("hour", "day", "month")
LEVEL_LABELS: Mapping[str, str] = {"city": "全市", "district": "区", "street": "街道", "community": "社区"}
STEP_LABELS: Mapping[str, str] = {"hour": "小时", "day": "日", "month": "月"}
EVERY_S: Mapping[str, int] = {"minute": 60, "hour": 3600, "day": 86_400}
EVERY_LABELS: Mapping[str, str] = {"minute": "每分钟", "hour": "每小时", "day": "每日"}


class Better(Enum):
    """Which direction is good."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class State(Enum):
    """How a value stands against its thresholds."""

    OK = "ok"
    ATTENTION = "attention"
    ALARM = "alarm"
    MISSING = "missing"


STATE_LABELS: Mapping[State, str] = {
    State.OK: "正常",
    State.ATTENTION: "关注",
    State.ALARM: "预警",
    State.MISSING: "缺数据",
}


@dataclass(frozen=True)
class Base:
    """A set of rows that many indicators count in one scan.

    `at` is the instant by which a row belongs to a period; empty where the rows say how things stand (a stock).
    `areas` names the column of each level; `key` a column by which single rows are listed in order. `timed` says that
    the rows change by the mere passing of time, `follows` that each row names the version that brought it.
    """

    code: str
    label: str
    sql: str
    tables: tuple[str, ...]
    source: str
    at: str = ""
    key: str = ""
    areas: Mapping[str, str] = field(default_factory=dict)
    every: str = "hour"
    steps: tuple[str, ...] = ("day",)
    shows: Mapping[str, str] = field(default_factory=dict)
    timed: bool = False
    follows: bool = False

    @property
    def main_step(self) -> str:
        """The step in which its indicators are shown first, and judged."""
        return "day" if "day" in self.steps else self.steps[0]


@dataclass(frozen=True)
class Thresholds:
    """Beyond which value an indicator needs attention, or alarms, and what is done then.

    `back` is the share of a threshold by which a value must return.
    """

    attention: float | None = None
    alarm: float | None = None
    action: str = ""
    watch: tuple[str, ...] = (CITY,)
    back: float = 0.02


@dataclass(frozen=True)
class Indicator:
    """An indicator as the pack defines it. `aggregate` is `value` with `where` built in: what is computed.

    `least` rows are needed for a value at all; the city is always one of the `levels`.
    """

    code: str
    label: str
    group: str
    base: str
    value: str
    aggregate: str
    unit: str
    read: str
    owner: str
    where: str = ""
    decimals: int = 0
    better: Better = Better.NONE
    target: float | None = None
    thresholds: Thresholds = Thresholds()
    levels: tuple[str, ...] = LEVELS
    is_zero_when_none: bool = False
    least: int = 0


@dataclass(frozen=True)
class Group:
    """Indicators that are shown together."""

    code: str
    label: str
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """All indicators of the installed pack."""

    bases: Mapping[str, Base]
    groups: tuple[Group, ...]
    indicators: Mapping[str, Indicator]

    def of_base(self, base: str) -> list[Indicator]:
        """The indicators that count the rows of a base."""
        return [each for each in self.indicators.values() if each.base == base]

    def base_of(self, code: str) -> Base:
        """The rows that an indicator counts."""
        return self.bases[self.indicators[code].base]


@dataclass(frozen=True)
class Computed:
    """One value as computed; None with the code of the reason where there is none."""

    indicator: str
    area: str
    level: str
    step: str
    period: str
    value: float | None
    reason: str = ""

    @property
    def key(self) -> str:
        """What identifies it among all values."""
        return f"{self.indicator}|{self.area}|{self.step}|{self.period}"


@dataclass(frozen=True)
class Standing:
    """An indicator's newest value in an area, as people see it. `value` is None where `state` is missing.

    `text` is the value with its unit; `trend` is up, down, flat or empty (nothing to compare with), `is_good` whether
    that is the better direction, None where there is none.
    """

    code: str
    label: str
    area: str
    value: float | None
    text: str
    unit: str
    state: State
    reason: str = ""
    period: str = ""
    step: str = "day"
    previous: float | None = None
    trend: str = ""
    is_good: bool | None = None
    target: float | None = None
    computed_at: datetime | None = None


@dataclass(frozen=True)
class PointOf:
    """One value of a series; None is a gap with its reason."""

    period: str
    value: float | None
    reason: str = ""


@dataclass(frozen=True)
class AreaValue:
    """An indicator's value in one of many areas."""

    area: str
    name: str
    value: float | None
    text: str
    state: State
    reason: str = ""


@dataclass(frozen=True)
class Explanation:
    """How a value came about: what was asked of which versions, and the rows behind it, page by page.

    `is_as_of` says whether the rows are those of the versions that the value was computed from; else those are gone,
    and the newest were read. `after` goes into the next call, empty at the end.
    """

    code: str
    area: str
    period: str
    sql: str
    rows_sql: str
    versions: Mapping[str, int]
    is_as_of: bool
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[Sequence[Any]]
    after: str = ""
    value: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class RunReport:
    """What one computation did. `failures` has the reason by indicator."""

    id: UUID
    base: str
    step: str
    periods: int
    values: int
    changed: int
    failures: Mapping[str, str]
    ms: float = 0.0


@dataclass(frozen=True)
class AlertItem:
    """A crossing of a threshold that has not returned, or had."""

    indicator: str
    label: str
    area: str
    state: State
    value: float
    since: datetime
    case_number: str = ""
    ended_at: datetime | None = None
