"""Who calls a service: by session or by API key, as the same doors of parties say it to web."""

from datetime import datetime
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore

from zhicheng.apps.twin.values.services import Caller, CallerKind
from zhicheng.core.parties.public import actor_for, actor_for_api_key
from zhicheng.core.parties.values import ActorKind


def caller_by_key(key: str, *, now: datetime) -> Caller:
    """The caller who shows an API key.

    Raises:
        ApiKeyInvalid: the key is unknown, ended or revoked, or its account is switched off.
    """
    actor = actor_for_api_key(key, now=now)
    prefix = key.strip().split("_")[1]
    return Caller(CallerKind.KEY, prefix, actor.account_id, actor.permissions, f"key:{prefix}")


def caller_by_session(session_key: str, *, now: datetime) -> Caller | None:
    """The caller of a session; None where it is nobody's any more."""
    account = SessionStore(session_key).get("_auth_user_id")
    if account is None:
        return None
    actor = actor_for(UUID(str(account)), now=now)
    if actor.kind is ActorKind.ANONYMOUS:
        return None
    return Caller(CallerKind.SESSION, permissions=actor.permissions, ref=actor.ref)
