"""Computing values: many indicators of a base by one query; what cannot be computed says why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import isfinite
from typing import Any

from zhicheng.apps.governance.policy.composing import BEFORE, Asked, batch_sql, used
from zhicheng.apps.governance.policy.periods import bounds, midnight, periods_between, ranges
from zhicheng.apps.governance.policy.wording import FAILED, FEW_ROWS, NO_ROWS, NO_TABLE
from zhicheng.apps.governance.values import CITY, Base, Computed, Indicator
from zhicheng.core.lake.errors import QueryFailed
from zhicheng.core.lake.public import LakeConnection

AT_ONCE = 200  # indicators in one query


@dataclass(frozen=True)
class Task:
    """What to compute: some indicators of a base, for some periods of a step."""

    base: Base
    indicators: Sequence[Indicator]
    step: str
    periods: Sequence[str]
    city: str
    now: datetime


@dataclass
class Outcome:
    """Values, and by indicator why some have none."""

    values: list[Computed] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def compute(task: Task, lake: LakeConnection, absent: Sequence[str]) -> Outcome:
    """All values of a task. Each indicator has one for the city in each period, if only to say that it is missing."""
    outcome = Outcome()
    if absent:
        reason = f"{NO_TABLE}:{absent[0]}"
        outcome.values = [_city(task, each, period, reason) for each in task.indicators for period in task.periods]
        return outcome
    for first, last in ranges(list(task.periods)):
        for start in range(0, len(task.indicators), AT_ONCE):
            _range(task, task.indicators[start : start + AT_ONCE], (first, last), lake, outcome)
    return outcome


def _range(
    task: Task, indicators: Sequence[Indicator], span: tuple[str, str], lake: LakeConnection, outcome: Outcome
) -> None:
    """One query; where it fails, each half for itself, until the one is found that cannot be computed."""
    try:
        rows = _ask(task, indicators, span, lake)
    except QueryFailed as error:
        if len(indicators) > 1:
            middle = len(indicators) // 2
            _range(task, indicators[:middle], span, lake, outcome)
            _range(task, indicators[middle:], span, lake, outcome)
            return
        outcome.failures[indicators[0].code] = str(error).splitlines()[0][:200]
        outcome.values += [_city(task, indicators[0], period, FAILED) for period in periods_between(*span)]
        return
    outcome.values += _values(task, indicators, span, rows)


def _ask(task: Task, indicators: Sequence[Indicator], span: tuple[str, str], lake: LakeConnection) -> list[Any]:
    sql = batch_sql(task.base, indicators, task.step)
    end = bounds(span[1])[1]
    until = end if task.base.at else min(end, task.now)
    asked: Asked = {"since": bounds(span[0])[0], "until": until, "today": midnight(task.now)}
    return lake.execute(sql, used(sql, asked)).fetchall()


def _values(
    task: Task, indicators: Sequence[Indicator], span: tuple[str, str], rows: Sequence[Sequence[Any]]
) -> Iterator[Computed]:
    told: set[str] = set()
    head = BEFORE + 1 if task.base.at else BEFORE
    for row in rows:
        period = row[0] if task.base.at else span[1]
        level, area = row[head - 2], row[head - 1]
        if level == CITY:
            told.add(period)
        elif not area:
            continue
        place = (task.city if level == CITY else area, level, task.step, period)
        for position, indicator in enumerate(indicators):
            if level in indicator.levels:
                value, count = row[head + 2 * position : head + 2 * position + 2]
                yield _value(indicator, place, value, count)
    for period in periods_between(*span):
        if period not in told:
            yield from (_city(task, each, period, NO_ROWS) for each in indicators)


def _value(indicator: Indicator, place: tuple[str, str, str, str], value: float | None, count: int | None) -> Computed:
    if count is not None and count < indicator.least:
        return Computed(indicator.code, *place, None, FEW_ROWS)
    if value is not None and not isfinite(value):
        value = None  # a share of nothing
    if value is None and indicator.is_zero_when_none:
        value = 0.0
    return Computed(indicator.code, *place, value, "" if value is not None else NO_ROWS)


def _city(task: Task, indicator: Indicator, period: str, reason: str) -> Computed:
    is_zero = reason == NO_ROWS and indicator.is_zero_when_none
    return Computed(
        indicator.code, task.city, CITY, task.step, period, 0.0 if is_zero else None, "" if is_zero else reason
    )


def changed_only(task: Task, values: Sequence[Computed], stored: Mapping[str, Computed]) -> list[Computed]:
    """The values that differ from what is stored, or from what readers take for granted of what is not.

    Below the city that is nought of those that are nought where nothing is, and missing of the others.
    """
    noughts = {each.code for each in task.indicators if each.is_zero_when_none}
    return [
        each
        for each in (*values, *_emptied(values, stored, noughts))
        if _differs(each, stored.get(each.key), is_nought=each.indicator in noughts)
    ]


def _emptied(values: Sequence[Computed], stored: Mapping[str, Computed], noughts: set[str]) -> Iterator[Computed]:
    """Parts of the city that had rows when they were computed last, and have none now: no query tells of them."""
    told = {each.key for each in values}
    asked = {
        (each.indicator, each.period)
        for each in values
        if each.level == CITY and each.reason != FAILED and not each.reason.startswith(NO_TABLE)
    }
    for each in stored.values():
        if each.key not in told and (each.indicator, each.period) in asked:
            is_nought = each.indicator in noughts
            yield replace(each, value=0.0 if is_nought else None, reason="" if is_nought else NO_ROWS)


def _differs(computed: Computed, stored: Computed | None, *, is_nought: bool) -> bool:
    if stored is not None:
        return (stored.value, stored.reason) != (computed.value, computed.reason)
    return computed.level == CITY or computed.value != (0.0 if is_nought else None)
