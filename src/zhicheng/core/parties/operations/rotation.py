"""Rotation of the personal-data key: a new key at once, old rows re-sealed in batches, old keys retired at the end."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from zhicheng.core.parties.crypto import keyring
from zhicheng.core.parties.errors import NotPermitted
from zhicheng.core.parties.models import Account, Party
from zhicheng.core.parties.operations.entries import record_act
from zhicheng.core.parties.operations.people import reseal
from zhicheng.core.parties.registry import sealed_rows
from zhicheng.core.parties.values import Actor, ActorKind, RotationProgress, system_actor

_GRACE = timedelta(minutes=10)  # a process sees a new key within a second; a transaction may have begun before


def start_key_rotation(*, actor: Actor, now: datetime) -> int:
    """Make a new key for everything sealed from now on; its id. Needs `security.manage`.

    Raises:
        NotPermitted: the actor lacks the permission.
    """
    if actor.kind is not ActorKind.SYSTEM and "security.manage" not in actor.permissions:
        raise NotPermitted(act="轮换密钥")
    with transaction.atomic():
        key = keyring().add_key()
        record_act(actor, "personal_key.rotation_started", f"key:{key.id}", now=now, suite=key.suite.name)
    return key.id


def rotate_personal_keys(*, now: datetime, batch: int = 500) -> RotationProgress:
    """Re-seal up to `batch` rows under the current key; call until nothing remains.

    Rows that another process holds are left for the next call. When nothing remains and the newest key is ten
    minutes old, older keys move to `retired/` (a backup made before still needs them).

    Raises:
        PersonalDataUnreadable: an old key is missing; nothing of this batch was changed.
    """
    current = keyring().current().id
    with transaction.atomic():
        rows = (
            Party.objects.select_for_update(skip_locked=True).filter(_other("key_id", current)).order_by("id")[:batch]
        )
        for party in rows:
            reseal(party)
        _reseal_secrets(current, batch)
    remaining = Party.objects.filter(_other("key_id", current)).count() + _old_secrets(current).count()
    remaining += sum(reseal(current, batch) for reseal in sealed_rows)
    retired = keyring().retire(now - _GRACE) if not remaining else []
    for key_id in retired:
        with transaction.atomic():
            record_act(system_actor("rotation"), "personal_key.retired", f"key:{key_id}", now=now)
    return RotationProgress(remaining, tuple(retired))


def _old_secrets(current: int) -> QuerySet[Account]:
    return Account.objects.filter(_other("totp_key_id", current))


def _other(column: str, current: int) -> Q:
    """Not the current key, written as two ranges so that the index serves it."""
    return Q(**{f"{column}__lt": current}) | Q(**{f"{column}__gt": current})


def _reseal_secrets(current: int, batch: int) -> None:
    ring = keyring()
    for account in _old_secrets(current).select_for_update(skip_locked=True).order_by("id")[:batch]:
        if account.totp_sealed is not None:
            secret = ring.open_bytes(bytes(account.totp_sealed), row=account.id, field="totp")
            account.totp_sealed = ring.seal_bytes(secret, row=account.id, field="totp")
        account.totp_key_id = current
        account.save(update_fields=["totp_sealed", "totp_key_id"])
