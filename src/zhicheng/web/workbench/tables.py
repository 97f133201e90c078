"""Cases as rows of a queue table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from zhicheng.apps.appeals.public import get_taxonomy
from zhicheng.core.cases.public import process_of
from zhicheng.core.cases.values import CaseRow
from zhicheng.core.parties.public import list_account_names
from zhicheng.web.shared.presenting import day_words, due_view, place_words, tag_view, unit_name

_COLUMNS = (
    ("clock", "时限"),
    ("title", "诉求"),
    ("place", "地点"),
    ("item", "分类"),
    ("status", "状态"),
    ("unit", "单位"),
    ("number", "编号"),
)
_ASKED = {"pause": "申请暂停", "extension": "申请延期"}
_HIDDEN = {"unit", "person"}


def queue_table(code: str, label: str, rows: Sequence[CaseRow], at: datetime, *, order: str = "due") -> dict[str, Any]:
    """The context of components/queue_table.html."""
    columns = [{"code": column, "label": words, "hidden": column in _HIDDEN} for column, words in _COLUMNS]
    columns[0] |= {"sort_url": "?order=due", "sorted": "asc" if order == "due" else ""}
    names = list_account_names({row.assignee for row in rows if row.assignee})
    return {
        "code": code,
        "label": label,
        "columns": [*columns, {"code": "person", "label": "承办人", "hidden": True}],
        "rows": [_row(row, at, names.get(row.assignee, "") if row.assignee else "") for row in rows],
        "bulk": [],
        "idempotency_key": uuid4().hex,
        "bulk_url": f"/workbench/queues/{code}/bulk/",
        "empty": {"icon": "circle-check", "title": "这里没有要办的事", "text": "新的诉求到达后会自动出现。"},
    }


def _waits_for(row: CaseRow) -> str:
    """Why a case stands still, or what somebody above must decide."""
    if row.facts.get("paused"):
        return f"暂停计时{_until(row, 'pause_until')}：{row.facts.get('pause_reason') or '没有写明原因'}"
    pending = str(row.facts.get("pending") or "")
    asked = f"{_ASKED.get(pending, '')}{_until(row, 'pending_until') if pending == 'pause' else ''}"
    return f"{asked}待审批：{row.facts.get('pending_reason') or ''}" if asked else ""


def _until(row: CaseRow, fact: str) -> str:
    return f"至 {day_words(row.facts[fact])}" if row.facts.get(fact) else ""


def _row(row: CaseRow, at: datetime, person: str) -> dict[str, Any]:
    due = due_view(row, at)
    cells = {
        "clock": {"clock": due} if due else "",
        "title": _waits_for(row),
        "place": place_words(row.division) if row.division else "地点待核实",
        "item": get_taxonomy().label(row.category) if row.category else "待确定",
        "status": {"tag": tag_view(row, process_of(row.definition), at)},
        "unit": unit_name(row.unit),
        "number": row.number,
        "person": person,
    }
    return {"id": row.number, "url": f"/workbench/cases/{row.number}/", "title": row.title, "cells": cells}
