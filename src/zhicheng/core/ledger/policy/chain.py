"""An entry's digest and its link in the chain."""

from datetime import UTC

from zhicheng.core.ledger.errors import NotCanonical
from zhicheng.core.ledger.policy.canonical import canonical, sm3
from zhicheng.core.ledger.values import Entry

FORMAT_VERSION = 1
GENESIS = bytes(32)


def entry_digest(entry: Entry) -> bytes:
    """SM3 over an entry's canonical form; `entry.data` must be as stored (see `as_stored`).

    Raises:
        NotCanonical: a text or a number cannot be stored, or the instant has no time zone.
    """
    if entry.at.tzinfo is None:
        raise NotCanonical(detail="时间没有时区")
    return sm3(
        canonical(
            {
                "action": entry.action,
                "actor": entry.actor,
                "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "data": entry.data,
                "id": str(entry.id),
                "reason": entry.reason,
                "rule": entry.rule,
                "subject": entry.subject,
                "v": FORMAT_VERSION,
            }
        )
    )


def link(previous: bytes, digest: bytes, seq: int) -> bytes:
    """The chain value at `seq`: SM3 over the previous chain value, the entry's digest and the place (8 bytes)."""
    return sm3(previous + digest + seq.to_bytes(8, "big"))
