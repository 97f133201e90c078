"""Values as people see them: the newest of an area, a series, one indicator over many areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from zhicheng.apps.governance.errors import IndicatorUnknown, PeriodMalformed
from zhicheng.apps.governance.policy.judging import is_good, state_of, trend_of, words_of
from zhicheng.apps.governance.policy.periods import back, bounds, period_of, periods_between, step_of
from zhicheng.apps.governance.policy.wording import HARDLY, NOT_HERE, NOT_YET, reason_words
from zhicheng.apps.governance.queries.catalogue import get_catalogue, get_indicator
from zhicheng.apps.governance.values import CITY, AreaValue, Indicator, PointOf, Standing
from zhicheng.core.lake.public import connect, has_table, table_version
from zhicheng.core.lake.values import TableVersion
from zhicheng.core.packs.public import current_pack
from zhicheng.core.places.public import get_division, list_divisions
from zhicheng.core.places.values import DivisionInfo

VALUES = "indicator_value"
_MOST_POINTS = 800
_NEWEST = """
SELECT indicator, step, period, value, coalesce(reason, ''), epoch_us(computed_at) FROM indicator_value
WHERE area = $area QUALIFY row_number() OVER (PARTITION BY indicator, step ORDER BY period DESC) <= 3
"""
_SERIES = """
SELECT period, area, value, coalesce(reason, '') FROM indicator_value
WHERE indicator = $code AND step = $step AND period >= $since AND area IN ($area, $city)
"""
_LEVEL = """
SELECT area, value, coalesce(reason, '') FROM indicator_value
WHERE indicator = $code AND step = $step AND period = $period AND level IN ($level, 'city')
"""


@dataclass(frozen=True)
class Stored:
    """A value as it is in the lake."""

    value: float | None
    reason: str
    computed_at: datetime


@dataclass(frozen=True)
class _Place:
    """An area with its level."""

    code: str
    level: str


Known = Mapping[tuple[str, str], Mapping[str, Stored]]


def latest_values(area: str = "", codes: Sequence[str] | None = None) -> dict[str, Standing]:
    """The newest values in an area (the city, where none is named), all or those asked for, in the pack's order.

    A part of the city has a value where the city has one: where no row lies there, it is nought or missing, as the
    indicator says; and missing where the indicator is not told of areas of its level.

    Raises:
        IndicatorUnknown: the pack has none of a code.
        DivisionNotFound: there is no such area.
    """
    catalogue, city = get_catalogue(), current_pack().city_division
    wanted = list(catalogue.indicators) if codes is None else list(codes)
    unknown = next((code for code in wanted if code not in catalogue.indicators), None)
    if unknown is not None:
        raise IndicatorUnknown(code=unknown[:80])
    place, courses = _Place(area or city, level_of(area)), (_newest(city), _newest(area or city))
    return {code: _standing(catalogue.indicators[code], place, *courses) for code in wanted}


def _newest(area: str) -> Known:
    return _newest_of(table_version(VALUES), area) if has_table(VALUES) else {}


@lru_cache(maxsize=128)
def _newest_of(version: TableVersion, area: str) -> Known:
    with connect({VALUES: version.version}) as lake:
        rows = lake.execute(_NEWEST, {"area": area}).fetchall()
    found: dict[tuple[str, str], dict[str, Stored]] = {}
    for code, step, period, value, reason, at_us in rows:
        at = datetime.fromtimestamp(at_us / 1_000_000, UTC)
        found.setdefault((code, step), {})[period] = Stored(value, reason, at)
    return found


def _standing(indicator: Indicator, place: _Place, whole: Known, part: Known) -> Standing:
    step = get_catalogue().bases[indicator.base].main_step
    of_city, of_area = whole.get((indicator.code, step), {}), part.get((indicator.code, step), {})
    period = max(of_city, default="")
    stored = _in_area(indicator, place.level, of_city.get(period), of_area.get(period))
    before = back(period, 1) if period else ""
    previous = _in_area(indicator, place.level, of_city.get(before), of_area.get(before)).value
    trend = trend_of(stored.value, previous)
    return Standing(
        code=indicator.code,
        label=indicator.label,
        area=place.code,
        value=stored.value,
        text=words_of(stored.value, indicator),
        unit=indicator.unit,
        state=state_of(stored.value, indicator),
        reason=reason_words(stored.reason) if stored.value is None else "",
        period=period,
        step=step,
        previous=previous,
        trend=trend,
        is_good=is_good(trend, indicator.better),
        target=indicator.target,
        computed_at=stored.computed_at if period else None,
    )


_NOTHING = Stored(None, NOT_YET, datetime(1970, 1, 1, tzinfo=UTC))


def _in_area(indicator: Indicator, level: str, of_city: Stored | None, of_area: Stored | None) -> Stored:
    """What an area has: its own value, else what the city's says of places without rows."""
    if of_city is None:
        return _NOTHING
    if level not in indicator.levels:
        return Stored(None, NOT_HERE, of_city.computed_at)
    if of_area is not None:
        return of_area
    if of_city.value is None:
        return of_city
    is_zero = indicator.is_zero_when_none
    return Stored(0.0 if is_zero else None, "" if is_zero else HARDLY, of_city.computed_at)


def series(code: str, area: str = "", step: str = "", since: str = "") -> tuple[PointOf, ...]:
    """The values of an area period by period, gaps included, from a period on (the newest 60 where none is named).

    Without a step it is that of `since`, or the one in which the indicator is shown first; 800 points at most.

    Raises:
        IndicatorUnknown: the pack has none of that code.
        PeriodMalformed: `since` is no period, or none of the step.
        DivisionNotFound: there is no such area.
    """
    indicator, city, level = get_indicator(code), current_pack().city_division, level_of(area)
    step = step or (step_of(since) if since else get_catalogue().base_of(code).main_step)
    if since and step_of(since) != step:
        raise PeriodMalformed(period=since[:40])
    newest = max(_newest(city).get((code, step), {}), default="")
    if not newest:
        return ()
    first = max(period_of(bounds(since)[0], step), back(newest, _MOST_POINTS - 1)) if since else back(newest, 59)
    asked = {"code": code, "step": step, "since": first, "area": area or city, "city": city}
    with connect([VALUES]) as lake:
        rows = lake.execute(_SERIES, asked).fetchall()
    whole = {period: _bare(value, reason) for period, place, value, reason in rows if place == city}
    part = {period: _bare(value, reason) for period, place, value, reason in rows if place == (area or city)}
    points = []
    for period in periods_between(first, newest):
        found = _in_area(indicator, level, whole.get(period), part.get(period))
        points.append(PointOf(period, found.value, reason_words(found.reason) if found.value is None else ""))
    return tuple(points)


def _bare(value: float | None, reason: str) -> Stored:
    return Stored(value, reason, _NOTHING.computed_at)


def by_area(code: str, level: str, within: str = "", *, period: str = "") -> list[AreaValue]:
    """An indicator in every area of a level that lies in another (the city, where none is named).

    Raises:
        IndicatorUnknown: the pack has none of that code.
        DivisionNotFound: there is no such area.
    """
    indicator, city = get_indicator(code), current_pack().city_division
    step = step_of(period) if period else get_catalogue().base_of(code).main_step
    period = period or max(_newest(city).get((code, step), {}), default="")
    asked = {"code": code, "step": step, "period": period, "level": level}
    found: dict[str, Stored] = {}
    if period and has_table(VALUES):
        with connect([VALUES]) as lake:
            found = {area: _bare(value, why) for area, value, why in lake.execute(_LEVEL, asked).fetchall()}
    whole = found.get(city)
    return [
        _area_value(indicator, each.code, each.name, _in_area(indicator, level, whole, found.get(each.code)))
        for each in areas_below(within or city, level)
    ]


def areas_below(area: str, level: str) -> list[DivisionInfo]:
    """The living divisions of a level that lie in an area.

    Raises:
        DivisionNotFound: there is none with this code.
    """
    places = [get_division(area)]
    while places and places[0].level != level:
        places = [below for place in places for below in list_divisions(place.code)]
    return places


def _area_value(indicator: Indicator, area: str, name: str, stored: Stored) -> AreaValue:
    words = reason_words(stored.reason) if stored.value is None else ""
    return AreaValue(
        area, name, stored.value, words_of(stored.value, indicator), state_of(stored.value, indicator), words
    )


def level_of(area: str) -> str:
    """Of which level an area is.

    Raises:
        DivisionNotFound: there is none with this code.
    """
    return CITY if area in ("", current_pack().city_division) else get_division(area).level
