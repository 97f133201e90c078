"""Typed values of licences: types as the pack has them, orders, licences as they are shown, answers of a check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from zhicheng.core.ledger.values import Entry, Event

Mask = Literal["plain", "name", "id_number", "phone", "address", "hidden"]
LineType = Literal["text", "date", "number", "choice", "id_number", "uscc"]


@dataclass(frozen=True)
class LicenceField:
    """One line of a licence. `mask` says what a QR code may show of it; without one, nothing.

    `type` says how an officer fills it where nothing else does: `choices` for a choice, `unit` after a number.
    """

    code: str
    label: str
    mask: Mask = "hidden"
    required: bool = True
    type: LineType = "text"
    choices: Sequence[str] = ()
    unit: str = ""
    help: str = ""


FORM_SOURCE = "licences"
"""The name under which forms know licences: as a source of values and as a provider of materials."""

VALID_UNTIL = LicenceField("valid_until", "有效期至", "plain", type="date")
"""Not a line of a licence but asked for like one, where the issuer says how long it stands."""


@dataclass(frozen=True)
class LineSource:
    """Where a line came from.

    `form`, `licence` (the one renewed), `earlier` (of another item of the theme), `rule` (the item says so), `case` or
    `officer`. `label` names the field, the licence or the item; `by` is the officer's reference. No personal data.
    """

    kind: Literal["form", "licence", "earlier", "rule", "case", "officer"]
    label: str = ""
    by: str = ""

    @property
    def words(self) -> str:
        """As people read it."""
        said = {
            "form": f"申请表“{self.label}”",
            "licence": f"原证照 {self.label}",
            "earlier": f"一件事里已签发的证照 {self.label}",
            "rule": "按事项规定",
        }
        return said.get(self.kind, "承办人填写" if self.kind == "officer" else self.label or "本次审批")


@dataclass(frozen=True)
class LicenceType:
    """A kind of licence that the city issues. `definition` is the hash under which it is pinned.

    `years` and `months` count from the first day; with neither it stands until it is revoked, or, with `given`, until
    the day that the order names.
    """

    code: str
    label: str
    issuer: str
    subject: Literal["person", "company"]
    fields: Sequence[LicenceField]
    definition: str = ""
    years: int = 0
    months: int = 0
    given: bool = False
    renew_item: str = ""
    remind_days: Sequence[int] = ()
    suite: Literal["ed25519", "sm2"] = "ed25519"
    illustrative: bool = True
    note: str = ""

    @property
    def asked(self) -> Sequence[LicenceField]:
        """Everything that must or may be known before one is issued, its last day included where that is given."""
        return (*self.fields, VALID_UNTIL) if self.given else self.fields


@dataclass(frozen=True)
class LicenceOrder:
    """What is to be issued to whom. `source` is the cause (`case:<uuid>`): one cause gives one licence of a type.

    `unit` is the issuing unit; without it the city's unit with the function that the type names. `replaces` is the
    number of an older licence of the same holder, which ends when this one is issued. `sources` says of each line where
    it came from.
    """

    type: str
    party: UUID
    fields: Mapping[str, str]
    source: str
    unit: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    replaces: str = ""
    sources: Mapping[str, LineSource] = field(default_factory=dict)


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
    """A line of a licence as it is shown; `source` says in words where it came from, where that was kept."""

    code: str
    label: str
    value: str
    source: str = ""


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
    replaced_by: str = ""

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
class Wallet:
    """A person's licences: those to use, and those that ended. `total` counts all, found or not."""

    current: Sequence[Licence]
    ended: Sequence[Licence]
    total: int


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
    PRINTED = "printed"
    MALFORMED = "malformed"
    TAMPERED = "tampered"
    UNKNOWN_ISSUER = "unknown_issuer"
    REPLAYED = "replayed"
    CODE_EXPIRED = "code_expired"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"


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
        return self.outcome in {Outcome.VALID, Outcome.PRINTED}


@dataclass(frozen=True)
class Renewal:
    """How to renew a licence: the item to apply for, the licence that its form begins with, and where."""

    item: str
    old: "OldLicence"
    type: LicenceType
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
class OldLicence:
    """A licence that a new one is to replace, with readable fields, whatever its state. `source` is its cause."""

    number: str
    type: str
    label: str
    issuer: str
    state: LicenceState
    valid_until: date | None
    source: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def can_be_renewed(self) -> bool:
        """Whether it may be followed by a new one: it stands, or has only run out."""
        return self.state in {LicenceState.VALID, LicenceState.NOT_YET, LicenceState.EXPIRED}


@dataclass(frozen=True)
class IssuerKey:
    """A public key of the city as verifiers get it."""

    id: str
    multikey: str
    suite: str
    current: bool
