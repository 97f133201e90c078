"""Forms whose act must happen once, and secrets that are shown once. Both survive a double click and a reload."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from zhicheng.core.ledger.public import idempotency_key, idempotently
from zhicheng.core.parties.public import keyring, request_actor
from zhicheng.kit.clock import now

_SLOT = "shown_once"


def once(
    request: HttpRequest, scope: str, body: Mapping[str, Any], operation: Callable[[], Mapping[str, Any]]
) -> dict[str, Any]:
    """Run an operation once for the form's `idempotency_key`; a repeat gets the first result.

    Raises:
        IdempotencyKeyMalformed: the key is none of ours, or missing.
        IdempotencyKeyReused: the form was sent again with other values.
    """
    full_scope = f"{scope}:{request_actor(request).ref}"
    key = idempotency_key(full_scope, request.POST.get("idempotency_key", ""), body)
    return idempotently(key, now(), operation)


def keep_secret(request: HttpRequest, account_id: UUID, words: str, secret: str) -> None:
    """Hold a secret, sealed, in the reader's session until the account's page shows it."""
    sealed = keyring().seal(secret, row=account_id, field=_SLOT)
    request.session[_SLOT] = {"account": str(account_id), "words": words, "sealed": sealed.hex()}


def take_secret(request: HttpRequest, account_id: UUID) -> dict[str, str] | None:
    """The secret held for an account, this one time."""
    held = request.session.get(_SLOT)
    if not held or held["account"] != str(account_id):
        return None
    del request.session[_SLOT]
    text = keyring().open(bytes.fromhex(held["sealed"]), row=account_id, field=_SLOT)
    return {"words": held["words"], "text": text}
