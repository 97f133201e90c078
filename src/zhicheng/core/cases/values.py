"""Typed values that cross the door of cases."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.places.values import Location
from zhicheng.kit.sqltext import Part


@dataclass(frozen=True)
class CaseDraft:
    """A case to be opened. `unit` is responsible first; `state` may differ from the process's initial one."""

    process: str
    unit: str
    title: str
    state: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    category: str = ""
    urgent: bool = False
    location: Location | None = None
    requester: UUID | None = None
    creator: UUID | None = None
    parent: UUID | None = None
    rule: str = ""
    notify: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenedCase:
    """What the person who opened a case is told. `replayed` says that the same request had come before."""

    id: UUID
    number: str
    state: str
    unit: str
    due_at: datetime | None
    replayed: bool = False


@dataclass(frozen=True)
class ActCommand:
    """An action on a case.

    `expected_version` is the version that the person saw; 0 skips the check. `proofs` are capacities that the
    edge has verified by other means, such as `requester` by a signed link or a secret code.
    """

    case_id: UUID
    action: str
    input: Mapping[str, Any] = field(default_factory=dict)
    expected_version: int = 0
    proofs: frozenset[str] = frozenset()
    key: IdempotencyKey | None = None


@dataclass(frozen=True)
class ActResult:
    """The case after an action."""

    case_id: UUID
    number: str
    version: int
    state: str
    unit: str
    replayed: bool = False


@dataclass(frozen=True)
class CaseRow:
    """One line of a list: everything that a queue shows, nothing personal."""

    id: UUID
    number: str
    process: str
    definition: str
    state: str
    final: bool
    version: int
    unit: str
    title: str
    category: str
    urgent: bool
    division: str
    grid: str
    longitude: float | None
    latitude: float | None
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    assignee: UUID | None
    requester: UUID | None
    creator: UUID | None
    parent: UUID | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class HistoryItem:
    """One line of a case's history."""

    at: datetime
    kind: str
    action: str
    label: str
    actor: str
    from_state: str
    to_state: str
    from_unit: str
    to_unit: str
    input: Mapping[str, Any]
    rule: str
    public: bool


@dataclass(frozen=True)
class AttachmentInfo:
    """A file of a case."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    created_at: datetime
    owner: str
    public: bool


@dataclass(frozen=True)
class CaseFilter:
    """What a list is narrowed to; empty values do not narrow. `tops_only` leaves child cases inside their parents."""

    queue: str = ""
    process: str = ""
    processes: frozenset[str] = frozenset()
    tops_only: bool = False
    states: frozenset[str] = frozenset()
    unit: str = ""
    subtree: bool = False
    text: str = ""
    category: str = ""
    division: str = ""
    urgent: bool = False
    paused: bool = False
    open_only: bool = False
    done_only: bool = False
    due_after: datetime | None = None
    due_before: datetime | None = None
    order: str = "due"


@dataclass(frozen=True)
class CasePage:
    """One page of a list; `after` is the cursor of the next one, empty at the end."""

    rows: Sequence[CaseRow]
    after: str = ""


@dataclass(frozen=True)
class QueueCount:
    """How much work lies in a queue; counts stop at 100, shown as 99+."""

    code: str
    label: str
    count: int
    nearest_due_at: datetime | None


@dataclass(frozen=True)
class UnitLoad:
    """A unit's open work: for supervisors."""

    unit: str
    open: int
    late: int
    warning: int


@dataclass(frozen=True)
class NewAttachment:
    """A checked file ready to be stored with a case."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    width_px: int
    height_px: int


@dataclass(frozen=True)
class Preparation:
    """What an app adds to an action before the process decides: context for expressions, facts, its own rows.

    `parts(gate)` gives SQL parts of the app that are stored in the statement of the act, or not at all.
    """

    context: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    category: str = ""
    urgent: bool | None = None
    rule: str = ""
    parts: Callable[[str], Sequence[Part]] | None = None


@dataclass(frozen=True)
class CaseGauges:
    """For the metrics page. Seconds are 0.0 when there is nothing to wait for."""

    unfired_clocks: int
    unfired_oldest_s: float
    open_cases: int
    late_cases: int
    waiting_oldest_s: float


@dataclass(frozen=True)
class Misfit:
    """A running case that a new version of its process has no place for."""

    number: str
    state: str
    why: str


@dataclass(frozen=True)
class FinishedParent:
    """A closed case with those of its children that ended as asked for."""

    id: UUID
    opened_at: datetime
    closed_at: datetime
    children: tuple[UUID, ...]


@dataclass(frozen=True)
class PinnedProcess:
    """A version of a process with the cases that run on it."""

    hash: str
    code: str
    label: str
    running: int
    is_current: bool
