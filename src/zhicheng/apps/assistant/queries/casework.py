"""Cases in the words of a conversation: who has them, until when, what happened last, what is wanted."""

from collections.abc import Iterator
from datetime import datetime

from zhicheng.apps.assistant.values import Button, Card, Line
from zhicheng.core.cases.public import CaseDetails
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.kit.clock import CHINA, words

_PAGES = {"application": "/my/services/{}/", "theme": "/my/services/{}/", "disclosure": "/disclosure/{}/"}
_WANTED = {"correcting", "supplementing", "replied"}


def unit_name(code: str) -> str:
    """A unit's name; its code where it is not known any more."""
    tree = get_unit_tree()
    return tree.get(code).name if code in tree else code


def until_words(at: datetime) -> str:
    """An instant as a limit: 3月9日 18:00 前."""
    local = at.astimezone(CHINA)
    return f"{local.month}月{local.day}日 {local:%H:%M} 前"


def progress_card(details: CaseDetails, now: datetime, *, secret: bool = False) -> Card:
    """Where a case is: its state, who has it, what happened last, what is missing and when it ends."""
    row = details.row
    page = _PAGES.get(row.process, "/appeals/{}/").format(row.number)
    address = "/appeals/follow/" if secret else page
    label = "去办理" if row.state in _WANTED and not secret else "看详情"
    return Card("case", row.title, tuple(_lines(details, now)), (Button(label, url=address),))


def row_card(row: CaseRow, state: str) -> Card:
    """One of several cases."""
    lines = (Line("编号", row.number), Line("现在", state), Line("办理单位", unit_name(row.unit)))
    return Card("case", row.title, lines, (Button("问这一件", say=f"{row.number} 办到哪了"),))


def _lines(details: CaseDetails, now: datetime) -> Iterator[Line]:
    row = details.row
    yield Line("编号", row.number)
    yield Line("现在", details.public_state)
    yield Line("办理单位", unit_name(row.unit))
    if row.due_at is not None and not row.final:
        left = f"还剩 {words(row.due_at - now)}" if row.due_at > now else "已超时，正在催办"
        yield Line("最近时限", f"{until_words(row.due_at)}（{left}）")
    last = details.history[-1] if details.history else None
    if last is not None:
        yield Line("最近进展", f"{last.at.astimezone(CHINA):%m月%d日 %H:%M} {last.label}")
    said = next(
        (item for item in reversed(details.history) if item.input.get("text") or item.input.get("reason")), None
    )
    if said is not None:
        text = str(said.input.get("text") or said.input.get("reason"))
        yield Line("需要您" if row.state in _WANTED else "说明", text[:200])
