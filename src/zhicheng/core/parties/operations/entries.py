"""The ledger entries of this package: references only, no personal data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.values import Actor
from zhicheng.kit.ids import uuid7


def record_act(actor: Actor, action: str, subject: str, *, now: datetime, **data: Any) -> None:
    """Record one act within the open transaction; `reason` among the data becomes the entry's reason."""
    reason = str(data.pop("reason", ""))
    record(Entry(uuid7(now), now, actor.ref, action, subject, reason=reason, data=data))


def record_by_account(account_id: UUID, action: str, *, now: datetime, data: Mapping[str, Any] | None = None) -> None:
    """Record what an account did to itself, such as signing in."""
    ref = f"account:{account_id}"
    record(Entry(uuid7(now), now, ref, action, ref, data=data or {}))
