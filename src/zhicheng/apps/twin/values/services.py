"""Typed values of published services: who calls, how much they may, what was called."""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from uuid import UUID


class Service(Enum):
    """What is served of a layer."""

    FEATURES = "features"
    TILES = "tiles"
    DOWNLOAD = "download"


SERVICE_LABELS = {Service.FEATURES: "要素查询", Service.TILES: "矢量瓦片", Service.DOWNLOAD: "整层下载"}


class CallerKind(Enum):
    """How a caller showed who they are."""

    ANONYMOUS = "anonymous"
    SESSION = "session"
    KEY = "key"


CALLER_LABELS = {CallerKind.ANONYMOUS: "未登录", CallerKind.SESSION: "登录用户", CallerKind.KEY: "接口密钥"}


@dataclass(frozen=True)
class Caller:
    """Who calls a service. `key` is the public part of an API key; `account` is kept of applications only."""

    kind: CallerKind
    key: str = ""
    account: UUID | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    ref: str = ""
    """What counts as one caller: the key, the account, or the network address."""


@dataclass(frozen=True)
class Quota:
    """How often an application may call: in a day over all its keys, and in a minute with each. 0 is no limit."""

    per_day: int
    per_minute: int


@dataclass(frozen=True)
class CallLine:
    """Calls of one layer's service by one key (or by people) on one day."""

    day: date
    layer: str
    service: Service
    kind: CallerKind
    key: str
    account: UUID | None
    calls: int
    refused: int
    sent_bytes: int


@dataclass(frozen=True)
class ApplicationQuota:
    """An application with its quota and its calls today."""

    account: UUID
    name: str
    quota: Quota
    is_default: bool
    keys: tuple[str, ...]
    today: int


@dataclass(frozen=True)
class ServiceTotals:
    """Calls of one group, over the days asked for."""

    name: str
    calls: int
    refused: int
    sent_bytes: int
