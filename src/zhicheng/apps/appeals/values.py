"""Typed values of appeals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from zhicheng.core.cases.values import NewAttachment
from zhicheng.core.places.values import Location


@dataclass(frozen=True)
class AppealDraft:
    """What a resident says. A position (with its coordinate system) or address words, or neither.

    `channel` is web, phone, app, street … ; `uploads` are drafts uploaded before; `confirmed_item` is set when a
    call-taker has chosen the item, `urgent` when a person says that there is danger, whatever the item.
    """

    text: str
    channel: str = "web"
    longitude: float | None = None
    latitude: float | None = None
    crs: str = "wgs84"
    address: str = ""
    occurred_date: date | None = None
    name: str = ""
    phone: str = ""
    anonymous: bool = False
    photos: Sequence[NewAttachment] = ()
    uploads: Sequence[UUID] = ()
    confirmed_item: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Item:
    """One leaf of the taxonomy. `responsible` and `assist` are expressions of the responsibility list."""

    code: str
    label: str
    path: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    urgent: bool = False
    limit_days: int = 5
    limit_source: str = ""
    responsible: str = ""
    assist: str = ""


@dataclass(frozen=True)
class Responsibility:
    """One line of the responsibility list: an item or a prefix (`environment.*`) in an area, and who leads."""

    item: str
    area: str
    lead: str
    assist: str = ""


@dataclass(frozen=True)
class Candidate:
    """One possible item with its probability."""

    code: str
    label: str
    probability: float


@dataclass(frozen=True)
class Routing:
    """Where an appeal goes first, and why. `state` is empty when it waits for a person to dispatch it."""

    unit: str
    state: str
    item: str
    urgent: bool
    limit: Mapping[str, Any]
    assist: str = ""
    reasons: Sequence[str] = ()


@dataclass(frozen=True)
class Submitted:
    """What the person who submitted an appeal is told. `follow_code` is theirs alone."""

    case_id: UUID
    number: str
    follow_code: str
    unit: str
    unit_name: str
    state: str
    item_label: str
    due_at: datetime | None
    replayed: bool = False


@dataclass(frozen=True)
class AppealInfo:
    """What an appeal has beyond its case."""

    case_id: UUID
    text: str
    channel: str
    address: str
    occurred_date: date | None
    anonymous: bool
    candidates: tuple[Candidate, ...]
    model: str
    reasons: tuple[str, ...]
    supporters: int


@dataclass(frozen=True)
class AlikeAppeal:
    """An open appeal nearby about the same kind of thing, as anyone may see it; `distance_m` in steps of 50 m."""

    case_id: UUID
    number: str
    item_label: str
    place: str
    opened_at: datetime
    state_label: str
    supporters: int
    distance_m: int
    likeness: float

    @property
    def distance_words(self) -> str:
        """How far it is, as pages say it."""
        return "50 米内" if self.distance_m <= 50 else f"约 {self.distance_m} 米"


@dataclass(frozen=True)
class Understood:
    """What the system makes of a text before it is sent: shown live at the call desk and on the check page."""

    candidates: tuple[Candidate, ...]
    location: Location | None
    place: str
    routing: Routing
    unit_name: str
    sure: bool


@dataclass(frozen=True)
class ServiceLevel:
    """One promise of the city and how well it is kept. `value` is None while nothing can be counted."""

    code: str
    label: str
    target: float
    direction: str
    value: float | None
    counted: int
    explanation: str
    source: str

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None while nothing can be counted."""
        if self.value is None:
            return None
        return self.value >= self.target if self.direction == "at_least" else self.value <= self.target


@dataclass(frozen=True)
class LevelSpec:
    """A service level as the pack defines it."""

    code: str
    label: str
    target: float
    direction: str = "at_least"
    explanation: str = ""
    source: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TodayNumbers:
    """A day in four numbers; shares are None while nothing can be counted."""

    opened: int
    replied: int
    response: float | None
    positive: float | None
