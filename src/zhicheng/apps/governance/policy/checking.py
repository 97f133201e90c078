"""Which SQL an indicator may use: one SELECT over lake tables, known functions, and aggregates of its rows.

The text is checked when a pack is read and stored with its filters built in, so that nothing is parsed when values
are computed.
"""

from collections.abc import Iterable, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

_DIALECT = "duckdb"
_NAMES = """
    ABS AND ANY_VALUE APPROX_DISTINCT ARG_MAX ARG_MIN AVG BOOL_AND BOOL_OR CASE CAST CEIL COALESCE COUNT COUNT_IF
    DATEDIFF DATE_DIFF DATE_TRUNC DAY DAYOFWEEK DAYOFWEEK_ISO DAY_OF_WEEK DAY_OF_WEEK_ISO EPOCH
    EXTRACT FLOOR GREATEST HOUR IF LEAST LENGTH LIKE LOGICAL_AND LOGICAL_OR LOWER MAX MEDIAN MIN MODE MONTH NULLIF
    OR PERCENTILE_CONT QUANTILE QUANTILE_CONT RANK ROUND ROW_NUMBER SPLIT_PART STARTS_WITH STDDEV STRFTIME STRPOS
    STR_POSITION SUBSTRING SUM TIMESTAMPTZ TIMESTAMP_TRUNC TIME_TO_STR TIME_TO_UNIX TO_TIMESTAMP TRY_CAST UPPER XOR YEAR
"""
FUNCTIONS = frozenset(_NAMES.split())
PARAMETERS = frozenset({"since", "until", "today"})


class SqlRefused(ValueError):
    """What is wrong with a text of SQL, as a Chinese sentence."""


def tables_of(sql: str) -> tuple[str, ...]:
    """The lake tables that a base reads, in order of the alphabet.

    Raises:
        SqlRefused: it is not one SELECT over tables, or calls what nobody allowed.
    """
    tree = _parse(sql)
    if not isinstance(tree, exp.Select | exp.Union):
        raise SqlRefused("应是一个 SELECT 查询。")
    _refuse_calls(tree)
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    tables = list(tree.find_all(exp.Table))
    for table in tables:
        if table.db or not isinstance(table.this, exp.Identifier):
            raise SqlRefused(f"只能查询数据湖的表，不能写 {table.sql(_DIALECT)}。")
    found = {table.name for table in tables} - own
    if not found:
        raise SqlRefused("没有查询任何数据表。")
    return tuple(sorted(found))


def parameters_of(sql: str) -> frozenset[str]:
    """The parameters that a text uses.

    Raises:
        SqlRefused: it is no SQL, or uses one that is not there.
    """
    used = frozenset(found.name for found in _parse(sql).find_all(exp.Parameter, exp.Placeholder))
    if used - PARAMETERS:
        raise SqlRefused(f"没有参数 {'、'.join(sorted(used - PARAMETERS))}，可以用 $since、$until 和 $today。")
    return used


def build_in(value: str, where: str) -> str:
    """The aggregate expression of an indicator with its condition in each of its aggregates.

    Conditions stand inside the aggregates, not in FILTER: DuckDB copies all columns of a query for each filter, and a
    thousand of them would take a thousand times as long. Every aggregate allowed leaves NULL out.

    Raises:
        SqlRefused: either is none that is allowed.

    >>> build_in("100 * count(*) FILTER (WHERE ok) / nullif(count(x), 0)", "urgent")
    '100 * COUNT(CASE WHEN ok AND urgent THEN 1 END) / NULLIF(COUNT(CASE WHEN urgent THEN x END), 0)'
    >>> build_in("count(DISTINCT unit)", "urgent")
    'COUNT(DISTINCT CASE WHEN urgent THEN unit END)'
    """
    tree = _expression(value)
    aggregates = list(_aggregates(tree))
    if not aggregates:
        raise SqlRefused("value 应是汇总，例如 count(*)、avg(…)、sum(…)。")
    condition = _expression(where) if where else None
    if condition is not None and any(condition.find_all(exp.AggFunc)):
        raise SqlRefused("where 里不能有汇总。")
    whole = exp.Paren(this=tree)  # so that an aggregate that is the whole can be replaced, too
    for aggregate in aggregates:
        _narrow(aggregate, condition)
    return str(whole.this.sql(_DIALECT))


def _aggregates(tree: exp.Expr) -> Iterator[exp.Expr]:
    for found in tree.find_all(exp.AggFunc):
        if any(isinstance(above, exp.AggFunc) for above in _above(found)):
            raise SqlRefused("汇总里不能再有汇总。")
        yield found


def _above(node: exp.Expr) -> Iterator[exp.Expr]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _narrow(aggregate: exp.Expr, condition: exp.Expr | None) -> None:
    parent = aggregate.parent
    own = parent.expression.this if isinstance(parent, exp.Filter) else None
    conditions = [each.copy() for each in (own, condition) if each is not None]
    if not conditions:
        return
    counted = aggregate.this.expressions[0] if isinstance(aggregate.this, exp.Distinct) else aggregate.this
    shown = exp.Literal.number(1) if isinstance(counted, exp.Star) else counted.copy()
    counted.replace(exp.Case(ifs=[exp.If(this=exp.and_(*conditions), true=shown)]))
    if isinstance(parent, exp.Filter):
        parent.replace(aggregate)


def condition_of(where: str) -> None:
    """Check a condition.

    Raises:
        SqlRefused: it is none that is allowed.
    """
    _expression(where)


def _expression(text: str) -> exp.Expr:
    tree = _parse(f"SELECT {text}")
    if (
        not isinstance(tree, exp.Select)
        or len(tree.expressions) != 1
        or tree.args.get("from_")
        or tree.args.get("from")
    ):
        raise SqlRefused(f"“{text[:60]}”应是一个表达式。")
    found: exp.Expr = tree.expressions[0]
    if any(found.find_all(exp.Select, exp.Subquery, exp.Window)):
        raise SqlRefused("表达式里不能有子查询和窗口。")
    _refuse_calls(found)
    found.pop()
    return found


def _refuse_calls(tree: exp.Expr) -> None:
    unknown = sorted({name for name in _calls(tree.find_all(exp.Func)) if name not in FUNCTIONS})
    if unknown:
        raise SqlRefused(f"不能使用函数 {'、'.join(unknown)}。")


def _calls(found: Iterable[exp.Expr]) -> Iterator[str]:
    for call in found:
        if isinstance(call, exp.Anonymous | exp.AnonymousAggFunc):
            yield str(call.this).upper()
        elif isinstance(call, exp.Func) and not isinstance(call, exp.Connector):
            yield call.sql_name().upper()


def _parse(sql: str) -> exp.Expr:
    try:
        found = sqlglot.parse(sql, dialect=_DIALECT)
    except SqlglotError as error:
        raise SqlRefused(f"读不懂这段 SQL：{str(error).splitlines()[0][:120]}") from error
    if len(found) != 1 or found[0] is None:
        raise SqlRefused("只能写一个语句。")
    return found[0]
