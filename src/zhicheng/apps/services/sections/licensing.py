"""Items that lead to a licence: what their licence must say has a source, and the sources that they name exist.

Where a person approves, the person fills in what no form says; where rules approve, nobody is there to be asked.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from zhicheng.apps.licences.values import VALID_UNTIL
from zhicheng.apps.services.policy.licensing import SPECIAL, is_written, missing_lines
from zhicheng.apps.services.sections.items import ItemRow
from zhicheng.apps.services.sections.themes import ThemeRow
from zhicheng.core.packs.public import Fault, Item, PackSource

_LINES, _SOURCE = "services.licence_lines", "services.licence_source"


def check_licensing(items: list[Item[ItemRow]], themes: list[Item[ThemeRow]], pack: PackSource) -> Iterator[Fault]:
    """Every fault in where the lines of licences come from."""
    types = {each.value.code: each.value for each in pack.values.get("licences") or ()}
    forms = {
        code: frozenset(form.value.form_schema.get("properties", {}))
        for code, form in (pack.values.get("forms") or {}).items()
    }
    for item in items:
        if item.value.licence in types:
            used = [theme.value.form for theme in themes for step in theme.value.items if step.item == item.value.code]
            yield from _check_sources(item, types[item.value.licence], [item.value.form, *used], forms)
            if item.value.form in forms:
                yield from _check_lines(item, types[item.value.licence], forms[item.value.form])


def _check_lines(item: Item[ItemRow], licence_type: Any, fields: Collection[str]) -> Iterator[Fault]:
    """An item that rules decide fills every required line; one that renews has the old licence besides the form.

    In a theme with a form of its own something may still be missing: then a person is asked.
    """
    row = item.value
    if not row.rules.decide or licence_type.renew_item == row.code:
        return
    labels = _required(licence_type)
    for code in missing_lines(labels, fields, row.licence_values):
        message = f"「{row.label}」由规则自动审批，签发的「{licence_type.label}」却缺必填项「{labels[code]}」的来源。"
        hint = (
            f'请在事项的 licence_values 里写 {code}: 表单项代码（或 "=固定内容"、"@date" 等）；'
            f"只能由人填写的，去掉 rules.decide，由承办人批准时填写。"
        )
        yield item.fault(_LINES, message, hint, key="licence")


def _check_sources(
    item: Item[ItemRow], licence_type: Any, used: Collection[str], forms: Mapping[str, Collection[str]]
) -> Iterator[Fault]:
    """What `licence_values` names are lines of the licence, fields of a form, fixed words or known sources."""
    lines = {line.code for line in licence_type.fields} | {VALID_UNTIL.code}
    fields = {name for code in used for name in forms.get(code, ())}
    is_known = any(code in forms for code in used)
    for line, said in item.value.licence_values.items():
        if line not in lines:
            message, hint = f"证照「{licence_type.label}」没有 {line} 这一项。", "请改用 licences.yaml 里的代码。"
            yield item.fault(_SOURCE, message, hint, key="licence_values")
        for name in [said] if isinstance(said, str) else said:
            if is_known and not (is_written(name) or name in SPECIAL or name in fields):
                hint = f'请写表单项代码、"=固定内容"，或 {"、".join(sorted(SPECIAL))} 之一。'
                yield item.fault(_SOURCE, f"证照内容 {line} 的来源 {name} 不存在。", hint, key="licence_values")


def _required(licence_type: Any) -> dict[str, str]:
    """Required lines with their labels."""
    found = {line.code: line.label for line in licence_type.fields if line.required}
    return {**found, VALID_UNTIL.code: VALID_UNTIL.label} if licence_type.validity.until == "given" else found
