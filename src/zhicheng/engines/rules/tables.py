"""Decision tables: cells become conditions; rows of a unique table are proved not to overlap where literal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from zhicheng.engines.rules import building
from zhicheng.engines.rules.binding import bind
from zhicheng.engines.rules.nodes import BOOLEAN, Const, Hit, Kind, Node, Table, Type
from zhicheng.engines.rules.scope import Scope, Wrong
from zhicheng.engines.rules.values import TableRow, TableText

ANY = ("", "-", "—")
_INTERVAL = re.compile(r"([\[(])\s*([^,;]*?)\s*[,;]\s*([^,;]*?)\s*([\])])")
_COMPARISON = re.compile(r"(>=|<=|<>|>|<|=)\s*(.+)")
_WORDS = {"yes": "TRUE", "no": "FALSE", "是": "TRUE", "否": "FALSE", "true": "TRUE", "false": "FALSE"}
Bound = Decimal | date


class WrongRow(Exception):
    """A fault in one row of a table."""

    def __init__(self, line: int, wrong: Wrong) -> None:
        super().__init__(wrong.message)
        self.line, self.wrong = line, wrong


@dataclass(frozen=True)
class _Cell:
    """A condition on one input: comparisons all of which hold, or a list; empty: any value."""

    comparisons: tuple[tuple[str, Node], ...] = ()
    options: tuple[Node, ...] = ()


def bind_table(text: TableText, scope: Scope) -> Table:
    """Check a table and turn it into a node.

    Raises:
        Wrong: an input, the result or the policy is wrong.
        WrongRow: a row is wrong or overlaps with another.
    """
    inputs = [bind(source, scope) for source in text.inputs]
    counting = text.policy == "collect_count"
    rows = [_row(replace(row, result="1") if counting else row, inputs, scope) for row in text.rows]
    if not rows:
        raise Wrong("table.empty", "决策表没有一行内容。", "请从第二行起填写，每行一条。")
    otherwise = bind(text.otherwise, scope) if text.otherwise else None
    hits = _unify([hit for hit, _ in rows], otherwise)
    otherwise = hits.pop().result if otherwise is not None else None
    disjoint = text.policy != "unique" or _prove_disjoint(text.rows, [cells for _, cells in rows], inputs)
    kind = _result_type(text, hits, otherwise)
    read = [node for index, node in enumerate(inputs) if any(row.cells[index] not in ANY for row in text.rows)]
    return Table(kind, text.policy, tuple(read), tuple(hits), otherwise, disjoint)


def _result_type(text: TableText, hits: list[Hit], otherwise: Node | None) -> Type:
    results = [hit.result for hit in hits] + ([otherwise] if otherwise is not None else [])
    first = results[0].type
    if first.kind is not Kind.NUMBER:
        if text.policy.startswith("collect"):
            raise Wrong("table.collect", "collect 的结果列应是数。", "请改正 result 列，或改用 first、unique。")
        return first
    low, high = min(node.type.low for node in results), max(node.type.high for node in results)
    if text.policy in ("collect_sum", "collect_count"):
        low, high = sum(min(node.type.low, 0) for node in results), sum(max(node.type.high, 0) for node in results)
    return Type(Kind.NUMBER, first.places, low, high)


def _unify(hits: list[Hit], otherwise: Node | None) -> list[Hit]:
    extra = [Hit(Const(BOOLEAN, True), otherwise, 0)] if otherwise is not None else []
    results = building.unified([hit.result for hit in hits + extra], where="result 列各行")
    return [Hit(hit.condition, node, hit.line) for hit, node in zip(hits + extra, results, strict=True)]


def _row(row: TableRow, inputs: Sequence[Node], scope: Scope) -> tuple[Hit, list[_Cell]]:
    try:
        cells = [_cell(text, node, scope) for text, node in zip(row.cells, inputs, strict=True)]
        conditions = [part for cell, node in zip(cells, inputs, strict=True) for part in _condition(cell, node, scope)]
        result = bind(row.result, scope)
    except Wrong as wrong:
        raise WrongRow(row.line, wrong) from None
    condition = building.logic("and", conditions) if len(conditions) > 1 else (conditions or [Const(BOOLEAN, True)])[0]
    return Hit(condition, result, row.line), cells


def _condition(cell: _Cell, node: Node, scope: Scope) -> list[Node]:
    if cell.options:
        if len(cell.options) == 1:
            return [building.compare("=", node, cell.options[0], scope)]
        return [building.member(node, cell.options, scope)]
    return [building.compare(op, node, value, scope) for op, value in cell.comparisons]


def _cell(text: str, node: Node, scope: Scope) -> _Cell:
    if text in ANY:
        return _Cell()
    if found := _INTERVAL.fullmatch(text):
        first, low, high, last = found.groups()
        ends = [(">=" if first == "[" else ">", low), ("<=" if last == "]" else "<", high)]
        return _Cell(tuple((op, _literal(value, node, scope)) for op, value in ends if value))
    if found := _COMPARISON.fullmatch(text):
        return _Cell(((found[1], _literal(found[2], node, scope)),))
    if ".." in text:
        low, _, high = text.partition("..")
        return _Cell(((">=", _literal(low, node, scope)), ("<=", _literal(high, node, scope))))
    return _Cell(options=tuple(_literal(part, node, scope) for part in text.split(";") if part.strip()))


def _literal(text: str, node: Node, scope: Scope) -> Node:
    text = text.strip()
    if text.startswith("param.") or "(" in text:
        return bind(text, scope)
    if node.type.kind is Kind.TEXT:
        return bind("'" + text.strip("'").replace("'", "''") + "'", scope)
    if node.type.kind is Kind.DATE:
        return bind(f"DATE '{text}'", scope)
    return bind(_WORDS.get(text.lower(), text), scope)


def _prove_disjoint(rows: Sequence[TableRow], cells: Sequence[Sequence[_Cell]], inputs: Sequence[Node]) -> bool:
    """Whether no two rows can match together; a pair that certainly can is a fault."""
    proved = True
    for (row, first), (other, second) in combinations(zip(rows, cells, strict=True), 2):
        verdicts = [_apart(a, b, node) for a, b, node in zip(first, second, inputs, strict=True)]
        if True in verdicts:
            continue
        if None not in verdicts:
            message = f"第 {row.line} 行和第 {other.line} 行可能同时命中，unique 表不允许重叠。"
            hint = "请改正区间的端点或取值，或把命中方式改成 first。"
            raise WrongRow(other.line, Wrong("table.overlap", message, hint))
        proved = False
    return proved


def _apart(first: _Cell, second: _Cell, node: Node) -> bool | None:
    """Whether two cells exclude each other; None where that depends on parameters."""
    if not _is_literal(first) or not _is_literal(second):
        return None
    if first == _Cell() or second == _Cell():
        return False
    if first.options and second.options:
        return not {_plain(a) for a in first.options} & {_plain(b) for b in second.options}
    if first.options or second.options:
        listed, ranged = (first, second) if first.options else (second, first)
        return not any(_admits(ranged, _plain(option)) for option in listed.options)
    return _spans_apart(first, second, whole=node.type.places == 0)


def _is_literal(cell: _Cell) -> bool:
    return all(isinstance(node, Const) for node in (*cell.options, *(value for _, value in cell.comparisons)))


def _plain(node: Node) -> Bound | str | bool:
    value = node.value if isinstance(node, Const) else None
    if node.type.kind is Kind.NUMBER and isinstance(value, int):
        return Decimal(value).scaleb(-node.type.places)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        raise Wrong("table.null", "表格里不能写 NULL。", "不限制的条件留空或写“-”。")
    return value


def _admits(cell: _Cell, value: Bound | str | bool) -> bool:
    return all(_holds(op, value, _plain(bound)) for op, bound in cell.comparisons)


def _holds(op: str, left: Any, right: Any) -> bool:
    if op in ("=", "<>"):
        return bool(left == right) == (op == "=")
    lower, same = bool(left < right), bool(left == right)
    return {"<": lower, "<=": lower or same, ">": not lower and not same, ">=": not lower}[op]


def _spans_apart(first: _Cell, second: _Cell, *, whole: bool) -> bool:
    if any(op == "<>" for op, _ in (*first.comparisons, *second.comparisons)):
        return _differ_apart(first, second)
    both = [(op, _plain(bound)) for op, bound in (*first.comparisons, *second.comparisons)]
    lows = [_low(op, bound, whole) for op, bound in both if op in (">", ">=", "=")]
    highs = [_high(op, bound, whole) for op, bound in both if op in ("<", "<=", "=")]
    if not lows or not highs:
        return False
    (low, open_low), (high, open_high) = max(lows), min(highs, key=lambda end: (end[0], not end[1]))
    return bool(low > high or (low == high and (open_low or open_high)))


def _differ_apart(first: _Cell, second: _Cell) -> bool:
    """`<>` leaves out one value only: apart from another cell only where that one has nothing but this value."""
    ops = {first.comparisons[0][0], second.comparisons[0][0]}
    same = _plain(first.comparisons[0][1]) == _plain(second.comparisons[0][1])
    return ops == {"<>", "="} and same


def _low(op: str, bound: Bound | str | bool, whole: bool) -> tuple[Any, bool]:
    if op == ">" and whole:
        return _next(bound, 1), False
    return bound, op == ">"


def _high(op: str, bound: Bound | str | bool, whole: bool) -> tuple[Any, bool]:
    if op == "<" and whole:
        return _next(bound, -1), False
    return bound, op == "<"


def _next(bound: Bound | str | bool, step: int) -> Any:
    if isinstance(bound, Decimal):
        return bound // 1 + step if bound == bound // 1 else (bound // 1 + (1 if step > 0 else 0))
    return bound + timedelta(days=step) if isinstance(bound, date) else bound
