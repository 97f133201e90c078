"""Conditions on columns, as SQL of the lake and as masks over columns in memory: both say the same."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zhicheng.core.places.values import Comparison, Condition

_SIGNS = {
    Comparison.EQUALS: "=",
    Comparison.DIFFERS: "<>",
    Comparison.BELOW: "<",
    Comparison.AT_MOST: "<=",
    Comparison.ABOVE: ">",
    Comparison.AT_LEAST: ">=",
}
_MASKS: Mapping[Comparison, Callable[[Any, Any], Any]] = {
    Comparison.EQUALS: pc.equal,
    Comparison.DIFFERS: pc.not_equal,
    Comparison.BELOW: pc.less,
    Comparison.AT_MOST: pc.less_equal,
    Comparison.ABOVE: pc.greater,
    Comparison.AT_LEAST: pc.greater_equal,
    Comparison.CONTAINS: pc.match_substring,
    Comparison.BEGINS: pc.starts_with,
}


def to_sql(conditions: Sequence[Condition]) -> tuple[str, list[Any]]:
    """A WHERE clause (without the word) and its parameters. Columns must be known ones: they are quoted, no more.

    >>> to_sql([Condition("use", Comparison.ONE_OF, ("home", "shop")), Condition("floors", Comparison.AT_LEAST, 3)])
    ('("use" IN (?, ?)) AND ("floors" >= ?)', ['home', 'shop', 3])
    """
    clauses, parameters = [], []
    for condition in conditions:
        clause, values = _clause(condition)
        clauses.append(f"({clause})")
        parameters += values
    return " AND ".join(clauses) or "true", parameters


def _clause(condition: Condition) -> tuple[str, list[Any]]:
    column = '"' + condition.column.replace('"', '""') + '"'
    if condition.test is Comparison.IS_EMPTY:
        return f"{column} IS NULL", []
    if condition.test is Comparison.ONE_OF:
        return (f"{column} IN ({', '.join('?' * len(condition.value))})" if condition.value else "false"), list(
            condition.value
        )
    if condition.test is Comparison.CONTAINS:
        return f"contains({column}, ?)", [condition.value]
    if condition.test is Comparison.BEGINS:
        return f"starts_with({column}, ?)", [condition.value]
    return f"{column} {_SIGNS[condition.test]} ?", [condition.value]


def to_mask(table: pa.Table, conditions: Sequence[Condition]) -> pa.ChunkedArray:
    """Which rows of a table meet all conditions; an unknown value meets none but `IS_EMPTY`."""
    mask: Any = pa.chunked_array([pa.repeat(True, table.num_rows)])
    for condition in conditions:
        mask = pc.and_(mask, pc.fill_null(_mask(table.column(condition.column), condition), False))
    return mask


def _mask(column: pa.ChunkedArray, condition: Condition) -> Any:
    if condition.test is Comparison.IS_EMPTY:
        return pc.is_null(column)
    if condition.test is Comparison.ONE_OF:
        return pc.and_(pc.is_valid(column), pc.is_in(column, value_set=pa.array(condition.value, column.type)))
    return _MASKS[condition.test](column, condition.value)
