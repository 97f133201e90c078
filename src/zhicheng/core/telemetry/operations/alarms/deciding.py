"""Rules of the rulebook decide whether a condition that began is an alarm, and how grave: over the readings till now.

The collector's compiled conditions say when to ask; they look at every reading. Rules are asked about few signals, all
of a round together, and again each minute while they say no and the condition lasts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import numpy as np

from zhicheng.core.rules.public import evaluate, explain, facts_needed
from zhicheng.core.rules.values import Fact, Verdict
from zhicheng.core.telemetry.models import Signal
from zhicheng.core.telemetry.queries.devices.alarms import Stream, hits_of
from zhicheng.core.telemetry.queries.history import readings_of
from zhicheng.core.telemetry.values import SEVERITIES, AlarmRule, from_us, to_us
from zhicheng.kit.clock import CHINA

AGAIN = timedelta(seconds=60)
NO_ALARM = "none"
_DECIMALS, _MOST = 4, 1e9  # that a rule calculates with
_Values = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Asked:
    """A condition that began at a stream, and the alarm whose rule is asked."""

    signal: Signal
    stream: Stream
    rule: AlarmRule

    def as_of(self, now: datetime) -> datetime:
        """The end of its window: now, but for readings of the past that have only come, when it had just begun."""
        longest_s = max(condition.for_s for condition in self.rule.conditions) + self.rule.over_s
        return now if self.is_again else min(now, from_us(self.signal.at_us) + timedelta(seconds=longest_s))

    @property
    def is_again(self) -> bool:
        """Whether the rule has said no before."""
        return self.signal.again_us > 0


@dataclass(frozen=True)
class Decision:
    """What the rule said, with its reasons; no `severity` where it is no alarm. `value`: the newest reading."""

    severity: str
    words: str
    version: str
    value: float | None


def decide(asked: Iterable[Asked], now: datetime) -> dict[int, Decision]:
    """Decisions by signal. Where a rule does not know or fails, the alarm is raised as the device model says.

    Raises:
        RuleUnknown: the rulebook has no such rule; a pack that names one is not installed.
    """
    found: dict[int, Decision] = {}
    ordered = sorted(asked, key=lambda each: each.rule.id)
    for _, group in groupby(ordered, key=lambda each: each.rule.id):
        found |= _decide(list(group), now)
    return found


def _decide(asked: Sequence[Asked], now: datetime) -> dict[int, Decision]:
    rule = asked[0].rule
    windows = _windows(asked, now)
    grouped = "together" in facts_needed([rule.decided_by])
    found = {}
    for each in asked:
        values = windows[each.signal.pk]
        if each.is_again and not len(values):  # it has fallen silent, which has an alarm of its own
            found[each.signal.pk] = Decision("", "", "", None)
            continue
        at = each.as_of(now).astimezone(CHINA)
        facts = _facts(each, values, at) | ({"together": _together(each)} if grouped else {})
        source = f"{each.stream.name}，截至 {at:%H:%M} 的读数"
        named = {code: Fact(value, source) for code, value in facts.items()}
        [verdict] = evaluate([rule.decided_by], named, on=at.date())
        newest = float(values[-1]) if len(values) else each.signal.value
        found[each.signal.pk] = Decision(_severity(verdict, rule), explain(verdict), verdict.version, newest)
    return found


def _windows(asked: Sequence[Asked], now: datetime) -> Mapping[int, _Values]:
    """The numbers within the window of each signal, oldest first; read in as few spans as there are hours."""
    found: dict[int, _Values] = {}
    over = timedelta(seconds=asked[0].rule.over_s)
    ends = {each.signal.pk: each.as_of(now) for each in asked}
    for hour in sorted({end.replace(minute=0, second=0, microsecond=0) for end in ends.values()}):
        some = [each for each in asked if hour <= ends[each.signal.pk] < hour + timedelta(hours=1)]
        streams = np.unique(np.array([each.stream.id for each in some], np.int64))
        last = max(ends[each.signal.pk] for each in some)
        rows = readings_of(streams, to_us(hour - over), to_us(last) + 1)
        stream, at_us = rows.column("stream").to_numpy(), rows.column("at").cast("int64").to_numpy()
        value = rows.column("value").to_numpy(zero_copy_only=False).astype(np.float64)
        for each in some:
            until = ends[each.signal.pk]
            first, end = np.searchsorted(stream, [each.stream.id, each.stream.id + 1])
            low, high = first + np.searchsorted(at_us[first:end], [to_us(until - over), to_us(until) + 1])
            part = value[low:high]
            found[each.signal.pk] = part[np.isfinite(part)]
    return found


def _facts(asked: Asked, values: _Values, at: datetime) -> dict[str, Any]:
    """What rules may ask about a signal, by the columns of its entity; unknown is None. `at`: by China's clock."""
    stream = asked.stream
    known = bool(len(values))
    return {
        "model": stream.model,
        "reading": _number(values[-1]) if known else _number(asked.signal.value),
        "lowest": _number(values.min()) if known else None,
        "highest": _number(values.max()) if known else None,
        "mean": _number(values.mean()) if known else None,
        "rise": _number(values[-1] - values[0]) if known else None,
        "readings": len(values),
        "lasting_minutes": max(0, int((at - from_us(asked.signal.at_us)) / timedelta(minutes=1))),
        "hour": at.hour,
        "weekday": at.isoweekday(),
        "district": stream.district or None,
        "street": stream.street or None,
        "community": stream.community or None,
    }


def _number(value: float | None) -> Decimal | None:
    if value is None or not abs(value) <= _MOST:
        return None
    return round(Decimal(repr(float(value))), _DECIMALS)


def _together(asked: Asked) -> int:
    """Devices of the model at the same site at which the alarm's conditions hold."""
    hits = hits_of(replace(asked.rule, scope="group"), asked.stream)
    return len({each.thing for each in hits} | {asked.stream.thing})


def _severity(verdict: Verdict, rule: AlarmRule) -> str:
    if verdict.outcome == "no" or verdict.value == NO_ALARM:
        return ""
    said = str(verdict.value) if verdict.outcome == "value" else ""
    return said if said in SEVERITIES else rule.severity
