"""The filter of a command as CQL2 text, where CQL2 can say it: conditions, divisions and times."""

from collections.abc import Iterator
from datetime import datetime

from zhicheng.engines.commands.recurring import HOUR, WEEKDAY
from zhicheng.engines.commands.values import Command, Condition, Scalar, Test

_SIGNS = {Test.EQ: "=", Test.NE: "<>", Test.LT: "<", Test.LE: "<=", Test.GT: ">", Test.GE: ">="}


def cql2_of(command: Command) -> str:
    """The filter in CQL2 text; nearness and shapes are no part of it. Empty where it has an hour of the day."""
    if any(condition.column.endswith((WEEKDAY, HOUR)) for condition in command.where):
        return ""
    return " AND ".join(_parts(command))


def _parts(command: Command) -> Iterator[str]:
    for condition in command.where:
        yield _condition(condition)
    inside = [f"{place.kind} = {_value(place.code)}" for place in command.places if place.code.isdigit()]
    if inside:
        yield inside[0] if len(inside) == 1 else f"({' OR '.join(inside)})"
    for place in command.outside:
        yield f"{place.kind} <> {_value(place.code)}"
    for period in command.periods:
        if period.since:
            yield f"{period.column} >= {_value(period.since)}"
        if period.until:
            yield f"{period.column} < {_value(period.until)}"


def _condition(condition: Condition) -> str:
    column, values = condition.column, [_value(value) for value in condition.values]
    if condition.test in (Test.NULL, Test.PRESENT):
        return f"{column} IS {'NOT ' if condition.test is Test.PRESENT else ''}NULL"
    if condition.test in (Test.IN, Test.NOT_IN):
        return f"{column} {'NOT ' if condition.test is Test.NOT_IN else ''}IN ({', '.join(values)})"
    if condition.test is Test.BETWEEN:
        return f"{column} BETWEEN {values[0]} AND {values[1]}"
    if condition.test in (Test.UNDER, Test.NOT_UNDER):
        below = f"({column} = {values[0]} OR {column} LIKE '{condition.values[0]}.%')"
        return below if condition.test is Test.UNDER else f"NOT {below}"
    if condition.test is Test.LIKE:
        return f"{column} LIKE '%{str(condition.values[0]).replace(chr(39), chr(39) * 2)}%'"
    return f"{column} {_SIGNS[condition.test]} {values[0]}"


def _value(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return f"TIMESTAMP('{value.isoformat()}')"
    if isinstance(value, str):
        quoted = value.replace("'", "''")
        return f"'{quoted}'"
    return str(value)
