"""What the API takes and gives."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema


class AppealIn(Schema):
    """An appeal. Give a point or address words or both; leave out name and phone to stay anonymous."""

    text: str = Field(description="诉求内容，5 到 3000 字", examples=["莲花街道景田路的路灯坏了三天，晚上很黑"])
    longitude: float | None = Field(None, description="经度")
    latitude: float | None = Field(None, description="纬度")
    crs: Literal["wgs84", "gcj02", "bd09", "cgcs2000"] = Field("wgs84", description="坐标系")
    address: str = Field("", description="地点的文字描述", max_length=1000)
    occurred_date: date | None = Field(None, description="发生日期")
    name: str = Field("", max_length=200)
    phone: str = Field("", max_length=40)
    anonymous: bool = False
    channel: str = Field("api", max_length=20)
    attachments: list[UUID] = Field(default_factory=list, max_length=6)


class AppealOut(Schema):
    """The receipt. `follow_code` with `number` lets anyone follow the appeal without an account: keep it secret."""

    number: str
    follow_code: str
    state: str
    unit: str
    unit_name: str
    item_label: str
    due_at: datetime | None
    replayed: bool


class AttachmentOut(Schema):
    """An uploaded file; its id goes into an appeal's `attachments` or an action's file field."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int


class ClockOut(Schema):
    """One clock."""

    code: str
    label: str
    state: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None
    late: bool


class HistoryOut(Schema):
    """One public line of history."""

    at: datetime
    label: str
    unit: str
    text: str


class CaseOut(Schema):
    """An appeal as the asker may see it."""

    number: str
    title: str
    state: str
    state_label: str
    unit: str
    unit_name: str
    version: int
    opened_at: datetime
    closed_at: datetime | None
    clocks: list[ClockOut]
    history: list[HistoryOut]
    actions: list[str]


class CaseLineOut(Schema):
    """One line of a list."""

    number: str
    title: str
    state: str
    unit: str
    urgent: bool
    opened_at: datetime
    due_at: datetime | None


class CasePageOut(Schema):
    """One page; `after` goes into the next request, empty at the end."""

    items: list[CaseLineOut]
    after: str


class ActIn(Schema):
    """An action with its input; `version` is the one that was seen, so that two people cannot overwrite each other."""

    version: int = 0
    input: dict[str, Any] = Field(default_factory=dict)


class ActOut(Schema):
    """The case after an action."""

    number: str
    version: int
    state: str
    unit: str
    replayed: bool


class ProblemOut(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str = ""
    request_id: str = ""
    fields: dict[str, list[str]] | None = None
