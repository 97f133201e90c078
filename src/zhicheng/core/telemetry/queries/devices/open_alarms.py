"""Alarms whose cases are open, the gravest and newest first: for the wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

_COLUMN = {"district": "district", "street": "street", "community": "community"}
_INSIDE = (
    "AND EXISTS (SELECT 1 FROM telemetry_alarmmember m JOIN telemetry_thing t ON t.id = m.thing_id "
    "WHERE m.alarm_id = a.id AND t.{column} = %s)"
)
_RANK = "CASE a.severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"
_LIST = f"""
SELECT a.case_id, a.number, a.severity, a.area, a.members, a.active, a.raised_at, coalesce(a.reason ->> 'label', ''),
  coalesce(a.reason ->> 'sentence', ''), coalesce(d.key, ''), coalesce(d.name, '')
FROM telemetry_alarm a LEFT JOIN LATERAL (SELECT t.key, t.name FROM telemetry_alarmmember m
  JOIN telemetry_thing t ON t.id = m.thing_id WHERE m.alarm_id = a.id ORDER BY m.id LIMIT 1) d ON true
WHERE a.closed_at IS NULL {{inside}} ORDER BY a.active <= 0, {_RANK}, a.raised_at DESC, a.id DESC LIMIT %s
"""
_COUNT = "SELECT a.severity, count(*) FROM telemetry_alarm a WHERE a.closed_at IS NULL {inside} GROUP BY a.severity"


@dataclass(frozen=True)
class OpenAlarm:
    """An alarm that somebody has to do something about. `key` and `device` are of its first device.

    `active` counts the devices at which it is still on: 0 where all have recovered and the case is not closed yet.
    """

    case_id: UUID
    number: str
    severity: str
    area: str
    members: int
    active: int
    raised_at: datetime
    label: str
    sentence: str
    key: str
    device: str


@dataclass(frozen=True)
class OpenAlarms:
    """The first of them, and how many there are of each severity."""

    rows: Sequence[OpenAlarm]
    counts: dict[str, int]


def list_open_alarms(*, area: str = "", level: str = "", limit: int = 30) -> OpenAlarms:
    """Open alarms with a device in an area (a district, street or community), or everywhere."""
    column = _COLUMN.get(level) if area else None
    inside = _INSIDE.format(column=column) if column else ""
    params: list[Any] = [area] if column else []
    with connection.cursor() as cursor:
        cursor.execute(_LIST.format(inside=inside), [*params, limit])
        rows = [OpenAlarm(*row) for row in cursor.fetchall()]
        cursor.execute(_COUNT.format(inside=inside), params)
        return OpenAlarms(rows, dict(cursor.fetchall()))
