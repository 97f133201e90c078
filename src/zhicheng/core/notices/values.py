"""Typed values of notices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from uuid import UUID

MAX_SMS_LENGTH = 500


class Channel(Enum):
    """How a message reaches a person."""

    IN_APP = "in_app"
    SMS = "sms"
    EMAIL = "email"


# What a template may name, with the meaning that the pack's check shows: exactly what a case fills in. A package whose
# messages have more adds them: `placeholders.add`.
COMMON_PLACEHOLDERS: Mapping[str, str] = MappingProxyType(
    {
        "action": "操作名称",
        "city": "城市名称",
        "code": "查询码",
        "deadline": "截止时间",
        "item": "事项名称",
        "limit": "办理时限",
        "link": "网页链接",
        "number": "工单编号",
        "reason": "理由",
        "remaining": "剩余时间",
        "state": "办理状态",
        "time": "时间",
        "title": "标题",
        "unit": "单位名称",
        "until": "暂停到哪一天",
    }
)


@dataclass(frozen=True)
class MessageTemplate:
    """The texts of one kind of message, with {placeholders}. Without `sms`, this message is never sent as SMS."""

    code: str
    title: str
    text: str
    sms: str = ""


@dataclass(frozen=True)
class NoticeRequest:
    """What `notify` needs.

    `recipient` is a reference: `account:<uuid>`, `party:<uuid>` or `unit:<code>` (the shared inbox of a unit).
    `dedupe_key` names the cause, such as the event's identifier: one cause gives a recipient one message.
    """

    recipient: str
    template: str
    dedupe_key: str
    params: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    channels: tuple[Channel, ...] = (Channel.IN_APP,)


@dataclass(frozen=True)
class NoticeItem:
    """A message as its recipient reads it."""

    id: UUID
    recipient: str
    template: str
    title: str
    text: str
    link: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class NoticePage:
    """One page of messages, newest first; `after` goes into the next call, None at the end."""

    notices: tuple[NoticeItem, ...]
    after: UUID | None


@dataclass(frozen=True)
class OutboundMessage:
    """What a provider gets. `id` stays the same when a message is sent again: a gateway may drop repeats by it."""

    id: UUID
    channel: Channel
    to: str
    title: str
    text: str
    at: datetime


@dataclass(frozen=True)
class NoticeGauges:
    """For the metrics page: messages that wait, for how long, and those given up."""

    waiting_rows: int
    waiting_oldest_s: float
    failed_rows: int
