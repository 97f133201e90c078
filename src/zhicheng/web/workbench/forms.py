"""Actions of a process as forms: the process declares the fields, this makes controls of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpRequest

from zhicheng.apps.appeals.public import assist_unit_of, get_appeal
from zhicheng.apps.appeals.values import Candidate
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import CaseDetails, add_draft_attachment
from zhicheng.core.parties.public import request_actor
from zhicheng.engines.statetable.definition import Action, Field
from zhicheng.kit.clock import CHINA, now
from zhicheng.web.shared.files import read_files
from zhicheng.web.shared.presenting import unit_name
from zhicheng.web.workbench.choices import ITEMS_URL, item_groups, unit_groups

_KINDS = {
    "textarea": "textarea",
    "choice": "radio",
    "unit": "picker",
    "item": "picker",
    "files": "photo",
    "score": "rating",
    "boolean": "checkbox",
    "date": "date",
}
_KEYS = {"accept": "a", "reply": "e", "contact": "r"}
_MOST_FILES = 6
_HIDDEN = frozenset({"note"})  # has a form of its own on the case page
# What is more than an action of the process: the app's own page does it, with what belongs to it.
_OF_ANOTHER_PAGE = frozenset({("disclosure", "consult")})


def action_views(details: CaseDetails, *, whole_lists: bool = False) -> list[dict[str, Any]]:
    """The actions that the person may take now, primary ones first; `whole_lists` writes every item into the page."""
    ordered = sorted(details.actions, key=lambda action: (not action.primary, action.danger))
    shown = [action for action in ordered if action.code not in _HIDDEN and is_done_here(details, action.code)]
    return [_view(details, action, whole_lists=whole_lists) for action in shown]


def is_done_here(details: CaseDetails, action: str) -> bool:
    """Whether the case page carries an action out, and not a page of the case's own app."""
    return (details.row.process, action) not in _OF_ANOTHER_PAGE


def read_input(request: HttpRequest, action: Action) -> dict[str, Any]:
    """The typed values of an action's form; files are checked and kept as drafts that the action binds.

    Raises:
        FieldErrors: a file cannot be taken.
    """
    at, actor = now(), request_actor(request)
    given: dict[str, Any] = {}
    for field in action.fields:
        if field.type == "files":
            files = read_files(request, field.code, _MOST_FILES, at)
            given[field.code] = [str(add_draft_attachment(file, actor=actor, now=at)) for file in files]
        else:
            given[field.code] = request.POST.get(field.code, "")
    return given


def new_key() -> str:
    """A key that makes sending a form twice one act."""
    return uuid4().hex


def _view(details: CaseDetails, action: Action, *, whole_lists: bool) -> dict[str, Any]:
    return {
        "code": action.code,
        "label": action.label,
        "primary": action.primary,
        "danger": action.danger,
        "key": _KEYS.get(action.code, ""),
        "url": f"/workbench/cases/{details.row.number}/actions/{action.code}/",
        "hint": "",
        "confirm": "",
        "fields": [
            _field(details, action.code, field, whole_lists=whole_lists)
            | _source(action.code, field, whole_lists=whole_lists)
            for field in action.fields
        ],
    }


def _source(action: str, field: Field, *, whole_lists: bool) -> dict[str, str]:
    """Where the rest of a long list is: for the script, and as a page for who has none."""
    if field.type != "item" or whole_lists:
        return {"source": "", "whole_url": ""}
    return {"source": ITEMS_URL, "whole_url": f"?action={action}&items=all"}


def _field(details: CaseDetails, action: str, field: Field, *, whole_lists: bool) -> dict[str, Any]:
    options: Sequence[Any] = [(code, label) for code, label in field.choices]
    if field.type == "unit":
        listed = _listed_assist(details) if action == "invite" else []
        options = unit_groups(details.row.unit, "请选择" if field.required else "不指定", listed)
    elif field.type == "item":
        options = item_groups(_candidates(details), likely_only=not whole_lists)
    return {
        "kind": _KINDS.get(field.type, "text"),
        "name": field.code,
        "label": field.label,
        "required": field.required,
        "hint": field.help,
        "options": options,
        "limit": field.max_length if field.type == "textarea" else None,
        "min": _bound(field, field.minimum),
        "max": _bound(field, field.maximum),
    }


def _bound(field: Field, days: int | None) -> str:
    """The first or last day that a date may be; empty for everything else."""
    if field.type != "date" or days is None:
        return ""
    return (now().astimezone(CHINA).date() + timedelta(days=days)).isoformat()


def _listed_assist(details: CaseDetails) -> list[tuple[str, str]]:
    """The unit that the responsibility list names for assisting, ahead of all others."""
    code = assist_unit_of(details.row)
    return [(code, f"{unit_name(code)}（职责清单列明协办）")] if code and code != details.row.unit else []


def _candidates(details: CaseDetails) -> tuple[Candidate, ...]:
    try:
        return get_appeal(details.row.id).candidates
    except CaseNotFound:
        return ()
