"""Typed values of twin applications: what was registered, how much it is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from uuid import UUID


class ApplicationState(Enum):
    """Whether an application is in use."""

    PLANNED = "planned"
    RUNNING = "running"
    RETIRED = "retired"


STATE_LABELS: Mapping[ApplicationState, str] = {
    ApplicationState.PLANNED: "建设中",
    ApplicationState.RUNNING: "在用",
    ApplicationState.RETIRED: "已退役",
}


class Depth(Enum):
    """How deeply an application uses the twin."""

    NONE = "none"
    SHALLOW = "shallow"
    MEDIUM = "medium"
    DEEP = "deep"


DEPTH_LABELS: Mapping[Depth, str] = {
    Depth.NONE: "未使用",
    Depth.SHALLOW: "浅度应用",
    Depth.MEDIUM: "一般应用",
    Depth.DEEP: "深度应用",
}


@dataclass(frozen=True)
class ApplicationDraft:
    """What somebody registers. `unit` owns it; `account` is the interface account whose calls are its use."""

    name: str
    unit: str
    purpose: str
    state: ApplicationState = ApplicationState.RUNNING
    url: str = ""
    contact: str = ""
    users: int = 0
    layers: tuple[str, ...] = ()
    account: UUID | None = None
    started_on: date | None = None


@dataclass(frozen=True)
class Use:
    """What the meters say of the last 30 days: answered calls by layer and service, on how many days there were any."""

    calls: int = 0
    refused: int = 0
    active_days: int = 0
    by_layer: Mapping[str, int] = field(default_factory=dict)
    by_service: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class DepthPart:
    """One part of the score: what was counted, the points for it, the most points."""

    label: str
    words: str
    points: int
    most: int


@dataclass(frozen=True)
class DepthScore:
    """0 to 100, with its parts and the word for it."""

    points: int
    depth: Depth
    parts: Sequence[DepthPart]


@dataclass(frozen=True)
class Application:
    """A registered application with its use and score."""

    number: UUID
    draft: ApplicationDraft
    registered_on: date
    retired_on: date | None
    retire_reason: str
    version: int
    use: Use
    score: DepthScore
