"""From a checked body to a form."""

from collections.abc import Mapping, Sequence
from typing import Any

from zhicheng.core.forms.policy.keywords import as_list, widget_of
from zhicheng.core.forms.values import (
    Computed,
    Condition,
    Form,
    FormField,
    FormSection,
    MaterialNeed,
    Option,
    Prefill,
    Read,
)

_PERSONAL = frozenset({"id_number", "phone", "address"})


def parse_form(digest: str, code: str, label: str, body: Mapping[str, Any]) -> Form:
    """The form that a pinned body describes; the body has been checked when its pack was installed."""
    schema = body["schema"]
    properties, required = schema["properties"], set(schema.get("required", ()))
    orders = body.get("orders", {})
    fields = {
        name: parse_field(name, rules, required=name in required, order=orders.get(name, ()))
        for name, rules in properties.items()
    }
    sections = tuple(
        FormSection(
            code=section["code"],
            label=section["label"],
            fields=tuple(fields[name] for name in section["fields"]),
            help=section.get("help", ""),
            when=condition(section.get("when")),
        )
        for section in schema["x-sections"]
    )
    needs = tuple(parse_need(need) for need in body.get("materials", ()))
    return Form(digest, code, label, schema, sections, needs, body.get("intro", ""))


def parse_need(need: Mapping[str, Any]) -> MaterialNeed:
    """One entry of a form's or a service's list of materials."""
    return MaterialNeed(
        need["code"], bool(need.get("required", True)), condition(need.get("when")), need.get("note", "")
    )


def parse_field(name: str, rules: Mapping[str, Any], *, required: bool, order: Sequence[str] = ()) -> FormField:
    """One property as a field; `order` is that of the fields of a repeated group."""
    widget, ages = widget_of(rules), rules.get("x-age", {})
    items = rules.get("items", {}) if widget == "repeat" else {}
    inside, inner = set(items.get("required", ())), items.get("properties", {})
    return FormField(
        name=name,
        label=rules["x-label"],
        widget=widget,
        rules=rules,
        help=rules.get("x-help", ""),
        errors=rules.get("x-errors", {}),
        options=_options(rules, widget),
        fact=rules.get("x-fact", ""),
        newer=bool(rules.get("x-newer")),
        prefill=tuple(Prefill(one["source"], one["field"]) for one in rules.get("x-prefill", ())),
        documents=tuple(Read(one["material"], one["field"]) for one in rules.get("x-document", ())),
        computed=_computed(rules.get("x-computed")),
        when=condition(rules.get("x-when")),
        personal=bool(rules.get("x-personal", widget in _PERSONAL)),
        not_future=bool(rules.get("x-past")),
        age=(ages.get("min"), ages.get("max")),
        item_label=rules.get("x-item-label", ""),
        items=tuple(parse_field(n, r, required=n in inside) for n, r in _ordered(inner, order)),
        required=required,
    )


def _ordered(properties: Mapping[str, Any], order: Sequence[str]) -> list[tuple[str, Any]]:
    places = {name: place for place, name in enumerate(order)}
    return sorted(properties.items(), key=lambda pair: places.get(pair[0], len(places)))


def condition(when: Mapping[str, Any] | None) -> Condition | None:
    """`{field, is}` or `{field, in}` as a condition."""
    if when is None:
        return None
    return Condition(when["field"], tuple(when["in"]) if "in" in when else (when["is"],))


def _options(rules: Mapping[str, Any], widget: str) -> tuple[Option, ...]:
    holder = rules.get("items", {}) if widget == "choices" else rules
    return tuple(Option(str(one["const"]), one["title"], one.get("description", "")) for one in holder.get("oneOf", ()))


def _computed(rule: Mapping[str, Any] | None) -> Computed | None:
    if rule is None:
        return None
    how, of = next(iter(rule.items()))
    return Computed(how, tuple(as_list(of)))
