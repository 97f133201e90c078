"""From what a person typed, or a source sent, to the stored form of a value.

Stored forms: text (cleaned), ISO date, integer, cents, true/false, list of choices, list of groups. Reading a stored
value gives the same value. ID numbers, company codes, telephones and divisions are read by functions that are passed
in, because they belong to other packages.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from zhicheng.core.forms.policy.conditions import visible_items, visible_names
from zhicheng.core.forms.values import Form, FormField
from zhicheng.kit.texts import clean_text

Reader = Callable[[str, date], str]
"""Raises `BadValue` with a sentence."""

_LONGEST = {"text": 200, "textarea": 2_000, "address": 200}
_LONGEST_STRANGE = 500  # of something that is no text at all
_MOST_ITEMS = 20
_MOST_CENTS = 10**14
_YES, _NO = {"true", "yes", "on", "1", "是"}, {"false", "no", "off", "0", "否"}


class BadValue(ValueError):
    """A value cannot be right; the text is the sentence beside the field."""


@dataclass
class ReadValues:
    """Values in their stored form; what could not be read stays as it was typed, with a sentence in `errors`."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


def read_values(form: Form, raw: Mapping[str, Any], readers: Mapping[str, Reader], today: date) -> ReadValues:
    """Every given value of a form in its stored form; blank ones are left out.

    Names that the form does not have are errors: nothing is silently dropped.
    """
    found = ReadValues()
    for name in raw:
        if form.field(name) is None:
            found.errors[""] = [f"表单里没有「{clean_text(str(name))[:40]}」这一项，请刷新页面后再填。"]
    for each in form.fields:
        if each.computed is None:
            _read_into(found, each, raw.get(each.name), (readers, today))
    return found


def drop_hidden(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without those that the answers hide, in repeated groups too."""
    names = visible_names(form, values)
    kept: dict[str, Any] = {}
    for each in form.fields:
        if each.name in names and each.name in values:
            value = values[each.name]
            kept[each.name] = [_visible_part(each, item) for item in value] if each.widget == "repeat" else value
    return kept


def _visible_part(group: FormField, item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    return {each.name: item[each.name] for each in visible_items(group, item) if each.name in item}


def _read_into(found: ReadValues, each: FormField, raw: Any, how: tuple[Mapping[str, Reader], date]) -> None:
    if each.widget == "repeat":
        items, errors = _read_items(each, raw, how)
        found.errors |= errors
        if items:
            found.values[each.name] = items
        return
    try:
        value = read_value(each, raw, *how)
    except BadValue as error:
        found.errors[each.name] = [str(error)]
        value = clean_text(raw if isinstance(raw, str) else str(raw)[:_LONGEST_STRANGE])
    if value is not None:
        found.values[each.name] = value


def _read_items(
    group: FormField, raw: Any, how: tuple[Mapping[str, Reader], date]
) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    if raw in (None, "", []):
        return [], {}
    if not isinstance(raw, list) or not all(isinstance(item, Mapping) for item in raw):
        return [], {group.name: ["这一组的写法不对，请刷新页面后再填。"]}
    items: list[dict[str, Any]] = []
    errors = {group.name: [f"最多填 {_MOST_ITEMS} 项，请删去几项。"]} if len(raw) > _MOST_ITEMS else {}
    for given in raw[: _MOST_ITEMS + 1]:  # one too many is kept, so that it is said again until somebody removes it
        one = ReadValues()
        for inner in group.items:
            _read_into(one, inner, given.get(inner.name), how)
        if given.keys() - {inner.name for inner in group.items}:
            errors[group.name] = ["这一组里有表单没有的项目，请刷新页面后再填。"]
        if one.values:  # an empty group was shown and not used
            errors |= {f"{group.name}.{len(items)}.{name}": said for name, said in one.errors.items()}
            items.append(one.values)
    return items, errors


def read_value(each: FormField, raw: Any, readers: Mapping[str, Reader], today: date) -> Any:
    """One value in its stored form, None where it is blank.

    Raises:
        BadValue: it cannot be read.
    """
    if raw is None or raw == "" or raw == []:
        return None
    if each.widget == "choices":
        return _choices(each, raw)
    if each.widget == "boolean":
        return _boolean(raw)
    if each.widget in {"integer", "money"} and type(raw) is int:
        return raw
    if not isinstance(raw, str):
        raise BadValue("写法不对，请重新填写。")
    text = clean_text(raw)
    return _from_text(each, text, readers, today) if text else None


def _from_text(each: FormField, text: str, readers: Mapping[str, Reader], today: date) -> Any:
    if each.widget in readers:
        return readers[each.widget](text, today)
    if each.widget in _PLAIN:
        return _PLAIN[each.widget](text)
    if each.widget == "choice" and text not in {option.value for option in each.options}:
        raise BadValue("请从列出的选项中选一项。")
    line = text if each.widget == "textarea" else " ".join(text.split())
    most = each.rules.get("maxLength", _LONGEST.get(each.widget, 200))
    if len(line) > most:
        raise BadValue(f"最多 {most} 个字，现在是 {len(line)} 个。")
    return line


def _choices(each: FormField, raw: Any) -> list[str] | None:
    given = [raw] if isinstance(raw, str) else raw
    known = [option.value for option in each.options]
    if not isinstance(given, list) or any(one not in known for one in given if one != ""):
        raise BadValue("请从列出的选项中选择。")
    return [value for value in known if value in given] or None


def _boolean(raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    text = clean_text(str(raw)).lower()
    if text in _YES or text in _NO:
        return text in _YES
    raise BadValue("请选择“是”或“否”。")


def read_date(text: str) -> str:
    """A day as ISO text: 2026-01-31, 2026/1/31, 2026.1.31, 2026年1月31日, 20260131.

    Raises:
        BadValue: it is no day.

    >>> read_date("2026年1月31日"), read_date("20260131")
    ('2026-01-31', '2026-01-31')
    """
    plain = unicodedata.normalize("NFKC", text)
    match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", plain)
    match = match or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain)
    if match is None:
        raise BadValue("请按年、月、日填写，例如 2026-01-31。")
    try:
        return date(*(int(part) for part in match.groups())).isoformat()
    except ValueError:
        raise BadValue("没有这一天，请检查年、月、日。") from None


def read_money(text: str) -> int:
    """Yuan as cents.

    Raises:
        BadValue: no amount, finer than a cent, negative, or beyond a trillion yuan.

    >>> read_money("1,234.5"), read_money("￥20")
    (123450, 2000)
    """
    plain = re.sub(r"[,\s¥￥元]", "", unicodedata.normalize("NFKC", text))
    if plain.endswith("万"):
        plain, times = plain[:-1], 10_000
    else:
        times = 1
    try:
        cents = Decimal(plain if re.fullmatch(r"[0-9]{1,15}(\.[0-9]+)?", plain) else "?") * 100 * times
    except InvalidOperation:
        raise BadValue("请填写金额，单位为元，例如 1200 或 1200.50。") from None
    if cents != cents.to_integral_value():
        raise BadValue("金额最多写到分，即小数点后两位。")
    if cents > _MOST_CENTS:
        raise BadValue("金额太大，请检查单位是不是元。")
    return int(cents)


def _read_integer(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not re.fullmatch(r"-?[0-9]{1,12}", plain):
        raise BadValue("请填写整数，只写数字，例如 3。")
    return int(plain)


_PLAIN: Mapping[str, Callable[[str], Any]] = {"date": read_date, "money": read_money, "integer": _read_integer}


def leaves(form: Form) -> Iterator[tuple[str, FormField]]:
    """Every single field with its place: `name`, or `children.*.name` inside a group."""
    for each in form.fields:
        if each.widget == "repeat":
            yield from ((f"{each.name}.*.{inner.name}", inner) for inner in each.items)
        else:
            yield each.name, each
