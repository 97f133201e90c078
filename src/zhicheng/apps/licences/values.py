"""Typed values of licences: types as the pack has them, orders, licences as they are shown, answers of a check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from zhicheng.core.ledger.values import Entry, Event

Mask = Literal["plain", "name", "id_number", "phone", "address", "hidden"]


@dataclass(frozen=True)
class LicenceField:
    """One line of a licence. `mask` says what a QR code may show of it; without one, nothing."""

    code: str
    label: str
    mask: Mask = "hidden"
    required: bool = True


@dataclass(frozen=True)
class LicenceType:
    """A kind of licence that the city issues. `definition` is the hash under which it is pinned.

    `years` and `months` count from the first day; with neither it stands until it is revoked.
    """

    code: str
    label: str
    issuer: str
    subject: Literal["person", "company"]
    fields: Sequence[LicenceField]
    definition: str = ""
    years: int = 0
    months: int = 0
    renew_item: str = ""
    remind_days: Sequence[int] = ()
    suite: Literal["ed25519", "sm2"] = "ed25519"
    illustrative: bool = True
    note: str = ""


@dataclass(frozen=True)
class LicenceOrder:
    """What is to be issued to whom. `source` is the cause (`case:<uuid>`): one cause gives one licence of a type.

    `unit` is the issuing unit; without it the city's unit with the function that the type names. `replaces` is the
    number of an older licence of the same holder, which ends when this one is issued.
    """

    type: str
    party: UUID
    fields: Mapping[str, str]
    source: str
    unit: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    replaces: str = ""


@dataclass(frozen=True)
class LicenceDraft:
    """A licence signed and sealed, not yet stored: rows for `licence_parts`, and what ledger and outbox will say."""

    id: UUID
    number: str
    row: Mapping[str, Any]
    replaces: str
    entry: Entry
    event: Event


class LicenceState(Enum):
    """Whether a licence is in force."""

    VALID = "valid"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"


STATE_WORDS: Mapping[LicenceState, str] = {
    LicenceState.VALID: "有效",
    LicenceState.NOT_YET: "尚未生效",
    LicenceState.EXPIRED: "已过期",
    LicenceState.SUSPENDED: "已暂停使用",
    LicenceState.REVOKED: "已吊销",
    LicenceState.REPLACED: "已换发新证",
}


@dataclass(frozen=True)
class ShownField:
    """A line of a licence as it is shown."""

    code: str
    label: str
    value: str


@dataclass(frozen=True)
class Licence:
    """A licence as somebody may see it: all fields for its holder, masked ones for others."""

    id: UUID
    number: str
    type: str
    label: str
    issuer: str
    state: LicenceState
    valid_from: date
    valid_until: date | None
    issued_at: datetime
    fields: tuple[ShownField, ...] = ()
    reason: str = ""
    renew_item: str = ""
    illustrative: bool = True

    @property
    def holder(self) -> str:
        """The first field that names somebody, for lists and cards."""
        named = (shown.value for shown in self.fields if shown.code in {"holder", "name", "company"})
        return next(named, self.fields[0].value if self.fields else "")


@dataclass(frozen=True)
class LicencePage:
    """One page of licences, newest first; `after` goes into the next call, None at the end."""

    licences: tuple[Licence, ...]
    after: UUID | None


@dataclass(frozen=True)
class LicenceFilter:
    """Which licences of one's units to list: `number` is a whole number, `type` a code; empty means all."""

    number: str = ""
    type: str = ""


@dataclass(frozen=True)
class Presentation:
    """What a QR code carries: true for a moment, once at each verifier."""

    text: str
    shown_at: datetime
    expires_at: datetime


class Outcome(Enum):
    """What a verifier is told."""

    VALID = "valid"
    MALFORMED = "malformed"
    TAMPERED = "tampered"
    UNKNOWN_ISSUER = "unknown_issuer"
    REPLAYED = "replayed"
    CODE_EXPIRED = "code_expired"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Answer:
    """The answer to a check: an outcome, its sentence, and what the credential says where it is genuine."""

    outcome: Outcome
    title: str
    text: str
    label: str = ""
    number: str = ""
    issuer: str = ""
    valid_from: str = ""
    valid_until: str = ""
    fields: tuple[ShownField, ...] = ()
    at: datetime | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the licence may be relied upon."""
        return self.outcome is Outcome.VALID


@dataclass(frozen=True)
class Renewal:
    """How to renew a licence: the item to apply for, what its form begins with, and where."""

    item: str
    licence: str
    values: Mapping[str, str] = field(default_factory=dict)
    link: str = ""


@dataclass(frozen=True)
class HeldLicence:
    """A licence in force that serves as material or prefill for a form of its holder."""

    id: UUID
    number: str
    type: str
    label: str
    issuer: str
    valid_until: date | None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class IssuerKey:
    """A public key of the city as verifiers get it."""

    id: str
    multikey: str
    suite: str
    current: bool
