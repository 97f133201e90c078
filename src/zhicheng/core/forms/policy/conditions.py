"""What the answers hide: fields and sections whose condition does not hold."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from zhicheng.core.forms.values import Condition, Form, FormField, FormSection, MaterialNeed


def visible_names(form: Form, values: Mapping[str, Any]) -> frozenset[str]:
    """The fields of the first level that the answers leave visible.

    A condition on a hidden field does not hold, whatever that field still contains.
    """
    owner = {each.name: section for section in form.sections for each in section.fields}
    known: dict[str, bool] = {}

    def is_visible(name: str) -> bool:
        if name not in known:
            known[name] = False  # a cycle is refused with the pack; here it would hide, not hang
            field = form.field(name)
            conditions = [owner[name].when, field.when if field else None]
            known[name] = all(holds(one, values) and is_visible(one.field) for one in conditions if one)
        return known[name]

    return frozenset(name for name in owner if is_visible(name))


def visible_sections(form: Form, values: Mapping[str, Any]) -> tuple[FormSection, ...]:
    """The sections that have something to ask."""
    names = visible_names(form, values)
    return tuple(section for section in form.sections if any(each.name in names for each in section.fields))


def visible_items(field: FormField, item: Mapping[str, Any]) -> tuple[FormField, ...]:
    """The fields of one member of a repeated group that its own answers leave visible."""
    shown: dict[str, FormField] = {}
    for _ in field.items:  # a chain of conditions is at most as long as the group
        shown = {
            each.name: each
            for each in field.items
            if each.when is None or (each.when.field in shown and holds(each.when, item))
        }
        if all(each.name in shown for each in field.items):
            break
    return tuple(shown.values())


def conditioned(needs: Iterable[MaterialNeed], form: Form) -> list[MaterialNeed]:
    """Needs of items under the conditions that the form has for the same material.

    An item does not know the answers: it asks everybody for what the form asks only some for.
    """
    conditions = {one.material: one.when for one in form.materials if one.when is not None}
    return [
        replace(need, when=conditions[need.material]) if need.when is None and need.material in conditions else need
        for need in needs
    ]


def is_needed(need: MaterialNeed, form: Form, values: Mapping[str, Any]) -> bool:
    """Whether the answers ask for a material at all."""
    return need.when is None or (need.when.field in visible_names(form, values) and holds(need.when, values))


def holds(condition: Condition, values: Mapping[str, Any]) -> bool:
    """Whether the answer is one of the condition's values; of several choices one is enough.

    >>> holds(Condition("married", (True,)), {"married": True}), holds(Condition("married", (False,)), {})
    (True, False)
    """
    if condition.field not in values:
        return False
    answer = values[condition.field]
    if isinstance(answer, list):
        return any(each in condition.values for each in answer)
    return any(answer == wanted and type(answer) is type(wanted) for wanted in condition.values)
