"""Actions of a process as forms: the process declares the fields, this makes controls of them."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.http import HttpRequest

from zhicheng.apps.appeals.public import assist_unit_of, get_appeal, get_taxonomy
from zhicheng.apps.appeals.values import Candidate
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import CaseDetails, add_draft_attachment
from zhicheng.core.parties.public import get_unit_tree, request_actor
from zhicheng.engines.statetable.definition import Action, Field
from zhicheng.kit.clock import now
from zhicheng.web.shared.files import read_files
from zhicheng.web.shared.presenting import unit_name

_KINDS = {
    "textarea": "textarea",
    "choice": "radio",
    "unit": "select",
    "item": "select",
    "files": "photo",
    "score": "rating",
    "boolean": "checkbox",
}
_KEYS = {"accept": "a", "reply": "e", "contact": "r"}
_MOST_FILES = 6
_HIDDEN = frozenset({"note"})  # has a form of its own on the case page


def action_views(details: CaseDetails) -> list[dict[str, Any]]:
    """The actions that the person may take now, primary ones first."""
    ordered = sorted(details.actions, key=lambda action: (not action.primary, action.danger))
    return [_view(details, action) for action in ordered if action.code not in _HIDDEN]


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


def _view(details: CaseDetails, action: Action) -> dict[str, Any]:
    return {
        "code": action.code,
        "label": action.label,
        "primary": action.primary,
        "danger": action.danger,
        "key": _KEYS.get(action.code, ""),
        "url": f"/workbench/cases/{details.row.number}/actions/{action.code}/",
        "hint": "",
        "confirm": "",
        "fields": [_field(details, action.code, field) for field in action.fields],
    }


def _field(details: CaseDetails, action: str, field: Field) -> dict[str, Any]:
    options: list[tuple[str, str]] = [(code, label) for code, label in field.choices]
    if field.type == "unit":
        first = "请选择" if field.required else "不指定"
        options = [
            ("", first),
            *(_listed_assist(details) if action == "invite" else ()),
            *unit_options(details.row.unit),
        ]
    elif field.type == "item":
        options = item_options(_candidates(details))
    return {
        "kind": _KINDS.get(field.type, "text"),
        "name": field.code,
        "label": field.label,
        "required": field.required,
        "hint": field.help,
        "options": options,
        "limit": field.max_length if field.type == "textarea" else None,
    }


def _listed_assist(details: CaseDetails) -> list[tuple[str, str]]:
    """The unit that the responsibility list names for assisting, ahead of all others."""
    code = assist_unit_of(details.row)
    return [(code, f"{unit_name(code)}（职责清单列明协办）")] if code and code != details.row.unit else []


def unit_options(near: str) -> list[tuple[str, str]]:
    """Living units to choose from: those around a unit first, then the city's departments and companies."""
    tree = get_unit_tree()
    around = tree.ancestors(near) if near in tree else []
    district = next((code for code in [near, *around] if code in tree and tree.get(code).kind == "government"), None)
    nearby = sorted(tree.subtree(district)) if district else []
    wide = [code for root in tree.children(None) for code in tree.children(root)]
    listed = dict.fromkeys([*nearby, *wide])
    units = [tree.get(code) for code in listed]
    return [
        (unit.code, unit.name)
        for unit in units
        if unit.ended_date is None and unit.kind != "community" and unit.code != near
    ]


def item_options(candidates: Iterable[Candidate]) -> list[tuple[str, str]]:
    """All leaf items, the likely ones first."""
    likely = [(found.code, f"{found.label}（把握 {found.probability:.0%}）") for found in candidates]
    known = {code for code, _ in likely}
    return [*likely, *((item.code, " / ".join(item.path)) for item in get_taxonomy() if item.code not in known)]


def _candidates(details: CaseDetails) -> tuple[Candidate, ...]:
    try:
        return get_appeal(details.row.id).candidates
    except CaseNotFound:
        return ()
