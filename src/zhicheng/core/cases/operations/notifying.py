"""Telling people what happened to a case: which message to whom is in the process, this only finds the people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from zhicheng.core.cases.gate import process_of
from zhicheng.core.cases.gate.follow_codes import follow_code, requester_link
from zhicheng.core.cases.queries.details import get_row
from zhicheng.core.cases.queries.joined import JOINED, joined_cases
from zhicheng.core.ledger.values import Event
from zhicheng.core.notices.public import notify
from zhicheng.core.notices.values import Channel, NoticeRequest
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.kit.clock import CHINA, parse_instant, words

CLOCK_MESSAGES = {"warning": "clock.warning", "overdue": "clock.overdue", "escalation": "clock.escalated"}
RECIPIENTS = frozenset(
    {"requester", JOINED, "unit", "arbiter", "supervisor", "follow_up", "child_unit", "parent_unit", "above"}
)
_BOTH = (Channel.IN_APP, Channel.SMS)
_INSIDE = (Channel.IN_APP,)


@dataclass(frozen=True)
class _Told:
    """A case as its event tells it: nothing is read again while messages are written."""

    id: UUID
    number: str
    title: str
    unit: str
    from_unit: str
    state: str
    requester: str
    parent: str
    definition: str
    due_at: datetime | None


def tell(event: Event, now: datetime) -> None:
    """Write the messages that one event of a case calls for; a repeat of the event writes none twice."""
    data = event.data
    asked = _clock_messages(data) if data.get("kind") == "clock" else (data.get("notify") or {}).items()
    wanted = list(asked)
    if not wanted:
        return
    case = _told(event)
    requests = [request for role, template in wanted for request in _requests(role, template, case, event, now)]
    if requests:
        notify(*requests, now=now)


def _requests(role: str, template: str, case: _Told, event: Event, now: datetime) -> Iterator[NoticeRequest]:
    """The messages to one role; requesters of joined cases are told of their own case, by its number and link."""
    about = _joined(case) if role == JOINED else [case]
    for told in about:
        cause = f"{event.id}:{told.number}" if role == JOINED else str(event.id)
        params = _params(told, event.data, now)
        for recipient, channels in _recipients(role, told, event.data):
            yield NoticeRequest(recipient, template, cause, params, _link(told, recipient), channels)


def _joined(case: _Told) -> list[_Told]:
    rows = [row for row in joined_cases(case.number) if row.requester]
    return [
        replace(case, id=row.id, number=row.number, title=row.title, requester=str(row.requester), parent="")
        for row in rows
    ]


def _told(event: Event) -> _Told:
    data = event.data
    due = data.get("due_at")
    texts = ("number", "title", "unit", "from_unit", "state", "requester", "parent", "definition")
    return _Told(
        id=UUID(event.subject.partition(":")[2]),
        due_at=parse_instant(due) if due else None,
        **{name: str(data.get(name) or "") for name in texts},
    )


def _clock_messages(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if data.get("quiet") or data["action"] not in {f"clock_{kind}" for kind in CLOCK_MESSAGES}:
        return
    template = CLOCK_MESSAGES[data["action"].removeprefix("clock_")]
    yield "unit", template
    if data["level"]:
        yield f"above:{data['level']}", template


def _recipients(role: str, case: _Told, data: Mapping[str, Any]) -> list[tuple[str, tuple[Channel, ...]]]:
    if role in {"requester", JOINED}:
        return [(f"party:{case.requester}", _BOTH)] if case.requester else []
    return [(f"unit:{code}", _INSIDE) for code in _units(role, case, data)]


def _units(role: str, case: _Told, data: Mapping[str, Any]) -> list[str]:
    """Whose shared inbox a message goes to. `follow_up` only when the case has moved one level up."""
    unit = case.unit
    kind, _, level = role.partition(":")
    parent = get_row(UUID(case.parent)).unit if kind == "parent_unit" and case.parent else ""
    found = {
        "unit": [unit],
        "arbiter": [unit],
        "supervisor": [unit, *_above(unit)[:1]],
        "follow_up": [unit] if unit != case.from_unit else [],
        "child_unit": list(data.get("children") or ()),
        "parent_unit": [parent] if parent else [],
        "above": _above(unit)[: int(level or 0)],
    }
    return found[kind]


def _above(unit: str) -> list[str]:
    tree = get_unit_tree()
    return tree.ancestors(unit) if unit in tree else []


def _link(case: _Told, recipient: str) -> str:
    return requester_link(case.id) if recipient.startswith("party:") else f"/workbench/cases/{case.number}/"


def _day(instant: object) -> str:
    return f"{parse_instant(str(instant)).astimezone(CHINA):%m月%d日}" if instant else "另行通知之日"


def _params(case: _Told, data: Mapping[str, Any], now: datetime) -> dict[str, str]:
    tree, process = get_unit_tree(), process_of(case.definition)
    unit, due = case.unit, case.due_at
    return {
        "city": current_pack().name,
        "number": case.number,
        "title": case.title,
        "item": case.title,
        "action": str(data.get("label") or ""),
        "unit": tree.get(unit).name if unit in tree else unit,
        "state": process.states[case.state].label,
        "code": follow_code(case.number),
        "link": requester_link(case.id),
        "until": _day(data.get("until")),
        "deadline": f"{due.astimezone(CHINA):%m月%d日 %H:%M}" if due else "无时限",
        "remaining": (words(due - now) if due > now else "已超时") if due else "无时限",
        "limit": str(data.get("label") or ""),
        "time": f"{now.astimezone(CHINA):%m月%d日 %H:%M}",
        "reason": str(data.get("reason") or ""),
    }
