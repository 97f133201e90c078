"""Forms that companies fill in: the company register says who the company is, nobody types it."""

from collections.abc import Iterator, Mapping
from typing import Any

from zhicheng.apps.services.sections.items import ItemRow
from zhicheng.apps.services.sections.themes import ThemeRow
from zhicheng.core.packs.public import Fault, Item, PackSource

_REGISTER, _NEW_CODE = "company", "@uscc"
_ASKED = {"name": "企业名称", "uscc": "统一社会信用代码"}


def check_prefilling(items: list[Item[ItemRow]], themes: list[Item[ThemeRow]], pack: PackSource) -> Iterator[Fault]:
    """A form for companies takes their name and credit code from the register.

    Not where the company comes about by the application: the register does not know it yet.
    """
    forms = {code: form.value.form_schema for code, form in (pack.values.get("forms") or {}).items()}
    founding = {item.value.code for item in items if _founds(item.value)}
    for item in items:
        if item.value.code not in founding:
            yield from _check(item, forms)
    for theme in themes:
        if not any(step.item in founding and not step.optional for step in theme.value.items):
            yield from _check(theme, forms)


def _check(what: Item[ItemRow] | Item[ThemeRow], forms: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    row = what.value
    if "company" not in row.audience or row.form not in forms:
        return
    given = {field for rules in forms[row.form].get("properties", {}).values() for field in _taken(rules)}
    if missing := [label for field, label in _ASKED.items() if field not in given]:
        message = f"企业可以办「{row.label}」，表单 {row.form} 却没有从企业登记库取{'、'.join(missing)}。"
        hint = "请给对应的项加 x-prefill: [{source: company, field: name}]（代码用 field: uscc）。"
        yield what.fault("services.company_prefill", message, hint, key="form")


def _taken(rules: Mapping[str, Any]) -> Iterator[str]:
    given = rules.get("x-prefill", [])
    for pair in given if isinstance(given, list) else [given]:
        if pair.get("source") == _REGISTER:
            yield str(pair.get("field"))


def _founds(row: ItemRow) -> bool:
    said = row.licence_values.get("uscc", ())
    return _NEW_CODE in ([said] if isinstance(said, str) else said)
