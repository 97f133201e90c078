"""Reading facts: the right type, inside the range in which arithmetic is exact; otherwise the evaluation fails."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zhicheng.engines.rules.nodes import DECIMAL_PLACES, FIRST_DATE, LAST_DATE
from zhicheng.engines.rules.scope import fact_type
from zhicheng.engines.rules.values import Column


class Failed(Exception):
    """A rule could not be evaluated; the reason is for an operator."""


def reader(column: Column) -> Callable[[Any], Any]:
    """A function that reads values of a column: numbers scaled, whatever is not as declared refused.

    The function raises `Failed`.
    """
    return _READERS[column.type](column)


def _boolean(column: Column) -> Callable[[Any], bool]:
    def read(value: Any) -> bool:
        if type(value) is not bool:
            raise Failed(f"「{column.label}」应是是或否，给出的是“{value}”")
        return value

    return read


def _integer(column: Column) -> Callable[[Any], int]:
    kind = fact_type(column)
    low, high = kind.low, kind.high

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Failed(f"「{column.label}」应是整数，给出的是“{value}”")
        if not low <= value <= high:
            raise Failed(f"「{column.label}」的数值 {value} 超出范围")
        return value

    return read


def _decimal(column: Column) -> Callable[[Any], int]:
    kind = fact_type(column)

    def read(value: Any) -> int:
        if not isinstance(value, (Decimal, int)) or isinstance(value, bool):
            raise Failed(f"「{column.label}」应是小数，给出的是“{value}”")
        scaled = Decimal(value).scaleb(DECIMAL_PLACES)
        if not scaled.is_finite() or not kind.low <= scaled <= kind.high or scaled != scaled.to_integral_value():
            raise Failed(f"「{column.label}」的数值 {value} 超出范围，或小数位多于 {DECIMAL_PLACES} 位")
        return int(scaled)

    return read


def _text(column: Column) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise Failed(f"「{column.label}」应是文字，给出的是“{value}”")
        return value

    return read


def _date(column: Column) -> Callable[[Any], date]:
    def read(value: Any) -> date:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise Failed(f"「{column.label}」应是日期，给出的是“{value}”")
        if not FIRST_DATE <= value <= LAST_DATE:
            raise Failed(f"「{column.label}」的日期 {value} 超出范围")
        return value

    return read


_READERS: Mapping[str, Callable[[Column], Callable[[Any], Any]]] = {
    "boolean": _boolean,
    "integer": _integer,
    "decimal": _decimal,
    "text": _text,
    "date": _date,
}
