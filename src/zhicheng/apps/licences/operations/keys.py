"""Rotation of the city's issuing key."""

from datetime import datetime

from django.db import transaction

from zhicheng.apps.licences.crypto import ED25519, issuer_keys
from zhicheng.apps.licences.errors import LicenceActNotPermitted
from zhicheng.core.ledger.public import record
from zhicheng.core.ledger.values import Entry
from zhicheng.core.parties.values import Actor, ActorKind
from zhicheng.kit.ids import uuid7


def rotate_issuer_key(*, actor: Actor, now: datetime, suite: str = ED25519) -> str:
    """Sign with a new key from now on; its id. Older keys go on verifying what they signed. Needs `security.manage`.

    Raises:
        LicenceActNotPermitted: the actor lacks the permission.
    """
    if actor.kind is not ActorKind.SYSTEM and "security.manage" not in actor.permissions:
        raise LicenceActNotPermitted(act="更换证照签发密钥")
    with transaction.atomic():
        key = issuer_keys().add_key(suite)
        record(Entry(uuid7(now), now, actor.ref, "licence.key_rotated", f"key:{key.id}", data={"suite": suite}))
    return key.id
