"""Values as people read them, and as a page's controls take them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhicheng.core.forms.values import FormField, ValueSource


def in_words(field: FormField, value: Any) -> str:
    """A stored value as a sentence part; nothing where there is none."""
    if value is None:
        return ""
    if field.widget == "boolean":
        return "是" if value is True else "否"
    if field.widget in {"choice", "choices"}:
        labels = {option.value: option.label for option in field.options}
        given = value if isinstance(value, list) else [value]
        return "、".join(labels.get(str(one), str(one)) for one in given)
    if field.widget == "money" and isinstance(value, int):
        return f"{value // 100:,}.{value % 100:02d} 元"
    if field.widget == "date":
        return _day(str(value))
    return str(value)


def to_input(field: FormField, value: Any) -> Any:
    """A stored value as the control of a page takes it."""
    if value is None:
        return ""
    if field.widget == "boolean":
        return {True: "true", False: "false"}.get(value, "")
    if field.widget == "money" and isinstance(value, int):
        return f"{value // 100}.{value % 100:02d}" if value % 100 else str(value // 100)
    return value


def source_words(source: ValueSource | None) -> str:
    """Where a value came from: 来自人口库，2026-11-20. Nothing for what the person typed."""
    if source is None or source.kind == "person":
        return ""
    if source.kind == "computed":
        return "自动算出"
    words = {"read": f"从材料《{source.label}》读出"}.get(source.kind, f"来自{source.label}")
    return f"{words}，{source.at[:10]}" if source.at else words


def corrected_words(field: FormField, source: ValueSource | None) -> str:
    """What a person's correction replaced: 原为 1990年1月1日（人口库）."""
    if source is None or source.was is None:
        return ""
    return f"原为{in_words(field, source.was)}（{source.was_from}）"


def masked(field: FormField, value: Any, masks: Mapping[str, Any]) -> str:
    """A value in words for a list: personal ones show what their mask lets through, or nothing but stars."""
    words = in_words(field, value)
    if not field.personal or not words:
        return words
    mask = masks.get(field.widget)
    return str(mask(words)) if mask else words[:1] + "**"


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"
