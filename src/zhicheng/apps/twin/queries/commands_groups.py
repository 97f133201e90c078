"""Groups of an answer: areas without any row count as none; names in place of codes; conditions and ranks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zhicheng.apps.twin.policy.commands_sql import Statement
from zhicheng.apps.twin.queries.commands_features import EMPTY, area_features
from zhicheng.apps.twin.queries.commands_tables import LEVELS, Place
from zhicheng.apps.twin.queries.commands_vocabulary import current_words
from zhicheng.apps.twin.values.commands import Answer, AnswerColumn, Order
from zhicheng.core.places.public import DivisionNotFound, describe_divisions, division_path, list_divisions
from zhicheng.engines.commands.values import Command, Condition, Test
from zhicheng.kit.clock import CHINA

_HELD: dict[Test, Callable[[Any, Any], bool]] = {
    Test.EQ: lambda one, other: bool(one == other),
    Test.GT: lambda one, other: bool(one > other),
    Test.GE: lambda one, other: bool(one >= other),
    Test.LT: lambda one, other: bool(one < other),
    Test.LE: lambda one, other: bool(one <= other),
}


def finish_groups(
    order: Order, command: Command, place: Place, found: Sequence[tuple[Any, ...]], statement: Statement
) -> Answer:
    """The answer of a measure, with or without groups."""
    wording = current_words().wording
    measure = command.measure
    label = wording.measure(command.table, measure) if measure else "数量"
    unit = _unit(place, command)
    if not command.by:
        value = _value(command, found[0][0]) if found else None
        column = AnswerColumn("value", label, unit, number=True)
        total = int(found[0][1]) if found else 0
        return _answer(order, statement, (column,), ((value,),), value=value, total=total)
    width = len(command.by)
    rows = [(*row[:width], _value(command, row[width])) for row in found]
    if command.by[0] in LEVELS and width == 1:
        rows = _with_empty_areas(command, rows)
    rows = [row for row in rows if _holds(command, row[-1])]
    rows = _ranked(command, rows)
    columns = [AnswerColumn(name, wording.group(command.table, name)) for name in command.by]
    told_rows = tuple((*(told(place, name, row[i]) for i, name in enumerate(command.by)), row[-1]) for row in rows)
    features, box = EMPTY, None
    if command.by[0] in LEVELS and width == 1:
        features, box = area_features(command.by[0], {str(row[0]): row[-1] for row in rows})
    shown = (*columns, AnswerColumn("value", label, unit, number=True))
    answer = _answer(order, statement, shown, told_rows, total=len(rows))
    keys = tuple(str(row[0]) for row in rows)
    return Answer(**{**answer.__dict__, "features": features, "box": box, "keys": keys})


def with_earlier(answer: Answer, earlier: Answer, command: Command) -> Answer:
    """The answer beside that for the earlier period, with the change in hundredths."""
    before = {row[:-1]: row[-1] for row in earlier.rows}
    label = "去年同期" if command.against == "last_year" else "上期"
    unit = answer.columns[-1].unit
    more = (AnswerColumn("before", label, unit, number=True), AnswerColumn("change", "变化", "%", number=True))
    rows = tuple((*row, before.get(row[:-1], ""), _change(row[-1], before.get(row[:-1]))) for row in answer.rows)
    return replace(answer, columns=(*answer.columns, *more), rows=rows, value=None if not command.by else answer.value)


def _change(now: Any, before: Any) -> Any:
    known = isinstance(now, (int, float)) and isinstance(before, (int, float))
    return plain_number(round((now - before) / before * 100, 1)) if known and before else ""


def _answer(
    order: Order,
    statement: Statement,
    columns: tuple[AnswerColumn, ...],
    rows: tuple[tuple[Any, ...], ...],
    **more: Any,
) -> Answer:
    return Answer(
        order.understood,
        columns,
        rows[: order.limit],
        limited=len(rows) > order.limit,
        sql=statement.sql,
        parameters=statement.parameters,
        **more,
    )


def _value(command: Command, value: Any) -> Any:
    """Shares and ratios are told in hundredths."""
    if command.measure is not None and command.measure.kind in ("share", "ratio") and value is not None:
        return plain_number(round(float(value) * 100, 2))
    return plain_number(value)


def _unit(place: Place, command: Command) -> str:
    measure = command.measure
    if measure is not None and measure.kind in ("share", "ratio"):
        return "%"
    if measure is None or measure.kind in ("count", "distinct"):
        return place.words.counters[0] if place.words.counters else ""
    column = next((column for column in place.columns if column.code == measure.column), None)
    return column.unit if column else ""


def can_hold(having: Condition) -> bool:
    """Whether groups can be compared like this."""
    numbers = all(isinstance(value, (int, Decimal)) for value in having.values)
    return numbers and (having.test in _HELD or (having.test is Test.BETWEEN and len(having.values) == 2))


def _holds(command: Command, value: Any) -> bool:
    """Whether a group keeps within its bound; shares are bounded in parts of one, and told in hundredths."""
    having = command.having
    if having is None:
        return True
    if not isinstance(value, (int, float)):
        return False
    scale = 100 if command.measure is not None and command.measure.kind in ("share", "ratio") else 1
    bounds = [float(bound) * scale for bound in having.values if isinstance(bound, (int, Decimal))]
    return bounds[0] <= value <= bounds[1] if having.test is Test.BETWEEN else _HELD[having.test](value, bounds[0])


def _with_empty_areas(command: Command, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Areas inside the places asked for that hold nothing; rows that lie nowhere are left out."""
    kind = command.measure.kind if command.measure else "count"
    known = [row for row in rows if row[0]]
    if kind not in ("count", "sum") or command.by[0] == "grid":
        return known
    held = {row[0] for row in known}
    return known + [(code, 0) for code in _areas_within(command) if code not in held]


def _areas_within(command: Command) -> list[str]:
    level = command.by[0]
    codes = _below(None, level)
    wanted = {place.code for place in command.places if place.kind in LEVELS}
    unwanted = {place.code for place in command.outside}
    chains = {code: set(division_path(code)) for code in codes}
    return [code for code in codes if (not wanted or wanted & chains[code]) and not unwanted & chains[code]]


def _below(parent: str | None, level: str) -> list[str]:
    found: list[str] = []
    for division in list_divisions(parent):
        found += [division.code] if division.level == level else _below(division.code, level)
    return found


def _ranked(command: Command, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    rank = command.rank
    if rank is None and command.by[0] not in LEVELS:
        return rows
    descending = rank is None or rank.descending
    known = [row for row in rows if row[-1] is not None]
    unknown = [row for row in rows if row[-1] is None]
    known.sort(key=lambda row: str(row[0]))
    known.sort(key=lambda row: row[-1], reverse=descending)
    return known[: rank.limit] if rank and rank.limit else known + unknown


def plain_number(value: Any) -> Any:
    """A number that JSON and people can read: no more than four digits behind the point."""
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        rounded = round(value, 4)
        return int(rounded) if rounded == int(rounded) and abs(rounded) < 1e15 else rounded
    return value


def told(place: Place, code: str, cell: Any) -> Any:
    """A cell as people read it: names of divisions, labels of codes, local hours."""
    if cell is None:
        return ""
    if code in LEVELS:
        return _division(str(cell))
    column = place.words.column(code)
    if column and str(cell) in column.codes:
        return column.codes[str(cell)]
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return cell.isoformat() if isinstance(cell, date) else plain_number(cell)


def _division(code: str) -> str:
    try:
        return describe_divisions([code])
    except DivisionNotFound:
        return code
