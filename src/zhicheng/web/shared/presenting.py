"""From typed values to what components show: clocks in words, state tags, timelines, reasons."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from zhicheng.core.cases.public import CaseDetails, calendars
from zhicheng.core.cases.values import CaseRow, HistoryItem
from zhicheng.core.parties.public import get_unit_tree, list_account_names
from zhicheng.core.places.public import describe_divisions, division_path
from zhicheng.engines.statetable.clocks import Clock
from zhicheng.engines.statetable.definition import Process
from zhicheng.kit.clock import CHINA, words

_WARNING_SHARE = 0.7
_TONES = {"received": "outline", "arbitration": "warning", "follow_up": "warning", "replied": "success"}
_REQUESTERS = {
    "appeal": "诉求人",
    "assist": "诉求人",
    "consultation": "来电人",
    "handover": "咨询人",
    "knowledge_entry": "提问人",
}
_ICONS = {"received": "inbox", "arbitration": "scale", "follow_up": "triangle-alert", "replied": "check"}
_UNITS = {"minutes": "分钟", "hours": "小时", "days": "天", "working_days": "个工作日"}


def unit_name(code: str) -> str:
    """A unit's name; its code where it is not known any more."""
    tree = get_unit_tree()
    return tree.get(code).name if code in tree else code


def place_words(division: str) -> str:
    """A division with those above it, as people say it: 福田区·莲花街道·福新社区."""
    return describe_divisions(division_path(division)) if division else ""


def place_line(division: str, address: str) -> str:
    """Where a case is: its divisions, and the words of whoever wrote them where they say more."""
    divisions = place_words(division)
    says_more = address.strip() and address.strip() not in divisions.replace("·", "")
    return " ".join(part for part in (divisions, address.strip() if says_more else "") if part)


def clock_view(clock: Clock, label: str, now: datetime) -> dict[str, Any]:
    """A clock for components/clock.html."""
    state = clock_state(clock, now)
    left = _left_s(clock, now)
    return {
        "label": label,
        "state": state,
        "words": _clock_words(clock, state, now),
        "due_words": _due_words(clock, now),
        "percent": _percent(clock, left),
        "left_s": round(left) if clock.state == "running" else None,
        "ticking": clock.state == "running" and clock.calendar == "always",
        "why": clock_reasons(clock),
    }


def due_view(row: CaseRow, now: datetime) -> dict[str, Any] | None:
    """The nearest due time of a list's row, for components/clock_chip.html; None where nothing runs."""
    if row.due_at is None:
        if row.final:
            return {"state": "met", "words": "已结束", "ticking": False}
        return {"state": "paused", "words": "暂停计时"} if row.facts.get("paused") else None
    left = row.due_at - now
    if left < timedelta(0):
        return {
            "state": "late",
            "words": left_words(left),
            "left_s": round(left.total_seconds()),
            "ticking": False,
        }
    soon = left < timedelta(hours=4) if not row.urgent else left < timedelta(hours=2)
    return {
        "state": "warning" if soon else "running",
        "words": left_words(left),
        "left_s": round(left.total_seconds()),
    }


def left_words(left: timedelta) -> str:
    """What is left of a limit, or by how much it is exceeded; clocks.js says it in the same words.

    >>> left_words(timedelta(minutes=20)), left_words(timedelta(seconds=9)), left_words(timedelta(seconds=-9))
    ('还剩 20 分钟', '还剩不到 1 分钟', '刚刚超时')
    """
    if timedelta(minutes=-1) < left < timedelta(0):
        return "刚刚超时"
    return _spaced("已超" if left < timedelta(0) else "还剩", left)


def _spaced(before: str, span: timedelta) -> str:
    """A span after Chinese words: a blank only before a digit."""
    told = words(span)
    return f"{before} {told}" if told[0].isdigit() else f"{before}{told}"


def clock_state(clock: Clock, now: datetime) -> str:
    """The state that gives a clock its colour and shape."""
    if clock.state == "met":
        return "missed" if clock.is_late(now) else "met"
    if clock.state in {"paused", "cancelled"}:
        return "paused"
    if clock.is_late(now):
        return "late"
    if "until" in clock.limit:
        return "running"  # a day that is waited for: nobody is late, however near it is
    used = 1 - _left_s(clock, now) / clock.total_s if clock.total_s else 1
    return "warning" if used >= _WARNING_SHARE else "running"


def clock_reasons(clock: Clock) -> list[str]:
    """How a clock was reckoned, in sentences."""
    if "until" in clock.limit:
        return [f"{day_words(clock.limit['until'])}零点到期。", f"依据：{clock.limit.get('source', '')}。"]
    unit = next((unit for unit in _UNITS if unit in clock.limit), "")
    amount = f"{clock.limit[unit]} {_UNITS[unit]}" if unit else ""
    counted = "昼夜连续计时" if clock.calendar == "always" else "按工作时间计时，节假日不计，从次日起算"
    reasons = [f"时限 {amount}，{counted}，{clock.started_at.astimezone(CHINA):%m月%d日 %H:%M} 开始。"]
    if source := clock.limit.get("source"):
        reasons.append(f"依据：{source}。")
    if extended := clock.limit.get("extended"):
        reasons.append(f"已批准延长 {extended} 个工作日。")
    if clock.pause_reason:
        reasons.append(f"暂停原因：{clock.pause_reason}。")
    return reasons


def tag_view(row: CaseRow, process: Process, now: datetime, *, public: bool = False) -> dict[str, str]:
    """The state tag of a case."""
    state = process.states[row.state]
    if not row.final and row.due_at is not None and row.due_at < now and not public:
        return {"label": f"{state.label}·超时", "tone": "danger", "icon": "octagon-alert"}
    if row.final:
        return {"label": state.label, "tone": "success" if row.state == "closed" else "", "icon": "check"}
    return {"label": state.label, "tone": _TONES.get(row.state, "action"), "icon": _ICONS.get(row.state, "play")}


def open_clocks(details: CaseDetails, now: datetime) -> list[dict[str, Any]]:
    """The clocks of a case: the latest round of each, cancelled ones left out."""
    latest = {clock.code: clock for clock in details.clocks}
    shown = [clock for clock in latest.values() if clock.state != "cancelled"]
    return [clock_view(clock, details.process.clocks[clock.code].label, now) for clock in shown]


def timeline(details: CaseDetails, *, names: bool) -> list[dict[str, Any]]:
    """The history, newest first; officials' names only where `names`, units for residents."""
    accounts = list_account_names(_accounts(details.history)) if names else {}
    word = requester_word(details.process)
    return [_event(item, accounts, word) for item in reversed(details.history)]


def requester_word(process: Process) -> str:
    """What whoever began a case is called."""
    return _REQUESTERS.get(process.code, "申请人")


def day_words(day: object) -> str:
    """A stored day as people say it; what is none stays as it is.

    >>> day_words("2026-03-05"), day_words(None)
    ('3月5日', '')
    """
    try:
        found = date.fromisoformat(str(day or ""))
    except ValueError:
        return str(day or "")
    return f"{found.month}月{found.day}日"


def _event(item: HistoryItem, accounts: Mapping[Any, str], requester: str) -> dict[str, Any]:
    text = str(item.input.get("text") or item.input.get("reason") or "")
    if until := item.input.get("until"):
        text = f"{text}（到 {day_words(until)}）"
    tone = {"clock": "warning", "act": "done"}.get(item.kind, "")
    moved = item.from_unit and item.to_unit and item.from_unit != item.to_unit
    title = f"{item.label} → {unit_name(item.to_unit)}" if moved else item.label
    return {
        "at": item.at,
        "title": title,
        "actor": _actor_words(item, accounts, requester),
        "text": text,
        "tone": tone,
        "icon": "",
    }


def _actor_words(item: HistoryItem, accounts: Mapping[Any, str], requester: str) -> str:
    kind, _, identifier = item.actor.partition(":")
    if kind == "system":
        return "系统"
    if item.action in {"open", "rate", "withdraw", "supplement"}:
        return requester
    unit = unit_name(item.from_unit or item.to_unit)
    name = next((name for account, name in accounts.items() if str(account) == identifier), "")
    return f"{unit} · {name}" if name else unit


def _accounts(history: Sequence[HistoryItem]) -> list[Any]:
    return sorted({item.actor.partition(":")[2] for item in history if item.actor.startswith("account:")})


def _left_s(clock: Clock, now: datetime) -> float:
    if clock.state == "paused":
        return clock.remaining_s
    end = clock.ended_at or now
    calendar = calendars().get(clock.calendar)
    if calendar is None or end > clock.due_at:
        return (clock.due_at - end).total_seconds()
    return calendar.seconds_between(end, clock.due_at)


def _percent(clock: Clock, left: float) -> int:
    if not clock.total_s:
        return 100
    return max(0, min(100, round(100 * (1 - left / clock.total_s))))


def _clock_words(clock: Clock, state: str, now: datetime) -> str:
    if clock.state == "paused":
        return "暂停计时"
    if clock.ended_at is not None:
        over = clock.ended_at - clock.due_at
        if state == "missed":
            return f"{_spaced('超时', over)}完成"
        return _spaced("按时完成，用时", clock.ended_at - clock.started_at)
    return left_words(clock.due_at - now)


def _due_words(clock: Clock, now: datetime) -> str:
    if clock.state == "paused":
        return ""
    if clock.ended_at is not None:
        return f"要求 {words(clock.due_at - clock.started_at)}内" if clock.calendar == "always" else ""
    due, today = clock.due_at.astimezone(CHINA), now.astimezone(CHINA).date()
    days = (due.date() - today).days
    day = {0: "今天", 1: "明天", -1: "昨天"}.get(days, f"{due.month}月{due.day}日")
    return f"{'应在' if due < now else ''}{day} {due:%H:%M} 前"
