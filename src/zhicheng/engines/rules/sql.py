"""From a checked node to SQL for DuckDB. Every expression is total: no row can make the query fail.

A number is a BIGINT where its bounds allow, else a HUGEINT. `failing` says on which rows the scalar path would fail.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from zhicheng.engines.rules import nodes
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.nodes import Kind, Node, Type
from zhicheng.engines.rules.scalar import parameter_value

BIGINT_LIMIT = 9 * 10**18
_QUICK = 4 * 10**18  # doubled it still fits 64 bits
_SQL_KINDS = {Kind.BOOLEAN: "BOOLEAN", Kind.TEXT: "VARCHAR", Kind.DATE: "DATE"}


def sql_type(kind: Type) -> str:
    """The column type of a value of this type."""
    return _SQL_KINDS.get(kind.kind) or _integer(kind.reach)


def _integer(reach: int) -> str:
    return "BIGINT" if reach <= BIGINT_LIMIT else "HUGEINT"


def literal(value: Any, kind: Type) -> str:
    """A constant, typed."""
    if value is None:
        return f"CAST(NULL AS {sql_type(kind)})"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"CAST({value} AS {_integer(abs(value))})"


class SqlWriter:
    """Writes nodes of one entity's rules for one day.

    `name` gives the column in which a node was placed, or None where it is to be written out here; facts and rules
    always have one.
    """

    def __init__(self, book: Rulebook, day: date, name: Callable[[Node], str | None]) -> None:
        self._book, self._day, self._name = book, day, name

    def value(self, node: Node) -> str:
        """SQL for the value of a node."""
        return self._name(node) or self.text(node)

    def text(self, node: Node) -> str:
        """SQL for a node written out, its parts by name where they have one."""
        return _WRITERS[type(node)](self, node)

    def wide(self, node: Node, reach: int) -> str:
        """The value as an integer wide enough for a calculation that reaches so far."""
        target = _integer(max(reach, node.type.reach))
        return self.value(node) if target == sql_type(node.type) else f"CAST({self.value(node)} AS {target})"

    def as_type(self, node: Node, kind: Type) -> str:
        """The value in the type of the whole it is part of."""
        same = node.type.kind is not Kind.NUMBER or sql_type(node.type) == sql_type(kind)
        return self.value(node) if same else f"CAST({self.value(node)} AS {sql_type(kind)})"

    def parameter(self, node: Any) -> str:
        """A parameter's value on the day."""
        return literal(parameter_value(self._book, node, self._day), node.type)

    def arithmetic(self, node: Any) -> str:
        """+, -, * in the width of the widest part."""
        reach = max(node.left.type.reach, node.right.type.reach, node.type.reach)
        whole = f"({self.wide(node.left, reach)} {node.op} {self.wide(node.right, reach)})"
        return _narrow(whole, reach, node.type)

    def rescale(self, node: Any) -> str:
        """Times a power of ten."""
        return f"({self.wide(node.child, node.type.reach)} * {node.factor})"

    def sign(self, node: Any) -> str:
        """Minus or ABS."""
        child = self.wide(node.child, node.type.reach)
        return _narrow(f"(-{child})" if node.op == "neg" else f"abs({child})", node.child.type.reach, node.type)

    def rounded(self, node: Any) -> str:
        """Integer division by a power of ten, away from zero, down or up."""
        reach = node.child.type.reach + node.step
        whole = _narrow(_rounding(node.op, self.wide(node.child, reach), node.step), reach, node.type)
        if reach <= BIGINT_LIMIT:
            return whole
        child = node.child
        if isinstance(child, nodes.Quotient) and self._name(child) is None and self._is_quick(child):
            fits, quick = self._quick_quotient(child)
        else:
            fits = f"{self.value(child)} BETWEEN {-_QUICK} AND {_QUICK}"
            quick = f"CAST({self.value(child)} AS BIGINT)"
        quick = f"CAST({_rounding(node.op, quick, node.step)} AS {sql_type(node.type)})"
        return f"(CASE WHEN {fits} THEN {quick} ELSE {whole} END)"

    def quotient(self, node: Any) -> str:
        """Half away from zero; in 64 bits where the values at hand allow, since wide division is slow."""
        reach = 2 * node.left.type.reach * node.up + 2 * node.right.type.reach * node.down
        exact = self._division(node, self.wide(node.left, reach), self.wide(node.right, reach))
        if reach <= BIGINT_LIMIT or not self._is_quick(node):
            return _narrow(exact, reach, node.type)
        fits, quick = self._quick_quotient(node)
        quick = f"CAST({quick} AS {sql_type(node.type)})"
        return f"(CASE WHEN {fits} THEN {quick} ELSE {_narrow(exact, reach, node.type)} END)"

    def _is_quick(self, node: Any) -> bool:
        return "HUGEINT" not in (sql_type(node.left.type), sql_type(node.right.type))

    def _quick_quotient(self, node: Any) -> tuple[str, str]:
        """When a quotient can be computed in 64 bits, and how."""
        a, b = self.value(node.left), self.value(node.right)
        fits = f"{a} BETWEEN {-(_QUICK // node.up)} AND {_QUICK // node.up}"
        if self._divisor(node) is None:
            fits += f" AND abs({b}) <= {_QUICK // 8 // node.down}"
        return fits, self._division(node, a, b)

    def _divisor(self, node: Any) -> int | None:
        """A divisor known now, positive and not too great."""
        right = node.right
        value = right.value if isinstance(right, nodes.Const) else None
        if isinstance(right, nodes.Param):
            value = parameter_value(self._book, right, self._day)
        return value if isinstance(value, int) and 0 < value * node.down <= _QUICK // 8 else None

    def _division(self, node: Any, a: str, b: str) -> str:
        divisor = self._divisor(node)
        if divisor is not None:
            return _rounding("round", f"({a} * {node.up})", divisor * node.down)
        size = f"((2 * abs({a}) * {node.up} + abs({b}) * {node.down}) // nullif(2 * abs({b}) * {node.down}, 0))"
        return f"(CASE WHEN ({a} < 0) = ({b} < 0) THEN {size} ELSE -{size} END)"

    def elapsed(self, node: Any) -> str:
        """Completed units between two dates."""
        start, end = self.value(node.start), self.value(node.end)
        if node.unit == "day":
            return f"CAST({end} - {start} AS BIGINT)"
        return f"datesub('{node.unit}', {start}, {end})"

    def shifted(self, node: Any) -> str:
        """A date plus an interval."""
        if node.months:
            return f"CAST({self.value(node.child)} + INTERVAL ({node.months}) MONTH AS DATE)"
        return f"({self.value(node.child)} + CAST({node.days} AS INTEGER))"

    def compare(self, node: Any) -> str:
        """A comparison."""
        return f"({self.value(node.left)} {node.op} {self.value(node.right)})"

    def between(self, node: Any) -> str:
        """BETWEEN."""
        return f"({self.value(node.child)} BETWEEN {self.value(node.low)} AND {self.value(node.high)})"

    def member(self, node: Any) -> str:
        """IN."""
        return f"({self.value(node.child)} IN ({', '.join(self.value(option) for option in node.options)}))"

    def logic(self, node: Any) -> str:
        """AND, OR."""
        return f"({f' {node.op.upper()} '.join(self.value(part) for part in node.parts)})"

    def choice(self, node: Any) -> str:
        """CASE."""
        branches = " ".join(
            f"WHEN {self.value(condition)} THEN {self.as_type(result, node.type)}"
            for condition, result in node.branches
        )
        return f"(CASE {branches} ELSE {self.as_type(node.otherwise, node.type)} END)"

    def first_known(self, node: Any) -> str:
        """COALESCE."""
        return f"coalesce({', '.join(self.as_type(part, node.type) for part in node.parts)})"

    def extreme(self, node: Any) -> str:
        """GREATEST, LEAST; DuckDB's ignore NULL, ours are unknown then."""
        reach = max(part.type.reach for part in node.parts)
        parts = [self.wide(part, reach) if node.type.kind is Kind.NUMBER else self.value(part) for part in node.parts]
        open_parts = [part for part, child in zip(parts, node.parts, strict=True) if not isinstance(child, nodes.Const)]
        known = " AND ".join(f"{part} IS NOT NULL" for part in open_parts) or "TRUE"
        whole = f"(CASE WHEN {known} THEN {node.op}({', '.join(parts)}) END)"
        return _narrow(whole, reach, node.type) if node.type.kind is Kind.NUMBER else whole

    def table(self, node: Any) -> str:
        """A decision table by its policy."""
        return _TABLES[node.policy](self, node)

    def unique_table(self, node: Any) -> str:
        """The row that matches; otherwise only where no row is unknown."""
        rows = " ".join(f"WHEN {self.value(h.condition)} THEN {self.as_type(h.result, node.type)}" for h in node.hits)
        return f"(CASE {rows} WHEN {self.any_hit(node)} IS NOT NULL THEN {self._otherwise(node)} END)"

    def first_table(self, node: Any) -> str:
        """The first row that does not fail to match; unknown where that row is."""
        rows = " ".join(
            f"WHEN {self.value(h.condition)} THEN {self.as_type(h.result, node.type)} "
            f"WHEN {self.value(h.condition)} IS NULL THEN NULL"
            for h in node.hits
        )
        return f"(CASE {rows} ELSE {self._otherwise(node)} END)"

    def collect_table(self, node: Any) -> str:
        """Sum, greatest or count over the rows that match; unknown where any row or a result in it is."""
        conditions = [self.value(hit.condition) for hit in node.hits]
        known = " AND ".join(f"{condition} IS NOT NULL" for condition in conditions)
        gathered = self._gathered(node)
        return (
            f"(CASE WHEN {known} THEN CASE WHEN {self.any_hit(node)} THEN {gathered} ELSE {self._none(node)} END END)"
        )

    def _gathered(self, node: Any) -> str:
        wanted = sql_type(node.type)
        if node.policy == "collect_count":
            return " + ".join(f"CASE WHEN {self.value(h.condition)} THEN 1 ELSE 0 END" for h in node.hits)
        pairs = [(self.value(hit.condition), self.as_type(hit.result, node.type)) for hit in node.hits]
        if node.policy == "collect_sum":
            parts = (f"CASE WHEN {condition} THEN {result} ELSE CAST(0 AS {wanted}) END" for condition, result in pairs)
            return f"({' + '.join(parts)})"
        known = " AND ".join(f"(NOT {condition} OR {result} IS NOT NULL)" for condition, result in pairs)
        listed = ", ".join(f"CASE WHEN {condition} THEN {result} END" for condition, result in pairs)
        return f"CASE WHEN {known} THEN greatest({listed}) END"

    def _none(self, node: Any) -> str:
        if node.otherwise is None and node.policy != "collect_max":
            return "0"
        return self._otherwise(node)

    def _otherwise(self, node: Any) -> str:
        return "NULL" if node.otherwise is None else self.as_type(node.otherwise, node.type)

    def any_hit(self, node: Any) -> str:
        """Whether a row of a table matches; unknown where none does and one is unknown."""
        return f"({' OR '.join(self.value(hit.condition) for hit in node.hits)})"


def _rounding(op: str, x: str, step: int) -> str:
    above, below = {"round": (step // 2, step // 2), "floor": (0, step - 1), "ceil": (step - 1, 0)}[op]
    return f"(CASE WHEN {x} >= 0 THEN ({x} + {above}) // {step} ELSE -((-{x} + {below}) // {step}) END)"


def _narrow(whole: str, reach: int, kind: Type) -> str:
    return whole if _integer(max(reach, kind.reach)) == sql_type(kind) else f"CAST({whole} AS {sql_type(kind)})"


_WRITERS: Mapping[type[Node], Callable[[SqlWriter, Any], str]] = {
    nodes.Const: lambda _self, node: literal(node.value, node.type),
    nodes.AsOf: lambda self, node: literal(self._day, node.type),
    nodes.Param: SqlWriter.parameter,
    nodes.Rescale: SqlWriter.rescale,
    nodes.Arithmetic: SqlWriter.arithmetic,
    nodes.Quotient: SqlWriter.quotient,
    nodes.Sign: SqlWriter.sign,
    nodes.Rounded: SqlWriter.rounded,
    nodes.Elapsed: SqlWriter.elapsed,
    nodes.Shifted: SqlWriter.shifted,
    nodes.Compare: SqlWriter.compare,
    nodes.Between: SqlWriter.between,
    nodes.Member: SqlWriter.member,
    nodes.Unknown: lambda self, node: f"({self.value(node.child)} IS NULL)",
    nodes.Negation: lambda self, node: f"(NOT {self.value(node.child)})",
    nodes.Logic: SqlWriter.logic,
    nodes.Choice: SqlWriter.choice,
    nodes.FirstKnown: SqlWriter.first_known,
    nodes.Extreme: SqlWriter.extreme,
    nodes.Table: SqlWriter.table,
}
_TABLES: Mapping[str, Callable[[SqlWriter, Any], str]] = {
    "unique": SqlWriter.unique_table,
    "first": SqlWriter.first_table,
    **dict.fromkeys(("collect_sum", "collect_max", "collect_count"), SqlWriter.collect_table),
}
