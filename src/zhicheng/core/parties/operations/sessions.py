"""Open sessions: noted at sign-in, limited in number, ended everywhere on request."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from zhicheng.core.parties.models import Account, AccountSession
from zhicheng.core.parties.operations.entries import record_by_account

_DEFAULT_LIMIT = 5


def open_session(account_id: UUID, session_key: str, *, device: str, now: datetime) -> int:
    """Note a new session; the oldest beyond `settings.SESSIONS_PER_ACCOUNT` end. How many were ended."""
    limit = int(getattr(settings, "SESSIONS_PER_ACCOUNT", _DEFAULT_LIMIT))
    with transaction.atomic():
        Account.objects.select_for_update().get(id=account_id)
        AccountSession.objects.update_or_create(
            session_key=session_key, defaults={"account_id": account_id, "device": device[:120], "started_at": now}
        )
        newest_first = AccountSession.objects.filter(account_id=account_id).order_by("-started_at", "session_key")
        others = newest_first.exclude(session_key=session_key).values_list("session_key", flat=True)
        ended = _end(others[max(limit - 1, 0) :])
        if ended:
            record_by_account(account_id, "account.sessions_limited", now=now, data={"ended": ended})
    return ended


def end_sessions(account_id: UUID, *, now: datetime, keep: str = "") -> int:
    """End every session of an account but the one to keep; how many were ended."""
    with transaction.atomic():
        keys = AccountSession.objects.filter(account_id=account_id).exclude(session_key=keep)
        ended = _end(keys.values_list("session_key", flat=True))
        record_by_account(account_id, "account.sessions_ended", now=now, data={"ended": ended})
    return ended


def close_session(session_key: str) -> None:
    """Forget one session at sign-out."""
    _end([session_key])


def purge_sessions(*, now: datetime) -> int:
    """Delete sessions that ran out, and the notes of sessions that are gone; how many notes."""
    Session.objects.filter(expire_date__lt=now).delete()
    return AccountSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()[0]


def _end(session_keys: Iterable[str]) -> int:
    keys = list(session_keys)
    Session.objects.filter(session_key__in=keys).delete()
    return AccountSession.objects.filter(session_key__in=keys).delete()[0]
