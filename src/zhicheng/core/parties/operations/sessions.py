"""Open sessions: noted at sign-in, limited in number, ended everywhere on request."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from zhicheng.core.parties.errors import AccountDisabled
from zhicheng.core.parties.models import Account, AccountSession
from zhicheng.core.parties.operations.entries import record_by_account

BACKEND = "zhicheng.core.parties.contrib.backend.AccountBackend"
_DEFAULT_LIMIT = 5


def start_session(request: HttpRequest, account_id: UUID, *, device: str, now: datetime) -> None:
    """Sign a request in, after every check was passed: a new session key, the session noted and limited.

    Raises:
        AccountDisabled: the account was switched off meanwhile.
    """
    account = Account.objects.filter(id=account_id, is_active=True).first()
    if account is None:
        raise AccountDisabled()
    login(request, account, backend=BACKEND)
    open_session(account_id, request.session.session_key or "", device=device, now=now)


def stop_session(request: HttpRequest, *, now: datetime) -> None:
    """Sign a request out and forget its session."""
    key = request.session.session_key
    logout(request)
    if key:
        close_session(key, now=now)


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


def close_session(session_key: str, *, now: datetime) -> None:
    """Forget one session at sign-out."""
    with transaction.atomic():
        row = AccountSession.objects.filter(session_key=session_key).first()
        if row is not None:
            _end([session_key])
            record_by_account(row.account_id, "account.signed_out", now=now)


def purge_sessions(*, now: datetime) -> int:
    """Delete sessions that ran out, and the notes of sessions that are gone; how many notes."""
    Session.objects.filter(expire_date__lt=now).delete()
    return AccountSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()[0]


def _end(session_keys: Iterable[str]) -> int:
    keys = list(session_keys)
    Session.objects.filter(session_key__in=keys).delete()
    return AccountSession.objects.filter(session_key__in=keys).delete()[0]
