"""From raw rows to typed values: pydantic's findings become Chinese sentences with a line and a hint."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from zhicheng.core.packs.base.section import Fault, Row

M = TypeVar("M", bound=BaseModel)
V = TypeVar("V")


@dataclass(frozen=True)
class Item(Generic[V]):
    """A typed value and the row it was read from, for checks that must name a line later."""

    row: Row
    value: V

    def fault(self, code: str, message: str, hint: str = "", *, key: str = "") -> Fault:
        """A fault at the row, or at one of its keys."""
        return self.row.fault(code, message, hint, key=key)


def parse_row(row: Row, model: type[M]) -> tuple[Item[M] | None, list[Fault]]:
    """One row as a typed value. Empty cells count as absent, so that the model's defaults apply."""
    values = {key: value for key, value in row.values.items() if value not in ("", None)}
    try:
        return Item(row, model.model_validate(values)), []
    except ValidationError as error:
        return None, [_fault(row, detail) for detail in error.errors(include_url=False)]


def parse_items(rows: Iterable[Row], model: type[M]) -> tuple[list[Item[M]], list[Fault]]:
    """Rows as typed values with their rows; a row with faults is left out."""
    items: list[Item[M]] = []
    faults: list[Fault] = []
    for row in rows:
        item, found = parse_row(row, model)
        faults += found
        if item is not None:
            items.append(item)
    return items, faults


def parse_rows(rows: Iterable[Row], model: type[M]) -> tuple[list[M], list[Fault]]:
    """Rows as typed values, where no later check needs the line."""
    items, faults = parse_items(rows, model)
    return [item.value for item in items], faults


# pydantic's error type (or its first words) → fault code, sentence, hint; filled with the error's context.
_SENTENCES: tuple[tuple[str, str, str, str], ...] = (
    ("missing", "field.missing", "没有填写「{name}」。", "请补上「{name}」。"),
    (
        "extra_forbidden",
        "field.unknown",
        "不认识的名称「{name}」。",
        "请对照《城市包编写指南》改正名称，或删去。",
    ),
    ("literal_error", "field.choice", "「{name}」写的是“{given}”，不在可选范围内。", "可选：{expected}。"),
    ("enum", "field.choice", "「{name}」写的是“{given}”，不在可选范围内。", "可选：{expected}。"),
    (
        "string_pattern_mismatch",
        "field.pattern",
        "「{name}」写的是“{given}”，格式不对。",
        "应符合格式 {pattern}。",
    ),
    ("string_too_short", "field.length", "「{name}」太短。", "至少 {min_length} 个字。"),
    ("string_too_long", "field.length", "「{name}」太长。", "最多 {max_length} 个字。"),
    ("too_short", "field.length", "「{name}」少了。", "至少 {min_length} 项，现在 {actual_length} 项。"),
    ("too_long", "field.length", "「{name}」多了。", "最多 {max_length} 项，现在 {actual_length} 项。"),
    ("greater_than_equal", "field.range", "「{name}」是 {given}，太小。", "应不小于 {ge}。"),
    ("greater_than", "field.range", "「{name}」是 {given}，太小。", "应大于 {gt}。"),
    ("less_than_equal", "field.range", "「{name}」是 {given}，太大。", "应不大于 {le}。"),
    ("less_than", "field.range", "「{name}」是 {given}，太大。", "应小于 {lt}。"),
    ("string_", "field.type", "「{name}」应是文字，现在是“{given}”。", '纯数字的代码请加引号，如 "440300"。'),
    ("int_", "field.type", "「{name}」应是整数，现在是“{given}”。", "请填写阿拉伯数字，不带单位。"),
    ("float_", "field.type", "「{name}」应是数字，现在是“{given}”。", "请填写阿拉伯数字，不带单位。"),
    (
        "bool_",
        "field.type",
        "「{name}」应是是或否，现在是“{given}”。",
        "请填写 true/false（CSV 里可写 yes/no）。",
    ),
    ("date_", "field.date", "「{name}」不是日期：“{given}”。", "请写成 2026-01-31 的形式。"),
    ("time_", "field.date", "「{name}」不是时刻：“{given}”。", '请写成 "09:00" 的形式，并加引号。'),
    ("list_", "field.type", "「{name}」应是列表。", "请写成 [甲, 乙]，或每项一行、以“- ”开头。"),
    ("tuple_", "field.type", "「{name}」应是列表。", "请写成 [甲, 乙]，或每项一行、以“- ”开头。"),
    ("dict_", "field.type", "「{name}」应是一组“名称: 值”。", "请每行写一项“名称: 值”。"),
    ("model_", "field.type", "「{name}」应是一组“名称: 值”。", "请每行写一项“名称: 值”。"),
    ("value_error", "field.invalid", "「{name}」：{error}", "请按说明改正。"),
    ("", "field.invalid", "「{name}」填写有误，现在是“{given}”。", "请对照《城市包编写指南》改正。"),
)


def _fault(row: Row, detail: ErrorDetails) -> Fault:
    kind = detail["type"]
    _, code, sentence, hint = next(entry for entry in _SENTENCES if kind.startswith(entry[0]))
    path = ".".join(str(part) for part in detail["loc"])
    known = _Words(detail.get("ctx") or {}, name=path or "整条记录", given=_shorten(detail["input"]))
    return row.fault(code, sentence.format_map(known), hint.format_map(known), key=_nearest_key(row, path))


def _nearest_key(row: Row, path: str) -> str:
    """The longest known beginning of a path: an absent key is reported where its parent stands."""
    while path and path not in row.key_lines:
        path = path.rpartition(".")[0]
    return path


def _shorten(given: Any) -> str:
    text = str(given)
    return text if len(text) <= 40 else text[:39] + "…"


class _Words(dict[str, Any]):
    def __init__(self, context: dict[str, Any], **more: str) -> None:
        super().__init__({**context, **more})
        if "expected" in self:
            self["expected"] = str(self["expected"]).replace(" or ", "、").replace(", ", "、").replace("'", "")

    def __missing__(self, key: str) -> str:
        return f"({key})"
