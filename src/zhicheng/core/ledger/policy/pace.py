"""How long things are kept, and when a failed event is tried again."""

from datetime import datetime, timedelta

KEY_LIFETIME = timedelta(days=7)
MAX_ATTEMPTS = 10
LIVE_EVENT_BYTES = 7_900  # PostgreSQL refuses a notification of 8,000 bytes


def retry_at(now: datetime, attempts: int) -> datetime:
    """When to try a failed event again: 2 s doubling, at most ten minutes.

    >>> from datetime import UTC
    >>> (retry_at(datetime(2026, 1, 1, tzinfo=UTC), 3) - datetime(2026, 1, 1, tzinfo=UTC)).seconds
    8
    """
    return now + timedelta(seconds=min(2**attempts, 600))
