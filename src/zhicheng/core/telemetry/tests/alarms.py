"""Alarms as they stand in the database, without the readings that raise them."""

from datetime import datetime
from typing import Any

from zhicheng.core.telemetry.models import Alarm, AlarmMember


def open_alarm_at(thing: int, case: Any, now: datetime, *, members: int = 1) -> Alarm:
    """An open alarm of one device, or a storm of which it is the first."""
    area = "990101001001"
    alarm = Alarm.objects.create(
        case_id=case.case_id,
        number=case.number,
        rule="noise_monitor/loud",
        severity="warning",
        area=area,
        members=members,
        active=members,
        raised_at=now,
        last_at=now,
        reason={"label": "噪声超标", "sentence": "测得 82，高于 75。依据：示意。"},
    )
    AlarmMember.objects.create(alarm=alarm, thing_id=thing, stream=1, raised_us=0)
    return alarm
