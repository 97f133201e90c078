"""Signals become alarms: one case each, or one for many where a storm breaks; ended ones are told to their cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from zhicheng.core.cases.public import act_by_system, get_row
from zhicheng.core.telemetry.models import Alarm, AlarmMember, Signal
from zhicheng.core.telemetry.operations.alarms.deciding import AGAIN, Asked, Decision, decide
from zhicheng.core.telemetry.operations.alarms.opening import Event, open_alarm
from zhicheng.core.telemetry.queries.devices.alarms import Stream, hits_of, maintained, streams_by_id
from zhicheng.core.telemetry.queries.devices.models import list_rules
from zhicheng.core.telemetry.values import AlarmRule, from_us, to_us

STORM = 20  # so many of one rule within the time are one alarm
_STORM_S = 60
_GATHER = timedelta(minutes=10)
_AT_ONCE = 20_000
_NAME = "telemetry.alarms"
_Spot = tuple[str, str]
_Held = dict[tuple[int, str], int]  # the signal that waits, by stream and condition
_LOCK = 0x616C61726D  # "alarm"


@dataclass(frozen=True)
class _Change:
    """One signal with its stream and rule."""

    signal: Signal
    stream: Stream
    rule: AlarmRule
    decision: Decision | None = None


def raise_alarms(now: datetime) -> int:
    """Work off what was noticed; how many signals. One process at a time: nothing where another one is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        [is_ours] = cursor.fetchone()
    if not is_ours:
        return 0
    try:
        return _work_off(now)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _work_off(now: datetime) -> int:
    """All that waits, a batch at a time: what maintenance holds back keeps nothing behind it waiting."""
    held: _Held = {}
    after = done = 0
    waiting = Signal.objects.filter(done=False, again_us__lte=to_us(now))
    while signals := list(waiting.filter(id__gt=after).order_by("id")[:_AT_ONCE]):
        done += _work_off_batch(signals, held, now)
        after = signals[-1].pk
    return done


def _work_off_batch(signals: Sequence[Signal], held: _Held, now: datetime) -> int:
    changes = _changes(signals)
    forgotten = _hold(held, changes, now)
    waiting = set(held.values())
    live, aside = _decided([each for each in changes if each.signal.pk not in waiting | forgotten], now)
    by_rule: dict[str, list[_Change]] = {}
    for change in live:
        by_rule.setdefault(_gathering(change.rule), []).append(change)
    for group in by_rule.values():
        _follow(group, now)
    done = forgotten | {signal.pk for signal in signals if signal.pk not in waiting | aside}
    Signal.objects.filter(pk__in=done).update(done=True)
    return len(done)


def _follow(group: Sequence[_Change], now: datetime) -> None:
    """Raise what began and clear what ended; what began and ended within one round is over afterwards."""
    newest = {(each.signal.stream, each.signal.condition): each.signal.kind for each in group}
    ended = [each for each in group if each.signal.kind == "clear"]
    is_over = [newest[each.signal.stream, each.signal.condition] == "clear" for each in ended]
    _clear([each for each, over in zip(ended, is_over, strict=True) if not over], now)
    _raise([each for each in group if each.signal.kind == "raise"], now)
    _clear([each for each, over in zip(ended, is_over, strict=True) if over], now)


def _changes(signals: Sequence[Signal]) -> list[_Change]:
    """What still makes sense: streams that are there, rules that the pack still has."""
    streams = streams_by_id({signal.stream for signal in signals})
    rules = list_rules()
    found = []
    for signal in signals:
        stream, rule = streams.get(signal.stream), rules.get(signal.condition.rpartition("/")[0])
        if stream is not None and rule is not None:
            found.append(_Change(signal, stream, rule))
    return found


def _decided(changes: Sequence[_Change], now: datetime) -> tuple[list[_Change], set[int]]:
    """Changes with what rules say; and the signals that are no alarm now, which are put aside until they end."""
    begun = [each for each in changes if each.rule.decided_by and each.signal.kind == "raise"]
    said = decide([Asked(each.signal, each.stream, each.rule) for each in begun], now) if begun else {}
    aside = {pk for pk, decision in said.items() if not decision.severity}
    if aside:
        Signal.objects.filter(pk__in=aside).update(again_us=to_us(now + AGAIN))
    ended = {
        (each.signal.stream, each.signal.condition): each.signal.at_us
        for each in changes
        if each.rule.decided_by and each.signal.kind == "clear"
    }
    aside -= _forget_aside(ended)
    return [
        replace(each, decision=said.get(each.signal.pk))
        for each in changes
        if each.signal.pk not in said or said[each.signal.pk].severity
    ], aside


def _forget_aside(ended: Mapping[tuple[int, str], int]) -> set[int]:
    """What was put aside and has ended before it was an alarm."""
    if not ended:
        return set()
    kept = Signal.objects.filter(done=False, again_us__gt=0, kind="raise", stream__in={stream for stream, _ in ended})
    rows = kept.values_list("pk", "stream", "condition", "at_us")
    over = {pk for pk, stream, condition, at_us in rows if at_us <= ended.get((stream, condition), -1)}
    Signal.objects.filter(pk__in=over).update(done=True)
    return over


def _gathering(rule: AlarmRule) -> str:
    """What is damped together: all silence at once, each other rule alone."""
    return "silent" if rule.conditions[0].kind == "silent" else rule.id


def _hold(held: _Held, changes: Sequence[_Change], now: datetime) -> set[int]:
    """Signals of devices in maintenance: beginnings are held; one that ends meanwhile is forgotten with its end.

    Gives what is forgotten.
    """
    quiet = maintained({change.stream.thing: change.stream for change in changes}.values(), now)
    forgotten: set[int] = set()
    for change in changes:
        at = (change.signal.stream, change.signal.condition)
        if change.stream.thing not in quiet:
            continue
        if change.signal.kind == "raise":
            held[at] = change.signal.pk
        elif at in held:
            forgotten |= {held.pop(at), change.signal.pk}
    return forgotten


def _raise(changes: Sequence[_Change], now: datetime) -> None:
    events = [event for event in (_event(change) for change in changes) if event is not None]
    known = _members(events)
    first: dict[_Spot, Event] = {}  # several conditions of a rule may begin at once: one alarm
    for event in events:
        at = _spot(event.rule, event.stream.thing, event.stream.site)
        if at in known:
            _again(known[at], event, now)
        else:
            first.setdefault(at, event)
    fresh = list(first.values())
    if not fresh:
        return
    rule = fresh[0].rule
    storm = _storm_of(rule, now)
    if storm is not None:
        _join(storm, fresh, now)
    elif len(fresh) + _recent(rule, now) >= STORM and len(fresh) > 1:
        open_alarm(fresh, now)
    else:
        for event in fresh:
            open_alarm([event], now)


def _event(change: _Change) -> Event | None:
    """What a signal means for its rule: nothing while too few of its conditions hold."""
    rule = change.rule
    hits = [change.stream] if len(rule.conditions) == 1 else hits_of(rule, change.stream)
    if len(hits) < rule.need:
        return None
    signal = change.signal
    value = change.decision.value if change.decision else signal.value
    return Event(rule, change.stream, signal.condition, signal.at_us, value, tuple(hits), change.decision)


def _spot(rule: AlarmRule, thing: int, site: str) -> _Spot:
    """Where a rule has one alarm at most: at a device, or at the site that its devices watch together."""
    return rule.id, f"site:{site}" if rule.scope == "group" and site else f"thing:{thing}"


def _members(events: Sequence[Event]) -> dict[_Spot, AlarmMember]:
    """What is in an alarm of the rule whose case is still open: it is told there, not opened again."""
    found = _at_spots(events).filter(alarm__closed_at__isnull=True)
    rules = {event.rule.id: event.rule for event in events}
    return {_spot_of(member, rules): member for member in found.order_by("id")}


def _at_spots(found: Sequence[Event | _Change]) -> "QuerySet[AlarmMember]":
    """Members of alarms of the same rules, at the same devices or at their sites."""
    streams = [each.stream for each in found]
    sites = {each.stream.site for each in found if each.rule.scope == "group"} - {""}
    return AlarmMember.objects.select_related("alarm", "thing").filter(
        Q(thing__in={stream.thing for stream in streams}) | Q(thing__site__in=sites),
        alarm__rule__in={each.rule.id for each in found},
    )


def _spot_of(member: AlarmMember, rules: Mapping[str, AlarmRule]) -> _Spot:
    return _spot(rules[member.alarm.rule], member.thing_id, member.thing.site)


def _again(member: AlarmMember, event: Event, now: datetime) -> None:
    """The condition began once more."""
    was_over = member.cleared_us is not None
    member.times += 1
    member.cleared_us, member.value = None, event.value
    with transaction.atomic():
        member.save(update_fields=["times", "cleared_us", "value"])
        if was_over:
            Alarm.objects.filter(pk=member.alarm_id).update(active=F("active") + 1, last_at=now, cleared_at=None)
            if member.alarm.cleared_at is not None:
                _tell(member.alarm.case_id, {}, "raise_again", now)


def _storm_of(rule: AlarmRule, now: datetime) -> Alarm | None:
    """The storm that a new alarm belongs to, where one blows."""
    found = Alarm.objects.filter(members__gte=STORM, closed_at__isnull=True, last_at__gte=now - _GATHER)
    same = found.filter(reason__gathering="silent") if _gathering(rule) == "silent" else found.filter(rule=rule.id)
    return same.order_by("-id").first()


def _recent(rule: AlarmRule, now: datetime) -> int:
    since = now - timedelta(seconds=_STORM_S)
    return Alarm.objects.filter(rule=rule.id, raised_at__gte=since, members=1).count()


def _join(alarm: Alarm, events: Sequence[Event], now: datetime) -> None:
    with transaction.atomic():
        AlarmMember.objects.bulk_create(event.member(alarm.pk) for event in events)
        Alarm.objects.filter(pk=alarm.pk).update(
            members=F("members") + len(events), active=F("active") + len(events), last_at=now, cleared_at=None
        )


def _clear(changes: Sequence[_Change], now: datetime) -> None:
    """End what is on at these devices; a case hears of it when the last one has ended."""
    over = {_spot(each.rule, each.stream.thing, each.stream.site): each for each in changes if _is_over(each)}
    if not over:
        return
    rules = {change.rule.id: change.rule for change in over.values()}
    found = _at_spots(list(over.values())).filter(cleared_us__isnull=True)
    members = [member for member in found if _spot_of(member, rules) in over]
    if not members:
        return
    ended: dict[int, int] = {}
    with transaction.atomic():
        for member in members:
            ended[member.alarm_id] = ended.get(member.alarm_id, 0) + 1
        at_us = max(change.signal.at_us for change in over.values())
        AlarmMember.objects.filter(pk__in=[member.pk for member in members]).update(cleared_us=at_us)
        for number, count in ended.items():
            Alarm.objects.filter(pk=number).update(active=F("active") - count)
        finished = list(Alarm.objects.filter(pk__in=ended, active__lte=0))
        Alarm.objects.filter(pk__in=[alarm.pk for alarm in finished]).update(cleared_at=from_us(at_us))
    for alarm in finished:
        _tell(alarm.case_id, {"open": "recover"}, "mark_recovered", now)


def _is_over(change: _Change) -> bool:
    rule = change.rule
    return len(rule.conditions) == 1 or len(hits_of(rule, change.stream)) < rule.need


def _tell(case_id: UUID, by_state: Mapping[str, str], otherwise: str, now: datetime) -> None:
    """Let a case know; one that has ended needs to know nothing."""
    row = get_row(case_id)
    if row.final:
        Alarm.objects.filter(case_id=case_id, closed_at__isnull=True).update(closed_at=now)
        return
    act_by_system(case_id, by_state.get(row.state, otherwise), now, name=_NAME)


def close_alarm(case_id: UUID, now: datetime) -> None:
    """The case of an alarm has ended."""
    Alarm.objects.filter(case_id=case_id, closed_at__isnull=True).update(closed_at=now)
