"""What forms offer to choose from, in groups (components/controls/picker.html): items of the taxonomy, units.

The list of all items is much longer than the page around it. Pages carry the likely ones; the script fetches the rest
when somebody looks for another (`items`), and without a script a link opens the page with all of them.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from zhicheng.apps.appeals.public import get_taxonomy
from zhicheng.apps.appeals.values import Candidate, Item
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.web.shared.signin import needs_official

Group = dict[str, Any]
ITEMS_URL = "/workbench/items/"


@require_GET
@needs_official()
def items(request: HttpRequest) -> HttpResponse:
    """All items in groups, for the picker; the same for as long as the release is installed."""
    body = json.dumps(item_groups(()), ensure_ascii=False).encode()
    etag = f'"{sha256(body).hexdigest()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    response = HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=300"
    return response


def item_groups(candidates: Iterable[Candidate], *, empty: str = "", likely_only: bool = False) -> list[Group]:
    """All leaf items under the two levels above them; the likely ones first, in a group of their own, or alone."""
    likely = {found.code: found for found in candidates}
    groups = [group("", [("", empty or "请选择", "")])] if empty or not likely else []
    if likely:
        rows = [(code, f"{found.label}（把握 {found.probability:.0%}）", "") for code, found in likely.items()]
        groups.append(group("最可能的事项", rows))
    if likely_only:
        return groups
    by_class: dict[str, list[tuple[str, str, str]]] = {}
    for item in get_taxonomy():
        if item.code not in likely:
            by_class.setdefault(" / ".join(item.path[:-1]), []).append(_row(item))
    return [*groups, *(group(label, rows) for label, rows in by_class.items())]


def unit_groups(near: str, first: str, listed: Iterable[tuple[str, str]] = ()) -> list[Group]:
    """Living units: those that the list names, those around a unit, then the city's departments and companies."""
    tree = get_unit_tree()
    around = tree.ancestors(near) if near in tree else []
    district = next((code for code in [near, *around] if code in tree and tree.get(code).kind == "government"), None)
    nearby = sorted(tree.subtree(district)) if district else []
    wide = [code for root in tree.children(None) for code in tree.children(root) if code not in set(nearby)]
    named = [(code, words, "") for code, words in listed]
    found = [
        group("", [("", first, ""), *named]),
        group(tree.get(district).name if district else "", _units(nearby, near)),
        group("市级部门和企业", _units(wide, near)),
    ]
    return [each for each in found if each["options"]]


def group(label: str, options: list[tuple[str, str, str]]) -> Group:
    """Choices under a label: value, label and words by which they are also found. No label, no group."""
    return {"label": label, "options": options}


def _row(item: Item) -> tuple[str, str, str]:
    return item.code, item.label, " ".join(word for word in item.keywords if word not in item.label)


def _units(codes: Iterable[str], near: str) -> list[tuple[str, str, str]]:
    tree = get_unit_tree()
    units = [tree.get(code) for code in codes if code != near]
    return [(unit.code, unit.name, "") for unit in units if unit.ended_date is None and unit.kind != "community"]
