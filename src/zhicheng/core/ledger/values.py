"""Typed values of the ledger: entries, events, idempotency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
