"""Calls of published services over HTTP, for who looks after them."""

from datetime import date, timedelta
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.params.functions import Query
from pydantic import Field

from zhicheng.apps.twin.public import CallFilter, list_calls, total_calls
from zhicheng.core.parties.public import request_actor
from zhicheng.kit.clock import CHINA, now

router = Router(tags=["地图服务"])
_MONTH = timedelta(days=29)


class CallsOut(Schema):
    """Calls of one layer's service by one key on one day."""

    day: date
    layer: str
    service: str = Field(description="features 要素查询、tiles 瓦片、download 下载")
    kind: str = Field(description="key 接口密钥、session 登录用户、anonymous 未登录")
    key: str = Field(description="接口密钥中公开的部分；不是用密钥调用的为空")
    calls: int
    refused: int
    sent_bytes: int


class TotalsOut(Schema):
    """Calls of one day, layer, service or key."""

    name: str
    calls: int
    refused: int
    sent_bytes: int


class ProblemOut(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str = ""
    request_id: str = ""


class CallsAsked(Schema):
    """Which calls."""

    since: date | None = Field(default=None, description="从哪一天起，默认最近 30 天")
    until: date | None = Field(default=None, description="到哪一天为止，默认今天")
    layer: str = Field(default="", max_length=64)
    service: Literal["", "features", "tiles", "download"] = ""
    key: str = Field(default="", max_length=16)


_ASKED = Query(...)  # the fields of CallsAsked come in the query


@router.get("/services/calls", response={200: list[CallsOut], 403: ProblemOut}, summary="地图服务的调用明细", auth=None)
def calls(request: HttpRequest, asked: CallsAsked = _ASKED) -> Any:
    """Lines by day, newest first; at most 1,000."""
    found = list_calls(_wanted(asked), actor=request_actor(request))
    return [
        {
            "day": line.day,
            "layer": line.layer,
            "service": line.service.value,
            "kind": line.kind.value,
            "key": line.key,
            "calls": line.calls,
            "refused": line.refused,
            "sent_bytes": line.sent_bytes,
        }
        for line in found
    ]


@router.get(
    "/services/totals", response={200: list[TotalsOut], 403: ProblemOut}, summary="地图服务的调用合计", auth=None
)
def totals(
    request: HttpRequest, asked: CallsAsked = _ASKED, by: Literal["day", "layer", "service", "key"] = "day"
) -> Any:
    """Totals by day, layer, service or key."""
    found = total_calls(_wanted(asked), by, actor=request_actor(request))
    return [
        {"name": one.name, "calls": one.calls, "refused": one.refused, "sent_bytes": one.sent_bytes} for one in found
    ]


def _wanted(asked: CallsAsked) -> CallFilter:
    today = now().astimezone(CHINA).date()
    until = asked.until or today
    return CallFilter(asked.since or until - _MONTH, until, asked.layer, asked.service, asked.key)
