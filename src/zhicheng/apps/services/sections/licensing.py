"""Items that lead to a licence: what their licence must say has a source, and the sources that they name exist.

Where a person approves, the person fills in what no form says; where rules approve, nobody is there to be asked. A
theme asks with a form of its own: whatever its items need must be there too, or in a licence that it led to before.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from zhicheng.apps.licences.values import VALID_UNTIL
from zhicheng.apps.services.policy.licensing import (
    SPECIAL,
    earlier_line,
    is_earlier,
    is_written,
    missing_lines,
)
from zhicheng.apps.services.sections.items import ItemRow
from zhicheng.apps.services.sections.themes import ThemeRow
from zhicheng.core.packs.public import Fault, Item, PackSource

_LINES, _SOURCE, _UNUSED = "services.licence_lines", "services.licence_source", "licences.unused"
_BORN = ("birth", "sex")
_Types = Mapping[str, Any]
_Schemas = Mapping[str, Mapping[str, Any]]


def check_licensing(items: list[Item[ItemRow]], themes: list[Item[ThemeRow]], pack: PackSource) -> Iterator[Fault]:
    """Every fault in where the lines of licences come from."""
    types = {each.value.code: each.value for each in pack.values.get("licences") or ()}
    forms = {code: form.value.form_schema for code, form in (pack.values.get("forms") or {}).items()}
    for item in items:
        if item.value.licence in types:
            used = [theme for theme in themes for step in theme.value.items if step.item == item.value.code]
            yield from _check_sources(item, types, used, forms)
            if item.value.form in forms:
                yield from _check_lines(item, types, forms)
    by_code = {item.value.code: item.value for item in items}
    for theme in themes:
        if theme.value.form in forms:
            yield from _check_theme(theme, by_code, types, forms)
    yield from _check_used(items, pack)


def _check_lines(item: Item[ItemRow], types: _Types, forms: _Schemas) -> Iterator[Fault]:
    """An item that rules decide fills every required line; one that renews has the old licence besides the form."""
    row = item.value
    for code, label in _open_lines(row, types, forms[row.form]):
        message = f"「{row.label}」由规则自动审批，签发的「{types[row.licence].label}」却缺必填项「{label}」的来源。"
        hint = (
            f'请在事项的 licence_values 里写 {code}: 表单必填项的代码（或 "=固定内容"、"@date" 等）；'
            f"只能由人填写的，去掉 rules.decide，由承办人批准时填写。"
        )
        yield item.fault(_LINES, message, hint, key="licence")


def _check_theme(
    theme: Item[ThemeRow], items: Mapping[str, ItemRow], types: _Types, forms: _Schemas
) -> Iterator[Fault]:
    """The theme's own form, and the licences of the items that come before, fill what an item's own form would."""
    for index, step in enumerate(theme.value.items):
        row = items.get(step.item)
        if row is None or row.licence not in types or row.form == theme.value.form:
            continue
        before = _before(step.item, theme.value, items, types)
        for code, label in _open_lines(row, types, forms[theme.value.form], before):
            message = (
                f"主题的表单 {theme.value.form} 没有「{row.label}」证照必填项「{label}」的来源："
                f"这一项本可由规则自动审批，却会转给人工。"
            )
            hint = (
                f"请在表单里加一个必填项并写进该事项的 licence_values（{code}），"
                f'或取自先办事项的证照："{earlier_line("证照类型", "内容项")}"。'
            )
            yield theme.fault(_LINES, message, hint, key=f"items.{index}.item")


def _open_lines(
    row: ItemRow, types: _Types, schema: Mapping[str, Any], before: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """Required lines, with their labels, of the licence of an item decided by rules that nothing fills for sure."""
    licence_type = types[row.licence]
    if not row.rules.decide or licence_type.renew_item == row.code:
        return
    labels = _required(licence_type)
    fields, sure = {*schema.get("properties", {}), *before}, {*_asked(schema), *before}
    yield from ((code, labels[code]) for code in missing_lines(labels, fields, row.licence_values, sure=sure))


def _before(code: str, theme: ThemeRow, items: Mapping[str, ItemRow], types: _Types) -> set[str]:
    """The lines of licences that items before this one led to."""
    after = {step.item: step.after for step in theme.items}
    found, waiting = set[str](), list(after.get(code, ()))
    while waiting:
        earlier = waiting.pop()
        if earlier not in found:
            found.add(earlier)
            waiting += after.get(earlier, ())
    issued = {items[each].licence for each in found if each in items} & types.keys()
    return {earlier_line(each, line.code) for each in issued for line in types[each].fields}


def _check_sources(item: Item[ItemRow], types: _Types, used: list[Item[ThemeRow]], forms: _Schemas) -> Iterator[Fault]:
    """What `licence_values` names are lines of the licence, fields of a form, fixed words or known sources."""
    licence_type = types[item.value.licence]
    lines = {line.code for line in licence_type.fields} | {VALID_UNTIL.code}
    asking = [code for code in [item.value.form, *(theme.value.form for theme in used)] if code in forms]
    fields = {name for code in asking for name in forms[code].get("properties", {})}
    for line, said in item.value.licence_values.items():
        if line not in lines:
            message, hint = f"证照「{licence_type.label}」没有 {line} 这一项。", "请改用 licences.yaml 里的代码。"
            yield item.fault(_SOURCE, message, hint, key="licence_values")
        for name in [said] if isinstance(said, str) else said:
            if name == "@citizen_number" and not lines.issuperset(_BORN):
                hint = f"请在证照类型里加上 {'、'.join(_BORN)}，号码由它们得出。"
                yield item.fault(_SOURCE, f"证照内容 {line} 不能给出公民身份号码。", hint, key="licence_values")
            if asking and not (_is_earlier_line(name, types) or _is_source(name, fields)):
                hint = (
                    f'请写表单项代码、"=固定内容"、"@licence.证照类型.内容项"，或 {"、".join(sorted(SPECIAL))} 之一。'
                )
                yield item.fault(_SOURCE, f"证照内容 {line} 的来源 {name} 不存在。", hint, key="licence_values")


def _is_source(name: str, fields: Collection[str]) -> bool:
    return is_written(name) or name in SPECIAL or name in fields


def _is_earlier_line(name: str, types: _Types) -> bool:
    return is_earlier(name) and any(
        name == earlier_line(each.code, line.code) for each in types.values() for line in each.fields
    )


def _check_used(items: list[Item[ItemRow]], pack: PackSource) -> Iterator[Fault]:
    """A licence that nothing leads to is never issued: it only looks as if the city had it."""
    issued = {item.value.licence for item in items}
    for each in pack.values.get("licences") or ():
        if items and each.value.code not in issued:
            message = f"没有事项签发「{each.value.label}」。"
            yield each.fault(_UNUSED, message, "请在签发它的事项里写 licence，或删去这个证照类型。", key="code")


def _asked(schema: Mapping[str, Any]) -> set[str]:
    """The fields of a form that have a value once it is complete; a condition may still leave one out."""
    computed = {name for name, rules in schema.get("properties", {}).items() if "x-computed" in rules}
    return set(schema.get("required", ())) | computed


def _required(licence_type: Any) -> dict[str, str]:
    """Required lines with their labels."""
    found = {line.code: line.label for line in licence_type.fields if line.required}
    return {**found, VALID_UNTIL.code: VALID_UNTIL.label} if licence_type.validity.until == "given" else found
