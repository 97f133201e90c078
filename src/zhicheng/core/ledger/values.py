"""Typed values of the ledger: entries, events, idempotency, and what its readers get back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Entry:
    """Who did what to whom. References only, never personal data, so that erasure stays possible.

    `actor` and `subject` are references such as `account:<uuid>`, `system:worker`, `case:<uuid>`.
    `rule` names rule id and version, or model and version, where one took part in the act.
    """

    id: UUID
    at: datetime
    actor: str
    action: str
    subject: str
    reason: str = ""
    rule: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """A fact that others may react to, after commit (CloudEvents 1.0: id, time, type, subject, data)."""

    id: UUID
    at: datetime
    type: str
    subject: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class IdempotencyKey:
    """A client's promise that two requests are one. `scope` keeps the keys of two clients or acts apart.

    `digest` is SM3 over the canonical body; the same key with another digest is refused.
    """

    scope: str
    key: str
    digest: bytes


@dataclass(frozen=True)
class RecordedEntry:
    """An entry as an auditor reads it; `seq` is None until the sealer has ordered it."""

    entry: Entry
    digest: bytes
    seq: int | None


@dataclass(frozen=True)
class EntryPage:
    """One page of entries, newest first; `after` goes into the next call, None at the end."""

    entries: tuple[RecordedEntry, ...]
    after: UUID | None


@dataclass(frozen=True)
class Checkpoint:
    """The head of the chain at one moment: `chain` is SM3 over all sealed entries up to `seq`. Signed with Ed25519."""

    seq: int
    chain: bytes
    at: datetime
    signature: bytes = b""

    @property
    def message(self) -> bytes:
        """What the signature covers."""
        instant = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return f"zhicheng.ledger.checkpoint/1\n{self.seq}\n{self.chain.hex()}\n{instant}".encode()


class FindingKind(Enum):
    """What `verify` can find."""

    CHANGED = "changed"
    REMOVED = "removed"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    CHECKPOINT_FORGED = "checkpoint_forged"
    CHECKPOINT_MISMATCH = "checkpoint_mismatch"
    CHECKPOINT_REMOVED = "checkpoint_removed"


@dataclass(frozen=True)
class Finding:
    """One thing wrong, from `seq` to `until`; 0 where no place in the chain is known. `text` is a Chinese sentence."""

    kind: FindingKind
    seq: int
    until: int
    text: str


@dataclass(frozen=True)
class VerifyReport:
    """The outcome of a verification. `unsealed_age_s` is None when every entry is sealed."""

    at: datetime
    entries: int
    unsealed: int
    checkpoints: int
    findings: tuple[Finding, ...]
    unsealed_age_s: float | None
    duration_s: float

    @property
    def is_intact(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    @property
    def entries_per_s(self) -> float:
        """How fast the verification read."""
        return (self.entries + self.unsealed) / self.duration_s if self.duration_s > 0 else 0.0


@dataclass(frozen=True)
class LedgerGauges:
    """What the metrics page shows; ages are 0.0 when there is nothing to wait for."""

    outbox_oldest_s: float
    outbox_rows: int
    outbox_parked: int
    unsealed_oldest_s: float
    unsealed_rows: int


@dataclass(frozen=True)
class ParkedEvent:
    """An event that no retry could deliver, for the operator."""

    event: Event
    attempts: int
    failure: str
