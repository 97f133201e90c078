"""One SELECT for a command: names quoted, every value a parameter. Pure; it runs on DuckDB."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlglot import exp

from zhicheng.engines.commands.recurring import HOUR, WEEKDAY
from zhicheng.engines.commands.values import Command, Condition, Measure, Period, Place, Scalar, Test, from_now

ROW = "row"
"""The column with a row's position in its layer."""

CHOSEN = "chosen"
"""The table with the positions, or keys, that a search by distance or shape has left."""

_LOCAL_US = 8 * 3600 * 1_000_000  # China has one time all year
_COMPARED: Mapping[Test, Callable[..., exp.Expression]] = {
    Test.EQ: exp.EQ,
    Test.NE: exp.NEQ,
    Test.LT: exp.LT,
    Test.LE: exp.LTE,
    Test.GT: exp.GT,
    Test.GE: exp.GTE,
}
_FOLDED: Mapping[str, Callable[..., exp.Expression]] = {"sum": exp.Sum, "avg": exp.Avg, "max": exp.Max, "min": exp.Min}


@dataclass(frozen=True)
class Relation:
    """A table as DuckDB sees it. `levels`: level of divisions → column, or the length of a key's prefix.

    `types`: column → declared type. `chosen_by`: the column that a search by distance leaves values of.
    """

    name: str
    key: str
    types: Mapping[str, str]
    levels: Mapping[str, str | int] = field(default_factory=dict)
    chosen_by: str = ROW
    road: str = ""
    at: str = ""


@dataclass
class Statement:
    """SQL with its parameters."""

    sql: str
    parameters: dict[str, Any]


class Builder:
    """Makes the statements of one command."""

    def __init__(self, command: Command, relation: Relation, now: datetime) -> None:
        self._command, self._relation, self._now = command, relation, now
        self._parameters: dict[str, Any] = {}

    def positions(self, columns: Sequence[str]) -> Statement:
        """The rows that match all but nearness and shapes, before those are looked at."""
        select = exp.select(*(_column(name) for name in columns)).from_(_table(self._relation.name))
        return self._statement(self._filtered(select, chosen=False))

    def rows(self, columns: Sequence[str], *, limit: int, chosen: bool) -> Statement:
        """The rows themselves, ranked."""
        select = exp.select(*(_column(name) for name in columns)).from_(_table(self._relation.name))
        rank = self._command.rank
        if rank and rank.column and rank.column != "distance":
            column = _column(rank.column)
            select = select.where(exp.Not(this=exp.Is(this=column, expression=exp.Null())))
            select = select.order_by(exp.Ordered(this=column, desc=rank.descending, nulls_first=False))
        select = select.order_by(exp.Ordered(this=_column(self._relation.key), desc=False, nulls_first=False))
        most = min(limit, rank.limit) if rank and rank.limit else limit
        return self._statement(self._filtered(select, chosen=chosen).limit(most))

    def count(self, *, chosen: bool) -> Statement:
        """How many rows there are."""
        select = exp.select(exp.Count(this=exp.Star())).from_(_table(self._relation.name))
        return self._statement(self._filtered(select, chosen=chosen))

    def groups(self, *, chosen: bool, limit: int) -> Statement:
        """The measure, by group where there are groups; with the number of rows beside it."""
        groups = [exp.alias_(self._group(name), f"g{i}") for i, name in enumerate(self._command.by)]
        value = exp.alias_(self._measure(self._command.measure or Measure("count")), "value")
        count = exp.alias_(exp.Count(this=exp.Star()), "n")
        select = exp.select(*groups, value, count).from_(_table(self._relation.name))
        if groups:
            select = select.group_by(*(exp.Literal.number(i + 1) for i in range(len(groups))))
            rank = self._command.rank
            descending = rank is None or rank.descending
            by_time = self._command.by[0] in BUCKETS
            first = exp.Ordered(this=_column("g0"), desc=False, nulls_first=False)
            second = exp.Ordered(this=_column("value"), desc=descending, nulls_first=False)
            select = select.order_by(*((first, second) if by_time and rank is None else (second, first)))
            select = select.limit(limit)
        return self._statement(self._filtered(select, chosen=chosen))

    def _statement(self, select: exp.Select) -> Statement:
        return Statement(select.sql(dialect="duckdb", identify=True), dict(self._parameters))

    def _filtered(self, select: exp.Select, *, chosen: bool) -> exp.Select:
        command = self._command
        for condition in command.where:
            select = select.where(self.condition(condition))
        inside = [found for place in command.places if (found := self._place(place)) is not None]
        if inside:
            select = select.where(exp.or_(*inside))
        for place in command.outside:
            found = self._place(place)
            if found is not None:
                select = select.where(exp.or_(exp.Not(this=exp.Paren(this=found)), _is_null(self._level(place.kind))))
        for period in command.periods:
            for bound in self._period(period):
                select = select.where(bound)
        if chosen:
            named = exp.select(_column("chosen")).from_(_table(CHOSEN))
            select = select.where(exp.In(this=_column(self._relation.chosen_by), query=named.subquery()))
        return select

    def condition(self, condition: Condition) -> exp.Expression:
        """One condition."""
        column = self._asked(condition.column)
        if condition.test is Test.NULL:
            return _is_null(column)
        if condition.test is Test.PRESENT:
            return exp.Not(this=_is_null(column))
        if condition.test in (Test.UNDER, Test.NOT_UNDER):
            return self._under(column, condition)
        values = [self._parameter(self._typed(condition.column, value)) for value in condition.values]
        if condition.test in _COMPARED:
            return _COMPARED[condition.test](this=column, expression=values[0])
        if condition.test in (Test.IN, Test.NOT_IN):
            found: exp.Expression = exp.In(this=column, expressions=values)
            return found if condition.test is Test.IN else exp.Not(this=found)
        if condition.test is Test.BETWEEN:
            return exp.Between(this=column, low=values[0], high=values[1])
        return exp.Anonymous(this="contains", expressions=[column, values[0]])

    def _under(self, column: exp.Expression, condition: Condition) -> exp.Expression:
        code = str(condition.values[0])
        same = exp.EQ(this=column, expression=self._parameter(code))
        below = exp.Anonymous(this="starts_with", expressions=[column.copy(), self._parameter(code + ".")])
        found = exp.Paren(this=exp.or_(same, below))
        return found if condition.test is Test.UNDER else exp.Not(this=found)

    def _place(self, place: Place) -> exp.Expression | None:
        if place.kind == "road" and self._relation.road:
            return exp.EQ(this=self._level("road"), expression=self._parameter(place.name))
        if place.kind not in self._relation.levels:
            return None
        return exp.EQ(this=self._level(place.kind), expression=self._parameter(place.code))

    def _level(self, level: str) -> exp.Expression:
        found = self._relation.road if level == "road" else self._relation.levels.get(level)
        if isinstance(found, int):
            start, length = exp.Literal.number(1), exp.Literal.number(found)
            return exp.Substring(this=_column(self._relation.key), start=start, length=length)
        return _column(found or level)

    def _asked(self, name: str) -> exp.Expression:
        """A column, or the day of the week or the hour of one, by local time."""
        for ending, function in ((WEEKDAY, "isodow"), (HOUR, "hour")):
            if name.endswith(ending) and name not in self._relation.types:
                return exp.Anonymous(this=function, expressions=[_local(_column(name.removesuffix(ending)))])
        return _column(name)

    def _period(self, period: Period) -> list[exp.Expression]:
        column = _column(period.column)
        bounds: list[exp.Expression] = []
        if period.since is not None:
            bounds.append(exp.GTE(this=column, expression=self._parameter(self._moment(period.column, period.since))))
        if period.until is not None:
            bounds.append(exp.LT(this=column, expression=self._parameter(self._moment(period.column, period.until))))
        return bounds

    def _group(self, name: str) -> exp.Expression:
        if name in self._relation.levels:
            return self._level(name)
        if name not in BUCKETS:
            return _column(name)
        at = _column(self._command.periods[0].column if self._command.periods else self._relation.at)
        cut = exp.Anonymous(this="date_trunc", expressions=[exp.Literal.string(name), _local(at)])
        return exp.Anonymous(this="strftime", expressions=[cut, exp.Literal.string(BUCKETS[name])])

    def _measure(self, measure: Measure) -> exp.Expression:
        if measure.kind == "count":
            return exp.Count(this=exp.Star())
        if measure.kind == "share":
            held = exp.and_(*(self.condition(condition) for condition in measure.of))
            ones = exp.Case().when(held, exp.Literal.number("1.0")).else_(exp.Literal.number("0.0"))
            return exp.Avg(this=ones)
        if measure.kind == "ratio":
            one, _, other = measure.column.partition("/")
            base = exp.Nullif(this=exp.Sum(this=_column(other)), expression=exp.Literal.number(0))
            return exp.Div(
                this=exp.Cast(this=exp.Sum(this=_column(one)), to=exp.DataType.build("double")), expression=base
            )
        column = _column(measure.column)
        if measure.kind == "distinct":
            return exp.Count(this=exp.Distinct(expressions=[column]))
        return _FOLDED[measure.kind](this=column)

    def _typed(self, column: str, value: Scalar) -> Any:
        distance = from_now(value)
        return value if distance is None else self._moment(column, self._now + distance)

    def _moment(self, column: str, at: datetime) -> Any:
        return at.date() if self._relation.types.get(column) == "date" else at

    def _parameter(self, value: Any) -> exp.Expression:
        name = f"p{len(self._parameters) + 1}"
        self._parameters[name] = value
        return exp.Parameter(this=exp.Var(this=name))


BUCKETS = {
    "hour": "%Y-%m-%d %H时",
    "day": "%Y-%m-%d",
    "week": "%Y-%m-%d",
    "month": "%Y-%m",
    "quarter": "%Y-%m",
    "year": "%Y",
}
"""What rows are grouped by in time, and how a group is written."""


def _local(at: exp.Expression) -> exp.Expression:
    """An instant as China's clocks show it."""
    micros = exp.Add(this=exp.Anonymous(this="epoch_us", expressions=[at]), expression=exp.Literal.number(_LOCAL_US))
    return exp.Anonymous(this="make_timestamp", expressions=[micros])


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _table(name: str) -> exp.Table:
    return exp.table_(name, quoted=True)


def _is_null(expression: exp.Expression) -> exp.Expression:
    return exp.Is(this=expression, expression=exp.Null())
