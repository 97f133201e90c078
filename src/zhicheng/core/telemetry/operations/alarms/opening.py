"""One alarm as a case: its place, who is responsible by when, and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from zhicheng.core.cases.public import new_case, store_case
from zhicheng.core.cases.values import CaseDraft
from zhicheng.core.parties.values import system_actor
from zhicheng.core.places.public import division_path
from zhicheng.core.places.values import Location, Point
from zhicheng.core.telemetry.models import Alarm, AlarmMember
from zhicheng.core.telemetry.operations.alarms.deciding import Decision
from zhicheng.core.telemetry.policy.wording import reason_of, storm_title, title_of
from zhicheng.core.telemetry.queries.devices.alarms import Stream
from zhicheng.core.telemetry.queries.devices.owning import responsible_unit
from zhicheng.core.telemetry.values import ALARM_PROCESS, SEVERITIES, AlarmRule, from_us

MESSAGE = "device.alarm"


@dataclass(frozen=True)
class Event:
    """A rule that began to hold at a device, with the reading that made it."""

    rule: AlarmRule
    stream: Stream
    condition: str
    at_us: int
    value: float | None
    hits: tuple[Stream, ...]
    decision: Decision | None = None

    @property
    def severity(self) -> str:
        """How grave: as a rule of the rulebook said, else as the device model says."""
        return self.decision.severity if self.decision else self.rule.severity

    def member(self, alarm: int) -> AlarmMember:
        """The device as part of an alarm."""
        return AlarmMember(
            alarm_id=alarm,
            thing_id=self.stream.thing,
            stream=self.stream.id,
            raised_us=self.at_us,
            value=self.value,
        )


def open_alarm(events: Sequence[Event], now: datetime) -> Alarm:
    """Open one case for one or many devices."""
    rule = _commonest(events)
    area = _area(events)
    reason = _reason(events, rule)
    severity = max((event.severity for event in events), key=SEVERITIES.index)
    draft = CaseDraft(
        process=ALARM_PROCESS,
        unit=_unit(events, rule, area),
        title=_title(events, rule),
        facts={
            "limit": {**rule.limit, "source": rule.source},
            "task": reason["sentence"],
            "rule": rule.id,
            "devices": len(events),
            "recovered": False,
        },
        category=f"device.{rule.model}",
        urgent=severity == "critical",
        location=_location(events, area),
        rule=f"{rule.id}@{rule.hash[:12]}",
        notify={"unit": MESSAGE},
    )
    case = new_case(draft, system_actor("telemetry"), now)
    with transaction.atomic():
        opened = store_case(case, now=now)
        alarm = Alarm.objects.create(
            case_id=opened.id,
            number=opened.number,
            rule=rule.id,
            rule_hash=rule.hash,
            severity=severity,
            area=area,
            members=len(events),
            active=len(events),
            raised_at=from_us(min(event.at_us for event in events)),
            last_at=now,
            reason=reason,
        )
        AlarmMember.objects.bulk_create(event.member(alarm.pk) for event in events)
    return alarm


def _commonest(events: Sequence[Event]) -> AlarmRule:
    [(most, _)] = Counter(event.rule.id for event in events).most_common(1)
    return next(event.rule for event in events if event.rule.id == most)


def _area(events: Sequence[Event]) -> str:
    """The finest division that all devices lie in; empty outside the city."""
    paths = [_path(event.stream) for event in events]
    shared = [code for code in paths[0] if all(code in path for path in paths)] if paths else []
    return shared[0] if shared else ""


def _path(stream: Stream) -> tuple[str, ...]:
    finest = stream.community or stream.street or stream.district
    return division_path(finest) if finest else ()


def _unit(events: Sequence[Event], rule: AlarmRule, area: str) -> str:
    """The devices' own unit where it is one, else whoever is responsible there by the rule."""
    own = {event.stream.unit for event in events}
    return responsible_unit(own.pop() if len(own) == 1 else "", rule.responsible, area)


def _title(events: Sequence[Event], rule: AlarmRule) -> str:
    if len(events) > 1:
        return storm_title(rule, len(events), same=len({event.rule.id for event in events}) == 1)
    return title_of(rule, events[0].stream.name)


def _location(events: Sequence[Event], area: str) -> Location | None:
    if not area:
        return None
    first = events[0].stream
    is_one = len(events) == 1 and first.longitude is not None and first.latitude is not None
    point = Point(float(first.longitude or 0), float(first.latitude or 0)) if is_one else None
    return Location(division_path(area), first.grid if is_one else "", point)


def _reason(events: Sequence[Event], rule: AlarmRule) -> dict[str, Any]:
    """Why: the rule, its version and source, the readings that it saw."""
    first = events[0]
    return {
        "gathering": "silent" if rule.conditions[0].kind == "silent" else rule.id,
        "rule": rule.id,
        "label": rule.label,
        "hash": rule.hash,
        "source": rule.source,
        "advice": rule.advice,
        "sentence": reason_of(rule, first.condition, first.value, len(events)),
        "verdict": first.decision.words if first.decision else "",
        "verdict_version": first.decision.version if first.decision else "",
        "readings": [
            {
                "device": event.stream.key,
                "stream": event.stream.code,
                "at": from_us(event.at_us).isoformat(),
                "value": event.value,
            }
            for event in events[:50]
        ],
    }
