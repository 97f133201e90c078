"""Alarms in words."""

from zhicheng.core.telemetry.values import AlarmRule, Condition

_SAID = {"above": "高于", "below": "低于", "rises": "上升超过", "falls": "下降超过"}


def title_of(rule: AlarmRule, device: str) -> str:
    """The title of an alarm of one device."""
    return f"{rule.label}：{device}"


def storm_title(rule: AlarmRule, count: int, *, same: bool) -> str:
    """The title of an alarm of many."""
    return f"{rule.label}：{count} 台设备同时告警" if same else f"设备失联：{count} 台设备同时告警"


def reason_of(rule: AlarmRule, condition: str, value: float | None, count: int) -> str:
    """What was seen and what it was held against."""
    found = next((each for each in rule.conditions if each.code == condition), rule.conditions[0])
    seen = "" if value is None or found.kind == "silent" else f"测得 {value:g}，"
    text = f"{seen}{words_of(found)}"
    if len(rule.conditions) > 1:
        text += f"；{len(rule.conditions)} 个条件中至少 {rule.need} 个同时成立"
    if count > 1:
        text += f"；{count} 台设备合为一件告警，名单见设备告警页"
    advice = f"处置建议：{rule.advice}" if rule.advice else ""
    return f"{text}。依据：{rule.source}。{advice}"


def words_of(condition: Condition) -> str:
    """A condition as people say it."""
    if condition.kind == "silent":
        return f"超过 {span(condition.threshold)}没有收到数据"
    text = f"{_SAID[condition.kind]} {condition.threshold:g}"
    if condition.within_s:
        text = f"{span(condition.within_s)}内{text}"
    return f"{text}，持续 {span(condition.for_s)}" if condition.for_s else text


def span(seconds: float) -> str:
    """Seconds as people say them.

    >>> span(300), span(7200)
    ('5 分钟', '2 小时')
    """
    if seconds >= 3600 and seconds % 3600 == 0:
        return f"{seconds / 3600:g} 小时"
    return f"{seconds / 60:g} 分钟" if seconds >= 60 and seconds % 60 == 0 else f"{seconds:g} 秒"
