"""Reading facts: the right type, inside the range in which arithmetic is exact; otherwise the evaluation fails."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zhicheng.engines.rules.nodes import DECIMAL_LIMIT, DECIMAL_PLACES, FACT_LIMIT, FIRST_DATE, LAST_DATE


class Failed(Exception):
    """A rule could not be evaluated; the reason is for an operator."""


def _boolean(value: Any, label: str) -> bool:
    if type(value) is not bool:
        raise Failed(f"「{label}」应是是或否，给出的是“{value}”")
    return value


def _integer(value: Any, label: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Failed(f"「{label}」应是整数，给出的是“{value}”")
    if not -FACT_LIMIT <= value <= FACT_LIMIT:
        raise Failed(f"「{label}」的数值 {value} 超出范围")
    return value


def _decimal(value: Any, label: str) -> int:
    if not isinstance(value, (Decimal, int)) or isinstance(value, bool):
        raise Failed(f"「{label}」应是小数，给出的是“{value}”")
    scaled = Decimal(value).scaleb(DECIMAL_PLACES)
    if (
        not scaled.is_finite()
        or abs(scaled) > DECIMAL_LIMIT * 10**DECIMAL_PLACES
        or scaled != scaled.to_integral_value()
    ):
        raise Failed(f"「{label}」的数值 {value} 超出范围，或小数位多于 {DECIMAL_PLACES} 位")
    return int(scaled)


def _text(value: Any, label: str) -> str:
    if not isinstance(value, str):
        raise Failed(f"「{label}」应是文字，给出的是“{value}”")
    return value


def _date(value: Any, label: str) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise Failed(f"「{label}」应是日期，给出的是“{value}”")
    if not FIRST_DATE <= value <= LAST_DATE:
        raise Failed(f"「{label}」的日期 {value} 超出范围")
    return value


READERS: Mapping[str, Callable[[Any, str], Any]] = {
    "boolean": _boolean,
    "integer": _integer,
    "decimal": _decimal,
    "text": _text,
    "date": _date,
}
