"""A checked filter over rows: a mask of one truth value a row. Unknown (a missing value) is no match, as in SQL.

Logic is three-valued (Kleene) until the very end, so that NOT over a missing value is no match either.
"""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhicheng.engines.cql2.checking import ARITHMETIC, NEARNESS, SPATIAL, TEMPORAL
from zhicheng.engines.cql2.spatial import Box, spatial_mask
from zhicheng.engines.cql2.tree import Literal, Node, Operation, Property, Span
from zhicheng.kit.clock import CHINA

_COMPARE: dict[str, Callable[..., Any]] = {
    "=": pc.equal,
    "<>": pc.not_equal,
    "<": pc.less,
    ">": pc.greater,
    "<=": pc.less_equal,
    ">=": pc.greater_equal,
}
_COMPUTE: dict[str, Callable[..., Any]] = {
    "+": pc.add,
    "-": pc.subtract,
    "*": pc.multiply,
    "/": pc.divide,
    "^": pc.power,
}


class Rows(Protocol):
    """Rows to choose from."""

    def __len__(self) -> int:
        """How many."""

    def column(self, code: str) -> pa.ChunkedArray:
        """A column of these rows, in their order."""

    def meeting(self, box: Box) -> NDArray[np.bool_]:
        """For each row, whether its box meets a box: the sieve before shapes are compared."""

    def shapes(self, at: NDArray[np.intp]) -> NDArray[Any]:
        """The shapes at positions among these rows; None where a row has none."""


def mask_of(node: Node, rows: Rows) -> NDArray[np.bool_]:
    """Which rows match a filter that `checking.check_filter` has passed. Shape (len(rows),), bool."""
    if not len(rows):
        return np.zeros(0, dtype=np.bool_)
    value = _truth(node, rows)
    if isinstance(value, pa.Scalar):
        return np.full(len(rows), bool(value.as_py()), dtype=np.bool_)
    mask: NDArray[np.bool_] = np.asarray(pc.fill_null(value, fill_value=False))
    return mask


def _truth(node: Node, rows: Rows) -> Any:
    if not isinstance(node, Operation):
        return _value(node, rows)
    if node.op in {"and", "or"}:
        join = pc.and_kleene if node.op == "and" else pc.or_kleene
        return reduce(join, (_truth(arg, rows) for arg in node.args))
    if node.op == "not":
        return pc.invert(_truth(node.args[0], rows))
    if node.op in SPATIAL or node.op in NEARNESS:
        return pa.array(spatial_mask(node, rows))
    if node.op in TEMPORAL:
        return _temporal(node, rows)
    return _predicate(node, rows)


def _predicate(node: Operation, rows: Rows) -> Any:
    if node.op == "isnull":
        return pc.is_null(_value(node.args[0], rows))
    if node.op == "in":
        return (
            reduce(pc.or_kleene, (_compare("=", node.args[0], arg, rows) for arg in node.args[1:]))
            if _mixed(node)
            else _is_in(node, rows)
        )
    if node.op == "like":
        pattern = _value(node.args[1], rows)
        return pc.match_like(_value(node.args[0], rows), pattern.as_py())
    if node.op == "between":
        subject, low, high = node.args
        return pc.and_kleene(_compare(">=", subject, low, rows), _compare("<=", subject, high, rows))
    left, right = node.args
    return _compare(node.op, left, right, rows)


def _mixed(node: Operation) -> bool:
    return not all(isinstance(arg, Literal) for arg in node.args[1:])


def _is_in(node: Operation, rows: Rows) -> Any:
    subject = _value(node.args[0], rows)
    chosen = pa.array([arg.value for arg in node.args[1:] if isinstance(arg, Literal)])
    if not pa.types.is_boolean(chosen.type) and not pa.types.is_string(chosen.type):
        subject, chosen = pc.cast(subject, pa.float64()), pc.cast(chosen, pa.float64())
    if isinstance(subject, pa.Scalar):
        return pa.scalar(subject in chosen)
    found = pc.is_in(subject, value_set=chosen)
    return pc.if_else(pc.is_valid(subject), found, pa.scalar(None, pa.bool_()))


def _compare(op: str, left: Node, right: Node, rows: Rows) -> Any:
    """A comparison; with a day, an instant is compared with its beginning or its end."""
    if isinstance(left, Span) and not isinstance(right, Span):
        return _compare(_TURNED[op], right, left, rows)
    if isinstance(right, Span):
        return _compare_span(op, _value(left, rows), right)
    return _COMPARE[op](*_alike(_value(left, rows), _value(right, rows)))


_TURNED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _compare_span(op: str, value: Any, span: Span) -> Any:
    start, end = _instant(span.start, value), _instant(span.end, value)
    if op in {"=", "<>"}:
        inside = pc.and_kleene(_within(pc.greater_equal, value, start), _within(pc.less_equal, value, end))
        return inside if op == "=" else pc.invert(inside)
    reach = _within if op in {">=", "<="} else _open
    return reach(_COMPARE[op], value, end if op in {">", "<="} else start)


def _temporal(node: Operation, rows: Rows) -> Any:
    """An instant in a column against a span. Source: OGC 21-065r2, table of temporal relations."""
    turned = isinstance(node.args[1], Property)
    subject, span = (node.args[1], node.args[0]) if turned else node.args
    op = {"t_after": "t_before", "t_before": "t_after"}.get(node.op, node.op) if turned else node.op
    if not isinstance(span, Span):
        raise TypeError("the filter was not checked")
    value = _value(subject, rows)
    start, end = _instant(span.start, value), _instant(span.end, value)
    if op == "t_after":
        return _open(pc.greater, value, end)
    if op == "t_before":
        return _open(pc.less, value, start)
    strict = op == "t_during" and not span.is_day
    after = _within(pc.greater if strict else pc.greater_equal, value, start)
    before = _within(pc.less if strict else pc.less_equal, value, end)
    inside = pc.and_kleene(after, before)
    return pc.invert(inside) if op == "t_disjoint" else inside


def _open(compare: Callable[..., Any], value: Any, end: Any) -> Any:
    """Nothing is before or after an open end."""
    return _constant(value, truth=False) if end is None else compare(value, end)


def _within(compare: Callable[..., Any], value: Any, end: Any) -> Any:
    """Everything is within an open end."""
    return _constant(value, truth=True) if end is None else compare(value, end)


def _constant(value: Any, *, truth: bool) -> Any:
    return pc.if_else(pc.is_valid(value), pa.scalar(truth), pa.scalar(None, pa.bool_()))


def _instant(at: datetime | None, like: Any) -> Any:
    """An instant as a column holds it; in a column of days, the day in China."""
    if at is None:
        return None
    if pa.types.is_date(like.type):
        return pa.scalar(at.astimezone(CHINA).date(), pa.date32())
    return pa.scalar(at, pa.timestamp("us", "UTC")).cast(like.type)


def _value(node: Node, rows: Rows) -> Any:
    if isinstance(node, Property):
        return _plain(rows.column(node.name))
    if isinstance(node, Literal):
        return pa.scalar(node.value)
    if isinstance(node, Operation) and node.op in ARITHMETIC:
        return _computed(node.op, *(pc.cast(_value(arg, rows), pa.float64()) for arg in node.args))
    if isinstance(node, Operation) and node.op == "casei":
        return pc.utf8_lower(_value(node.args[0], rows))
    if isinstance(node, Operation) and node.op == "accenti":
        apart = pc.utf8_normalize(_value(node.args[0], rows), form="NFKD")
        return pc.replace_substring_regex(apart, pattern=r"\p{Mn}", replacement="")
    if isinstance(node, Operation):
        return _truth(node, rows)
    raise TypeError("the filter was not checked")


def _computed(op: str, left: Any, right: Any) -> Any:
    if op in _COMPUTE:
        return _COMPUTE[op](left, right)
    whole = pc.floor(pc.divide(left, right))
    return whole if op == "div" else pc.subtract(left, pc.multiply(whole, right))


def _plain(column: Any) -> Any:
    """A column as values: decimals as floating numbers, dictionaries decoded."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_decimal(column.type):
        return column.cast(pa.float64())
    return column


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Numbers of two types are compared as floating numbers, so that 3 equals 3.0."""
    if left.type != right.type and _is_number(left) and _is_number(right):
        return pc.cast(left, pa.float64()), pc.cast(right, pa.float64())
    return left, right


def _is_number(value: Any) -> bool:
    return bool(pa.types.is_integer(value.type) or pa.types.is_floating(value.type))
