"""Filters on observations, which have no table: evaluated row by row. Null is never greater, less or equal to anything.

A time may be an interval: `eq` compares both ends, `lt` and `le` look at its end, `gt` and `ge` at its beginning.
"""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from zhicheng.core.telemetry.errors import FilterUnreadable
from zhicheng.core.telemetry.policy.sensorthings.filters import Binary, Call, Literal, Node, Path, Unary

Row = Mapping[str, Any]
_EVER = {"mindatetime": datetime(1, 1, 1, tzinfo=UTC), "maxdatetime": datetime(9999, 12, 31, tzinfo=UTC)}


def holds(node: Node, row: Row, now: datetime) -> bool:
    """Whether a filter holds for a row.

    Raises:
        FilterUnreadable: a function is applied to what it does not fit.

    >>> from zhicheng.core.telemetry.policy.sensorthings.filters import parse_filter
    >>> holds(parse_filter("result gt 3 and not (result ge 5)"), {"result": 4.5}, datetime(2026, 1, 1, tzinfo=UTC))
    True
    """
    return _value(node, row, now) is True


def _value(node: Node, row: Row, now: datetime) -> Any:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Path):
        return _look(node.parts, row)
    if isinstance(node, Unary):
        return _unary(node, row, now)
    if isinstance(node, Binary):
        return _binary(node, row, now)
    return _call(node, row, now)


def _look(parts: tuple[str, ...], row: Row) -> Any:
    value: Any = row.get("@iot.id" if parts[0] == "id" else parts[0])
    for name in parts[1:]:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _unary(node: Unary, row: Row, now: datetime) -> Any:
    value = _value(node.operand, row, now)
    if node.operator == "not":
        return value is not True
    return -value if _is_number(value) else None


def _binary(node: Binary, row: Row, now: datetime) -> Any:
    left = _value(node.left, row, now)
    if node.operator == "and":
        return left is True and _value(node.right, row, now) is True
    if node.operator == "or":
        return left is True or _value(node.right, row, now) is True
    right = _value(node.right, row, now)
    if node.operator in _COMPARE:
        return _compare(node.operator, left, right)
    if not (_is_number(left) and _is_number(right)):
        return None
    return _ARITHMETIC[node.operator](left, right)


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b if b else None,
    "mod": lambda a, b: math.fmod(a, b) if b else None,
}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "ne": lambda a, b: bool(a != b),
    "gt": lambda a, b: bool(a > b),
    "ge": lambda a, b: bool(a >= b),
    "lt": lambda a, b: bool(a < b),
    "le": lambda a, b: bool(a <= b),
}


def _compare(operator: str, left: Any, right: Any) -> bool:
    if left is None or right is None:
        return {"eq": left is right, "ne": left is not right}.get(operator, False)
    if isinstance(left, tuple) or isinstance(right, tuple):
        return _compare_times(operator, left, right)
    if _kind(left) != _kind(right):
        return operator == "ne"
    return _COMPARE[operator](left, right)


def _compare_times(operator: str, left: Any, right: Any) -> bool:
    """At least one side is an interval."""
    first = left if isinstance(left, tuple) else (left, left)
    second = right if isinstance(right, tuple) else (right, right)
    if not all(isinstance(each, datetime) for each in (*first, *second)):
        return operator == "ne"
    if operator in {"eq", "ne"}:
        return (first == second) is (operator == "eq")
    if operator in {"lt", "le"}:
        return _COMPARE[operator](first[1], second[0])
    return _COMPARE[operator](first[0], second[1])


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _call(node: Call, row: Row, now: datetime) -> Any:
    if node.name == "now":
        return now
    if node.name in _EVER:
        return _EVER[node.name]
    if node.name not in _FUNCTIONS:
        raise FilterUnreadable(at=1, problem=f"函数 {node.name} 不能用于观测值")
    wanted, function = _FUNCTIONS[node.name]
    values = [_value(each, row, now) for each in node.arguments]
    if wanted == "time" and isinstance(values[0], tuple):
        values[0] = values[0][0]
    if not _fits(values[0], wanted):
        return None
    try:
        return function(*values)
    except (TypeError, ValueError, OverflowError):
        return None


def _fits(value: Any, wanted: str) -> bool:
    if wanted == "number":
        return _is_number(value)
    return isinstance(value, str if wanted == "text" else datetime)


def _substring(text: str, start: float, length: float | None = None) -> str:
    begin = max(0, int(start))
    return text[begin:] if length is None else text[begin : begin + max(0, int(length))]


def _round(value: float) -> float:
    return math.floor(abs(value) + 0.5) * (1 if value >= 0 else -1)


_FUNCTIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "substringof": ("text", lambda part, text: part in text),
    "contains": ("text", lambda text, part: part in text),
    "startswith": ("text", lambda text, part: text.startswith(part)),
    "endswith": ("text", lambda text, part: text.endswith(part)),
    "tolower": ("text", str.lower),
    "toupper": ("text", str.upper),
    "trim": ("text", str.strip),
    "length": ("text", len),
    "indexof": ("text", lambda text, part: text.find(part)),
    "substring": ("text", _substring),
    "concat": ("text", lambda first, second: first + second),
    "round": ("number", _round),
    "floor": ("number", math.floor),
    "ceiling": ("number", math.ceil),
    "year": ("time", lambda at: at.year),
    "month": ("time", lambda at: at.month),
    "day": ("time", lambda at: at.day),
    "hour": ("time", lambda at: at.hour),
    "minute": ("time", lambda at: at.minute),
    "second": ("time", lambda at: at.second),
    "fractionalseconds": ("time", lambda at: at.microsecond / 1e6),
    "date": ("time", lambda at: at.replace(hour=0, minute=0, second=0, microsecond=0)),
    "time": ("time", lambda at: at.strftime("%H:%M:%S")),
    "totaloffsetminutes": ("time", lambda at: (at.utcoffset() or timedelta(0)) // timedelta(minutes=1)),
}
