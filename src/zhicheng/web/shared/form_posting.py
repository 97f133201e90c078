"""From the fields of a browser's form to raw values: `children.0.name` belongs to the first member of `children`."""

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from zhicheng.core.forms.values import FormField

MOST_MEMBERS = 20


def posted_values(post: QueryDict, fields: Sequence[FormField]) -> dict[str, Any]:
    """What was sent for some fields, as text; a field that was not sent is left out, or empty where boxes were."""
    found: dict[str, Any] = {}
    for field in fields:
        if field.computed is not None:
            continue
        if field.widget == "choices":
            found[field.name] = [value for value in post.getlist(field.name) if value]
        elif field.widget == "repeat":
            found[field.name] = _members(post, field)
        elif field.name in post:
            found[field.name] = post[field.name]
    return found


def posted_version(post: QueryDict) -> int:
    """The version of the draft that the page was made from; 0, which no draft has, when it is no number."""
    text = post.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _members(post: QueryDict, group: FormField) -> list[dict[str, Any]]:
    """The members of a repeated group in the order of their numbers, without the one whose button was pressed."""
    numbers = {_number(name, group.name) for name in post} - {None}
    gone = post.get("_remove", "")
    members = []
    for number in sorted(number for number in numbers if number is not None)[:MOST_MEMBERS]:
        if gone != f"{group.name}.{number}":
            members.append(_member(post, group, f"{group.name}.{number}"))
    return members


def _member(post: QueryDict, group: FormField, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in group.items:
        name = f"{prefix}.{field.name}"
        if field.widget == "choices":
            found[field.name] = [value for value in post.getlist(name) if value]
        elif name in post:
            found[field.name] = post[name]
    return found


def _number(name: str, group: str) -> int | None:
    first, _, rest = name.partition(".")
    number = rest.partition(".")[0]
    return int(number) if first == group and number.isascii() and number.isdigit() and len(number) < 4 else None
