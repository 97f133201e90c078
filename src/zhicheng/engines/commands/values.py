"""The typed command, and what may be said instead of one. Everything is frozen and compares by value."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum

Scalar = str | int | Decimal | bool | date | datetime | None


class Act(Enum):
    """What is to be done with what is found."""

    SHOW = "show"
    OPEN = "open"
    FLY = "fly"
    SUBSCRIBE = "subscribe"
    CASE = "case"
    TASK = "task"
    EXPORT = "export"


class Test(Enum):
    """How a column is compared. `NULL` and `PRESENT` take no value, `IN` and `NOT_IN` several, `BETWEEN` two."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IN = "in"
    NOT_IN = "not in"
    UNDER = "under"
    NOT_UNDER = "not under"
    LIKE = "like"
    NULL = "is null"
    PRESENT = "is not null"
    BETWEEN = "between"


@dataclass(frozen=True, order=True)
class Condition:
    """`column test values`. `UNDER` holds for a dotted code and everything below it; `LIKE` for texts that hold it.

    The text `now`, optionally with a length of time (`now+86400s`), stands for the hour the command runs.
    """

    column: str
    test: Test = field(compare=True)
    values: tuple[Scalar, ...] = ()


_FROM_NOW = re.compile(r"now([+-][0-9]{1,10}s)?")


def from_now(value: Scalar) -> timedelta | None:
    """How far from the hour of running a value lies; None for a value that stands for itself.

    >>> from_now("now-60s"), from_now("nowhere")
    (datetime.timedelta(days=-1, seconds=86340), None)
    """
    found = _FROM_NOW.fullmatch(value) if isinstance(value, str) else None
    return timedelta(seconds=int((found[1] or "0s")[:-1])) if found else None


@dataclass(frozen=True)
class Place:
    """Where. `kind`: a level of divisions (its `code`), `landmark`, `road`, `own` area, `drawn` shape, `view`, `name`.

    A `name` has not been found among the known ones: whoever runs the command looks it up, or says that there is none.
    """

    kind: str
    name: str
    code: str = ""


@dataclass(frozen=True)
class Near:
    """Distance from a place, or from the nearest row of another table. `beyond` turns it round: farther away."""

    metres: int
    place: Place | None = None
    table: str = ""
    where: tuple[Condition, ...] = ()
    beyond: bool = False


@dataclass(frozen=True)
class Period:
    """A stretch of time in a column, `since` inclusive, `until` exclusive; None leaves that side open."""

    column: str
    since: datetime | None
    until: datetime | None
    words: str = ""


@dataclass(frozen=True)
class Measure:
    """What is counted: rows, or a column summed, averaged, …; `share` is the part for which `of` holds, 0 to 1.

    `ratio` has two columns, `one/other`, and is the sum of the one over the sum of the other.
    """

    kind: str  # count | sum | avg | max | min | distinct | share | ratio
    column: str = ""
    of: tuple[Condition, ...] = ()
    label: str = field(default="", compare=False)


@dataclass(frozen=True)
class Rank:
    """The first (`descending`) or last rows or groups. `column` empty: by the measure; `distance`: by nearness."""

    limit: int
    descending: bool = True
    column: str = ""


@dataclass(frozen=True)
class Command:
    """One command, whole. `by` names a column, a level of divisions or `day`/`week`/`month`/`quarter`/`year`."""

    table: str
    where: tuple[Condition, ...] = ()
    places: tuple[Place, ...] = ()
    outside: tuple[Place, ...] = ()
    near: tuple[Near, ...] = ()
    periods: tuple[Period, ...] = ()
    measure: Measure | None = None
    by: tuple[str, ...] = ()
    rank: Rank | None = None
    having: Condition | None = None
    against: str = ""  # last_year | last_period: the same measure over the period it is compared with
    act: Act = Act.SHOW
    unit: str = ""
    task: str = ""


@dataclass(frozen=True)
class Span:
    """Some characters of the text as it was typed."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Refusal:
    """Why no command could be read: a code, words for people, the spans that were not understood, what to say instead.

    Codes: `empty`, `too_long`, `not_understood`, `no_subject`, `ambiguous`, `incomplete`, `contradictory`.
    """

    code: str
    message: str
    spans: tuple[Span, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Correction:
    """A slip of the pen that was read as another word of the same sound."""

    typed: str
    read: str
