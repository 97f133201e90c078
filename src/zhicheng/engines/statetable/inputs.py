"""Checking what a person typed into an action's form: cleaned values, or every wrong field with its sentence."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from zhicheng.engines.statetable.definition import Field
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.texts import clean_text

_INTEGER = re.compile(r"[+-]?\d{1,12}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # of the many forms of ISO 8601 the one that browsers send
_CHOSEN = {"unit", "choice", "item", "account", "date"}
_TRUE = {"1", "true", "on", "yes", "是"}


def check_input(fields: Sequence[Field], given: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """Cleaned values of the declared fields; anything undeclared is dropped. Dates are bounded from `today` on.

    Raises:
        FieldErrors: one or more fields are wrong.

    >>> check_input([Field("reason", "原因", required=True)], {"reason": " 不属于本街道 ", "x": 1}, today=date.min)
    {'reason': '不属于本街道'}
    """
    cleaned: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for field in fields:
        try:
            value = _clean(field, given.get(field.code), today)
        except ValueError as error:
            errors[field.code] = [str(error)]
            continue
        if value is not None:
            cleaned[field.code] = value
    if errors:
        raise FieldErrors(errors)
    return cleaned


def _clean(field: Field, raw: Any, today: date) -> Any:
    if field.type == "boolean":
        return raw if isinstance(raw, bool) else str(raw or "").lower() in _TRUE
    if field.type == "files":
        return _files(field, raw)
    if field.type in {"integer", "score"}:
        return _integer(field, raw)
    if raw is not None and not isinstance(raw, str | int | float):
        raise ValueError(f"{field.label}的格式不对")
    text = clean_text(str(raw)) if raw is not None else ""
    if text:
        return _date(field, text, today) if field.type == "date" else _text(field, text)
    if field.required:
        raise ValueError(f"请{'选择' if field.type in _CHOSEN else '填写'}{field.label}")
    return None


def _text(field: Field, text: str) -> str:
    if len(text) < field.min_length:
        raise ValueError(f"{field.label}至少写 {field.min_length} 个字")
    if len(text) > field.max_length:
        raise ValueError(f"{field.label}不能超过 {field.max_length} 个字，现在是 {len(text)} 个")
    if field.type == "choice" and text not in dict(field.choices):
        raise ValueError(f"{field.label}不在可选范围内")
    return text


def _date(field: Field, text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise ValueError(f"{field.label}要写成日期，例如 {today}") from None
    low = today + timedelta(days=field.minimum) if field.minimum is not None else None
    high = today + timedelta(days=field.maximum) if field.maximum is not None else None
    if (low is None or day >= low) and (high is None or day <= high):
        return day.isoformat()
    if low is not None and high is not None:
        raise ValueError(f"{field.label}要在 {low} 到 {high} 之间")
    raise ValueError(f"{field.label}不能早于 {low}" if low is not None else f"{field.label}不能晚于 {high}")


def _files(field: Field, raw: Any) -> list[str] | None:
    files = [str(item) for item in raw] if isinstance(raw, list | tuple) else [str(raw)] if raw else []
    if field.required and not files:
        raise ValueError(f"请上传{field.label}")
    try:
        return [str(UUID(file)) for file in files] or None
    except ValueError:
        raise ValueError(f"{field.label}没有上传成功，请重新选择文件") from None


def _integer(field: Field, raw: Any) -> int | None:
    text = clean_text(str(raw)) if raw is not None else ""
    if not text:
        if field.required:
            raise ValueError(f"请填写{field.label}")
        return None
    if not _INTEGER.fullmatch(text):
        raise ValueError(f"{field.label}要填整数")
    value = int(text)
    low, high = (1, 5) if field.type == "score" else (field.minimum, field.maximum)
    if (low is None or value >= low) and (high is None or value <= high):
        return value
    if low is not None and high is not None:
        raise ValueError(f"{field.label}要在 {low} 到 {high} 之间")
    raise ValueError(f"{field.label}不能小于 {low}" if low is not None else f"{field.label}不能大于 {high}")
