"""A theme goes on: items that waited for others start, and when every item has an outcome the whole is done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from zhicheng.core.cases.public import act_by_system, get_row, list_children
from zhicheng.core.cases.values import CaseRow

_NAME = "services.theme"
_GOOD = frozenset({"approved"})
_ENDED_BADLY = frozenset({"refused", "settled", "withdrawn", "lapsed", "cancelled"})


def progress_theme(parent_id: UUID, now: datetime) -> None:
    """Release what may start, cancel what cannot any more, finish the theme when all is said. Idempotent."""
    parent = get_row(parent_id)
    if parent.process != "theme" or parent.final:
        return
    children = list_children(parent_id)
    by_item = {str(child.facts.get("item")): child.state for child in children}
    for child in children:
        step = next_step(child, by_item)
        if step:
            act_by_system(child.id, step, now, name=_NAME)
            by_item[str(child.facts.get("item"))] = "verifying" if step == "release" else "cancelled"
    if all(state in _GOOD | _ENDED_BADLY for state in by_item.values()):
        act_by_system(parent_id, "finish", now, name=_NAME)


def next_step(child: CaseRow, by_item: Mapping[str, str]) -> str:
    """What a waiting item may do now: start, be cancelled, or nothing yet."""
    if child.state != "waiting":
        return ""
    before: Sequence[str] = [by_item.get(str(code), "approved") for code in child.facts.get("after") or ()]
    if any(state in _ENDED_BADLY for state in before):
        return "cancel_waiting"
    return "release" if all(state in _GOOD for state in before) else ""
