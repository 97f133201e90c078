"""Typed values of commands in words: the answer, what it shows, what it would do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.parties.values import Actor
from zhicheng.engines.commands.values import Command, Correction, Refusal
from zhicheng.engines.commands.wording import Chip

MOST_ROWS = 1000
"""How many rows an answer shows on the map and in its table."""

MOST_EXPORTED = 50_000
"""How many rows an export holds."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Scene:
    """What the map shows when somebody asks: a drawn shape (WKT, WGS84) and the box in view."""

    drawn: str = ""
    view: Box | None = None


@dataclass(frozen=True)
class AnswerColumn:
    """A column of an answer's table. `number` columns are set to the right."""

    code: str
    label: str
    unit: str = ""
    number: bool = False


@dataclass(frozen=True)
class Understood:
    """What a text was read as. `sql` has named parameters; `cql2` is the filter alone, where it can be said so."""

    text: str
    command: Command | None = None
    refusal: Refusal | None = None
    sentence: str = ""
    chips: tuple[Chip, ...] = ()
    corrections: tuple[Correction, ...] = ()
    notes: tuple[str, ...] = ()
    indicators: tuple[tuple[str, str], ...] = ()  # code and label of those that the text names


@dataclass(frozen=True)
class Answer:
    """An answer, ready for the map and the table.

    `features` is a GeoJSON FeatureCollection. `total` is None where nobody counted; `limited` says that there is more.
    `value` is the one number of an answer without groups. `keys` belong to `rows`, empty for groups.
    """

    understood: Understood
    columns: tuple[AnswerColumn, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    keys: tuple[str, ...] = ()
    features: bytes = b'{"type":"FeatureCollection","features":[]}'
    total: int | None = None
    limited: bool = False
    value: float | int | None = None
    box: Box | None = None
    sql: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    cql2: str = ""
    source: str = ""
    elapsed_ms: float = 0.0

    @property
    def command(self) -> Command | None:
        """The command that was run."""
        return self.understood.command

    @property
    def refusal(self) -> Refusal | None:
        """Why nothing was run."""
        return self.understood.refusal


@dataclass(frozen=True)
class Order:
    """What is to be run, for whom, when, with how many rows."""

    understood: Understood
    command: Command
    actor: Actor
    now: datetime
    scene: Scene
    limit: int = MOST_ROWS


@dataclass(frozen=True)
class Draft:
    """What an act would do, shown before anything is done."""

    command: Command
    sentence: str
    title: str
    unit: str
    unit_name: str
    text: str
    count: int


@dataclass(frozen=True)
class Asked:
    """A question that somebody asked before."""

    text: str
    sentence: str
    asked_at: datetime


@dataclass(frozen=True)
class SavedQuestion:
    """A question that tells when its answer changes. `plain` is the command where it is not what the text says."""

    id: UUID
    text: str
    plain: Mapping[str, Any] | None
    sentence: str
    summary: str
    created_at: datetime
    checked_at: datetime
    changed_at: datetime | None
    ended_at: datetime | None
