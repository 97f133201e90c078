"""Indicators over HTTP: definitions, newest values, series, areas, and the rows behind a value. For officials."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from zhicheng.apps.governance.errors import ViewingRefused, ViewingSignedOut
from zhicheng.apps.governance.queries.alerts import list_alerts
from zhicheng.apps.governance.queries.catalogue import get_catalogue, get_indicator, list_indicators
from zhicheng.apps.governance.queries.explaining import VIEW, explain, require_rows
from zhicheng.apps.governance.queries.latest import by_area, latest_values, series
from zhicheng.apps.governance.values import AlertItem, Indicator, Standing
from zhicheng.core.parties.public import request_actor
from zhicheng.core.parties.values import Actor

router = Router(tags=["指标"])
_AREA = Query("", max_length=15, description="区划代码，不写就是全市")
_CODES: Any = Query([], description="只要这些指标，可以写多个")
_PAGE = Query(100, ge=1, le=500, description="一页多少条")


class IndicatorOut(Schema):
    """A definition."""

    code: str
    label: str
    group: str
    unit: str
    decimals: int
    better: str = Field(description="up 越高越好，down 越低越好，none 不分好坏")
    target: float | None
    attention: float | None = Field(description="关注线")
    alarm: float | None = Field(description="预警线")
    levels: list[str]
    steps: list[str]
    every: str = Field(description="多久计算一次：minute、hour、day")
    source: str
    sql: str = Field(description="汇总表达式，从 base 的行里计算")
    base: str
    read: str = Field(description="怎样读这个指标")


class StandingOut(Schema):
    """A newest value. `value` is null and `reason` says why where there is none."""

    code: str
    label: str
    area: str
    value: float | None
    text: str
    unit: str
    state: str = Field(description="ok 正常，attention 关注，alarm 预警，missing 缺数据")
    reason: str
    period: str
    previous: float | None
    trend: str
    target: float | None
    computed_at: datetime | None


class PointOut(Schema):
    """A value of a series."""

    period: str
    value: float | None
    reason: str


class AreaOut(Schema):
    """A value of one of many areas."""

    area: str
    name: str
    value: float | None
    text: str
    state: str
    reason: str


class ColumnOut(Schema):
    """A column of the rows."""

    code: str
    label: str


class RowsOut(Schema):
    """How a value came about, and a page of the rows behind it. `after` goes into the next request."""

    value: float | None
    reason: str
    sql: str
    versions: dict[str, int]
    is_as_of: bool = Field(description="明细是不是计算当时的数据；旧版本已清理的，是现在的数据")
    columns: list[ColumnOut]
    rows: list[list[Any]]
    after: str


class AlertOut(Schema):
    """A threshold that is crossed."""

    indicator: str
    label: str
    area: str
    state: str
    value: float
    since: datetime
    case_number: str


class IndicatorPage(Schema):
    """A page of definitions."""

    items: list[IndicatorOut]
    after: str


class StandingPage(Schema):
    """A page of values."""

    items: list[StandingOut]
    after: str


class ProblemOut(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str = ""
    request_id: str = ""


_REFUSALS: dict[int, Any] = {401: ProblemOut, 403: ProblemOut, 404: ProblemOut}


def _viewer(request: HttpRequest) -> Actor:
    actor = request_actor(request)
    if actor.account_id is None:
        raise ViewingSignedOut()
    if VIEW not in actor.permissions:
        raise ViewingRefused()
    return actor


@router.get("/indicators", response={200: IndicatorPage, **_REFUSALS}, summary="指标目录", auth=None)
def indicators(
    request: HttpRequest,
    group: str = Query("", max_length=60, description="只要这一组"),
    after: str = Query("", max_length=120, description="上一页最后一个代码"),
    limit: int = _PAGE,
) -> Any:
    """Definitions, page by page in the order of their codes."""
    _viewer(request)
    found = sorted(list_indicators(group or None), key=lambda each: each.code)
    page = [each for each in found if each.code > after]
    return {"items": [_defined(each) for each in page[:limit]], "after": _last(page, limit)}


@router.get("/indicators/values", response={200: StandingPage, **_REFUSALS}, summary="最新指标值", auth=None)
def values(
    request: HttpRequest,
    area: str = _AREA,
    code: list[str] = _CODES,
    after: str = Query("", max_length=120, description="上一页最后一个代码"),
    limit: int = _PAGE,
) -> Any:
    """The newest values of an area, page by page in the order of their codes."""
    _viewer(request)
    found = latest_values(area, code or None)
    page = [found[each] for each in sorted(found) if each > after]
    return {"items": [_standing(each) for each in page[:limit]], "after": _last(page, limit)}


def _last(page: list[Any], limit: int) -> str:
    return str(page[limit - 1].code) if len(page) > limit else ""


@router.get("/indicators/alerts", response={200: list[AlertOut], **_REFUSALS}, summary="越过阈值的指标", auth=None)
def alerts(request: HttpRequest, limit: int = _PAGE) -> Any:
    """The newest alerts that hold."""
    _viewer(request)
    return [_alert(each) for each in list_alerts(count=limit)]


@router.get("/indicators/{code}", response={200: IndicatorOut, **_REFUSALS}, summary="指标定义", auth=None)
def indicator(request: HttpRequest, code: str) -> Any:
    """One definition."""
    _viewer(request)
    return _defined(get_indicator(code))


@router.get("/indicators/{code}/series", response={200: list[PointOut], **_REFUSALS}, summary="指标序列", auth=None)
def points(
    request: HttpRequest,
    code: str,
    area: str = _AREA,
    step: str = Query("", pattern="^(|hour|day|month)$", description="时间粒度，不写就是日"),
    since: str = Query("", max_length=16, description="从哪个时段起，如 2026-11-01"),
) -> Any:
    """Values period by period; a gap is null with its reason."""
    _viewer(request)
    return [
        {"period": each.period, "value": each.value, "reason": each.reason} for each in series(code, area, step, since)
    ]


@router.get("/indicators/{code}/areas", response={200: list[AreaOut], **_REFUSALS}, summary="分区域的指标值", auth=None)
def areas(
    request: HttpRequest,
    code: str,
    level: str = Query("district", pattern="^(district|street|community)$", description="哪一级"),
    within: str = Query("", max_length=15, description="在哪个区划以内，不写就是全市"),
) -> Any:
    """The newest value in each area of a level."""
    _viewer(request)
    return [{**vars(each), "state": each.state.value} for each in by_area(code, level, within)]


@router.get("/indicators/{code}/rows", response={200: RowsOut, **_REFUSALS}, summary="指标的明细", auth=None)
def rows(  # noqa: PLR0913  # each parameter is one of the query string
    request: HttpRequest,
    code: str,
    period: str = Query(..., min_length=7, max_length=13, description="时段，如 2026-11-23"),
    area: str = _AREA,
    after: str = Query("", max_length=120, description="上一页返回的 after"),
    limit: int = Query(50, ge=1, le=200, description="一页多少行"),
) -> Any:
    """The rows behind a value, as they were when it was computed where those versions are still kept."""
    require_rows(_viewer(request), get_indicator(code), area)
    found = explain(code, area, period, after=after, count=limit)
    return {
        **{name: getattr(found, name) for name in ("value", "reason", "sql", "versions", "is_as_of", "after")},
        "columns": [{"code": column, "label": label} for column, label in found.columns],
        "rows": [list(row) for row in found.rows],
    }


def _defined(each: Indicator) -> dict[str, Any]:
    base = get_catalogue().bases[each.base]
    names = ("code", "label", "group", "unit", "decimals", "target", "base", "read")
    return {
        **{name: getattr(each, name) for name in names},
        "better": each.better.value,
        "attention": each.thresholds.attention,
        "alarm": each.thresholds.alarm,
        "levels": list(each.levels),
        "steps": list(base.steps),
        "every": base.every,
        "source": base.source,
        "sql": each.value,
    }


def _standing(each: Standing) -> dict[str, Any]:
    return {**vars(each), "state": each.state.value}


def _alert(each: AlertItem) -> dict[str, Any]:
    return {**vars(each), "state": each.state.value}
