"""Telling of crossed thresholds: once a crossing, to the unit that owns the indicator there; or as a case."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from zhicheng.apps.governance.models import IndicatorAlert
from zhicheng.apps.governance.policy.judging import RANK, next_state, words_of
from zhicheng.apps.governance.policy.periods import period_of
from zhicheng.apps.governance.queries.catalogue import get_catalogue
from zhicheng.apps.governance.queries.explaining import owner_unit
from zhicheng.apps.governance.values import CITY, STATE_LABELS, Computed, Indicator, State
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import act_by_system, get_row, new_case, process_of, store_case
from zhicheng.core.cases.values import CaseDraft
from zhicheng.core.notices.public import notify
from zhicheng.core.notices.values import NoticeRequest
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.values import system_actor
from zhicheng.core.places.errors import DivisionNotFound
from zhicheng.core.places.public import get_division
from zhicheng.kit.ids import uuid7

PROCESS = "indicator_alert"
CROSSED, RETURNED = "indicator.crossed", "indicator.returned"
_BACK = "return_to_normal"  # what the process does when the value has returned
_ACTOR = system_actor("governance")


def follow_thresholds(values: Sequence[Computed], *, now: datetime) -> int:
    """Open, raise and end alerts by the values of the period that runs now; how many changed.

    A value that is missing changes nothing: nobody knows whether it has returned.
    """
    indicators = get_catalogue().indicators
    current = [each for each in values if each.period == period_of(now, each.step)]
    known = {(row.indicator, row.area): row for row in IndicatorAlert.objects.filter(ended_at__isnull=True)}
    watched = [
        each
        for each in current
        if each.value is not None
        and ((each.indicator, each.area) in known or _is_watched(each, indicators[each.indicator]))
    ]
    told = {(each.indicator, each.area) for each in current}
    whole = {each.indicator: each for each in current if each.level == CITY and each.value is not None}
    watched += [
        replace(whole[code], area=area, level="", value=0.0)  # no row is left there, so nothing was computed
        for code, area in known
        if code in whole and (code, area) not in told and indicators[code].is_zero_when_none
    ]
    return sum(
        _follow(each, indicators[each.indicator], known.get((each.indicator, each.area)), now) for each in watched
    )


def _is_watched(computed: Computed, indicator: Indicator) -> bool:
    limits = indicator.thresholds
    has_limits = limits.attention is not None or limits.alarm is not None
    return has_limits and computed.level in limits.watch


def _follow(computed: Computed, indicator: Indicator, alert: IndicatorAlert | None, now: datetime) -> bool:
    value = computed.value or 0.0
    before = State(alert.state) if alert else State.OK
    state = next_state(value, before, indicator)
    if state is before:
        return False
    with transaction.atomic():
        if alert is None:
            alert = _open(computed, state, now)
        else:
            alert.state, alert.value, alert.period = state.value, value, computed.period
            alert.ended_at = now if state is State.OK else None
            alert.save()
        _act(alert, indicator, before, now)
    return True


def _open(computed: Computed, state: State, now: datetime) -> IndicatorAlert:
    return IndicatorAlert.objects.create(
        id=uuid7(now),
        indicator=computed.indicator,
        area=computed.area,
        state=state.value,
        value=computed.value or 0.0,
        period=computed.period,
        since=now,
    )


def _act(alert: IndicatorAlert, indicator: Indicator, before: State, now: datetime) -> None:
    state = State(alert.state)
    if state is State.OK:
        _end(alert, indicator, now)
    elif RANK[state] > RANK[before] and indicator.thresholds.action:
        if indicator.thresholds.action == "case" and state is State.ALARM and alert.case_id is None:
            _open_case(alert, indicator, now)
        _tell(alert, indicator, CROSSED, now)


def _end(alert: IndicatorAlert, indicator: Indicator, now: datetime) -> None:
    if indicator.thresholds.action:
        _tell(alert, indicator, RETURNED, now)
    if alert.case_id is None:
        return
    try:
        row = get_row(alert.case_id)
    except CaseNotFound:
        return
    if not row.final and row.state in process_of(row.definition).actions[_BACK].sources:
        act_by_system(row.id, _BACK, now, name="governance")


def _open_case(alert: IndicatorAlert, indicator: Indicator, now: datetime) -> None:
    limits = indicator.thresholds
    draft = CaseDraft(
        process=PROCESS,
        unit=owner_unit(indicator, alert.area),
        title=f"{area_name(alert.area)}{indicator.label} {words_of(alert.value, indicator)}，越过预警线",
        facts={"indicator": indicator.code, "area": alert.area, "period": alert.period, "limit": str(limits.alarm)},
        rule=f"indicator:{indicator.code}",
    )
    alert.case_id = store_case(new_case(draft, _ACTOR, now), now=now).id
    alert.save(update_fields=["case"])


def _tell(alert: IndicatorAlert, indicator: Indicator, template: str, now: datetime) -> None:
    params = {
        "title": f"{area_name(alert.area)}{indicator.label}",
        "state": STATE_LABELS[State(alert.state)],
        "value": words_of(alert.value, indicator),
    }
    unit = owner_unit(indicator, alert.area)
    link = f"/workbench/indicators/{indicator.code}/?area={alert.area}"
    cause = f"indicator:{alert.id}:{alert.state}:{alert.period}"
    notify(NoticeRequest(f"unit:{unit}", template, cause, params, link), now=now)


def area_name(area: str) -> str:
    """What people call an area; the city itself needs no name."""
    if area == current_pack().city_division:
        return "全市"
    try:
        return get_division(area).name
    except DivisionNotFound:
        return area
