"""A count for each network address, kept in the database so that every process sees it."""

from datetime import datetime

from django.db import connection

from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import TooManyAttempts
from zhicheng.core.parties.models import SignInThrottle
from zhicheng.core.parties.policy.signin import ADDRESS_WINDOW

_CHARGE = """
INSERT INTO parties_signinthrottle AS kept (key, started_at, count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN kept.started_at <= %s THEN 1 ELSE kept.count + 1 END,
    started_at = CASE WHEN kept.started_at <= %s THEN EXCLUDED.started_at ELSE kept.started_at END
RETURNING count
"""


def charge_address(act: str, address: str, *, limit: int, now: datetime) -> None:
    """Count one act of an address within the window of 15 minutes.

    Raises:
        TooManyAttempts: it is past the limit.
    """
    key, before = _key(act, address), now - ADDRESS_WINDOW
    with connection.cursor() as cursor:
        cursor.execute(_CHARGE, [key, now, before, before])
        row = cursor.fetchone()
    if row and row[0] > limit:
        raise TooManyAttempts()


def check_address(act: str, address: str, *, limit: int, now: datetime) -> None:
    """Refuse an address that has reached the limit, without counting.

    Raises:
        TooManyAttempts: it has.
    """
    kept = SignInThrottle.objects.filter(key=_key(act, address), started_at__gt=now - ADDRESS_WINDOW).first()
    if kept is not None and kept.count >= limit:
        raise TooManyAttempts()


def purge_throttle(*, now: datetime) -> int:
    """Delete counts whose window is over; how many."""
    return SignInThrottle.objects.filter(started_at__lte=now - ADDRESS_WINDOW).delete()[0]


def _key(act: str, address: str) -> bytes:
    return keyring().digest("address", f"{act}:{address}")
