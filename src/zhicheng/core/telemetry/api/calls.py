"""One call of SensorThings and its reply: without HTTP, so that a batch is many calls in one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhicheng.core.parties.values import Actor, ActorKind
from zhicheng.core.telemetry.errors import DocumentRefused, SensingForbidden, SensingUnauthenticated
from zhicheng.core.telemetry.queries.sensing.asking import Asker

VIEW, MANAGE, REPORT = "devices.view", "devices.manage", "devices.report"
PATCHES = "application/json-patch+json"
_MOST_BYTES = 16_000_000


@dataclass(frozen=True)
class Call:
    """What is asked. `path` is the address after `v1.1/`; `body` is JSON that has been read."""

    method: str
    path: str
    options: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    patches: bool = False


@dataclass(frozen=True)
class Reply:
    """What is answered; `location` is the address of what was made."""

    status: int
    body: Any = None
    location: str = ""
    text: bool = False


@dataclass(frozen=True)
class Caller:
    """Who calls: what they may see, and what they may do."""

    asker: Asker
    actor: Actor

    def require(self, *permissions: str, act: str) -> None:
        """Whether the caller holds one of some permissions.

        Raises:
            SensingUnauthenticated, SensingForbidden: none of them.
        """
        if self.actor.kind is ActorKind.ANONYMOUS:
            raise SensingUnauthenticated()
        if self.actor.kind is not ActorKind.SYSTEM and not self.actor.permissions.intersection(permissions):
            raise SensingForbidden(act=act)


def level_of(actor: Actor) -> int:
    """How much somebody may see: 0 what is for everybody, 1 what is for whoever is known, 2 everything."""
    if actor.kind is ActorKind.ANONYMOUS:
        return 0
    return 2 if actor.kind is ActorKind.SYSTEM or actor.permissions & {VIEW, MANAGE} else 1


def read_json(raw: bytes) -> Any:
    """A body as JSON; nothing is None.

    Raises:
        DocumentRefused: it is no JSON, or too large.
    """
    if len(raw) > _MOST_BYTES:
        raise DocumentRefused(problem="内容超过 16 MB，请分批提交")
    if not raw.strip():
        return None
    try:
        return json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise DocumentRefused(problem="请求的内容不是有效的 JSON") from None


def _refuse(name: str) -> float:
    raise ValueError(name)
