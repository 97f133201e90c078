"""Alarms of devices on the cockpit: open ones by severity, a storm as one, in the area shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhicheng.core.cases.public import visible_numbers
from zhicheng.core.parties.values import Actor
from zhicheng.core.telemetry.public import OpenAlarm, list_open_alarms
from zhicheng.kit.clock import CHINA, words
from zhicheng.web.cockpit.areas import Area
from zhicheng.web.shared.presenting import place_words

VIEW = "devices.view"
_MOST = 30
_DEVICES = "/workbench/devices/"
_SEVERITIES = {
    "critical": {"label": "紧急", "tone": "danger", "icon": "octagon-alert"},
    "warning": {"label": "警告", "tone": "warning", "icon": "triangle-alert"},
    "notice": {"label": "提示", "tone": "", "icon": "info"},
}


def alarms_of(actor: Actor, area: Area, at: datetime) -> dict[str, Any] | None:
    """What the part shows; None for a reader who may not see devices."""
    if VIEW not in actor.permissions:
        return None
    inside = "" if area.level == "city" else area.code
    found = list_open_alarms(area=inside, level=area.level, limit=_MOST)
    readable = visible_numbers(actor, [each.number for each in found.rows])
    total = sum(found.counts.values())
    return {
        "rows": [_row(each, each.number in readable, at) for each in found.rows],
        "total": total,
        "more": max(0, total - len(found.rows)),
        "words": _count_words(found.counts),
    }


def _count_words(counts: Mapping[str, int]) -> str:
    told = [f"{severity['label']} {counts[code]}" for code, severity in _SEVERITIES.items() if counts.get(code)]
    return "，".join(told)


def _row(alarm: OpenAlarm, is_readable: bool, at: datetime) -> dict[str, Any]:
    is_storm = alarm.members > 1
    page = f"{_DEVICES}alarms/{alarm.number}/"
    return {
        "severity": _SEVERITIES.get(alarm.severity, _SEVERITIES["notice"]),
        "title": f"{alarm.label}：{alarm.members:,} 台设备" if is_storm else f"{alarm.label}：{alarm.device}",
        "storm": f"仍有 {alarm.active:,} 台" if is_storm and alarm.active else "",
        "why": alarm.sentence.partition("。")[0],
        "place": place_words(alarm.area) if alarm.area else "城区以外",
        "raised_at": alarm.raised_at.astimezone(CHINA),
        "since": f"{words(at - alarm.raised_at)}前",
        "recovered": alarm.active <= 0,
        "url": f"/workbench/cases/{alarm.number}/" if is_readable else page,
        "page": page,
    }
