"""Pinning definitions. There is no function that changes or deletes one."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhicheng.core.packs.models import Definition, DefinitionUse, Release
from zhicheng.core.packs.policy import definition_hash
from zhicheng.kit.sqltext import to_json


def pin_definition(kind: str, code: str, body: Mapping[str, Any], *, label: str = "", now: datetime) -> str:
    """Store a definition under the hash of its content, and make it the one that the newest release uses.

    Idempotent. Called from a section's `install` for every definition of the pack: those that are not pinned
    again are no longer current, but stay for the cases that run on them.

    Raises:
        ValueError: the body holds NaN or infinity.
        TypeError: the body holds something that cannot be written as JSON.
    """
    plain = json.loads(to_json(body))
    digest = definition_hash(kind, code, label, plain)
    release = Release.objects.only("id").order_by("-id").first()
    row = Definition(hash=digest, kind=kind, code=code, label=label, body=plain, release=release, created_at=now)
    Definition.objects.bulk_create([row], ignore_conflicts=True)
    if release is not None:
        DefinitionUse.objects.update_or_create(
            release=release, kind=kind, code=code, defaults={"definition_id": digest}
        )
    return digest
