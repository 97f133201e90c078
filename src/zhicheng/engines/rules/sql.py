"""From a checked node to SQL for DuckDB. Every expression is total: no row can make the query fail.

A number is a BIGINT where its bounds allow, else a HUGEINT. `failing` gives the conditions, never NULL, under which
the scalar path would fail on the same row.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from zhicheng.engines.rules import nodes
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.nodes import Kind, Node, Type
from zhicheng.engines.rules.scalar import parameter_value

BIGINT_LIMIT = 9 * 10**18
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
    always have one. `flag` gives the column that tells whether a fact or rule failed, or None where it cannot.
    """

    def __init__(
        self,
        book: Rulebook,
        day: date,
        name: Callable[[Node], str | None],
        flag: Callable[[Node], str | None],
    ) -> None:
        self._book, self._day, self._name, self._flag = book, day, name, flag

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
        x, step = self.wide(node.child, reach), node.step
        above, below = {"round": (step // 2, step // 2), "floor": (0, step - 1), "ceil": (step - 1, 0)}[node.op]
        whole = f"(CASE WHEN {x} >= 0 THEN ({x} + {above}) // {step} ELSE -((-{x} + {below}) // {step}) END)"
        return _narrow(whole, reach, node.type)

    def quotient(self, node: Any) -> str:
        """Half away from zero; in 64 bits where the values at hand allow, since wide division is slow."""
        reach = 2 * node.left.type.reach * node.up + 2 * node.right.type.reach * node.down
        exact = _division(self.wide(node.left, reach), self.wide(node.right, reach), node.up, node.down)
        if reach <= BIGINT_LIMIT:
            return exact
        if "HUGEINT" in (sql_type(node.left.type), sql_type(node.right.type)):
            return _narrow(exact, reach, node.type)
        a, b = self.value(node.left), self.value(node.right)
        fits = f"abs({a}) <= {4 * 10**18 // node.up} AND abs({b}) <= {5 * 10**17 // node.down}"
        quick = f"CAST({_division(a, b, node.up, node.down)} AS {sql_type(node.type)})"
        return f"(CASE WHEN {fits} THEN {quick} ELSE {_narrow(exact, reach, node.type)} END)"

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
        return f"(CASE {rows} WHEN {self._any(node)} IS NOT NULL THEN {self._otherwise(node)} END)"

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
        return f"(CASE WHEN {known} THEN CASE WHEN {self._any(node)} THEN {gathered} ELSE {self._none(node)} END END)"

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

    def _any(self, node: Any) -> str:
        return f"({' OR '.join(self.value(hit.condition) for hit in node.hits)})"

    # --- when the scalar path fails ---

    def failing(self, node: Node) -> list[str]:
        """Conditions, never NULL, each of which means failure; none where the node cannot fail."""
        special = _FAILING.get(type(node))
        if special is not None:
            return _distinct(special(self, node))
        return _distinct([term for child in nodes.children(node) for term in self.failing(child)])

    def failing_name(self, node: Any) -> list[str]:
        """A fact out of range, a rule that failed."""
        flag = self._flag(node)
        return [flag] if flag else []

    def failing_quotient(self, node: Any) -> list[str]:
        """A divisor of zero."""
        below = [*self.failing(node.left), *self.failing(node.right)]
        right = node.right.type
        if right.low > 0 or right.high < 0:
            return below
        return [*below, f"coalesce({self.value(node.right)} = 0, FALSE)"]

    def failing_choice(self, node: Any) -> list[str]:
        """What is reached: conditions up to the first that is true, and its result."""
        terms: list[str] = []
        passed: list[str] = []
        for condition, result in node.branches:
            holds = f"coalesce({self.value(condition)}, FALSE)"
            terms += _guarded(passed, self.failing(condition))
            terms += _guarded([*passed, holds], self.failing(result))
            passed = [*passed, f"NOT {holds}"]
        return [*terms, *_guarded(passed, self.failing(node.otherwise))]

    def failing_first_known(self, node: Any) -> list[str]:
        """Parts up to the first that is known."""
        terms: list[str] = []
        passed: list[str] = []
        for part in node.parts:
            terms += _guarded(passed, self.failing(part))
            passed = [*passed, f"{self.value(part)} IS NULL"]
        return terms

    def failing_table(self, node: Any) -> list[str]:
        """All conditions, results of the rows that count, no row at all, two rows in `unique`."""
        terms = [term for hit in node.hits for term in self.failing(hit.condition)]
        passed: list[str] = []
        for hit in node.hits:
            holds = f"coalesce({self.value(hit.condition)}, FALSE)"
            terms += _guarded([*passed, holds], self.failing(hit.result))
            if node.policy == "first":
                passed = [*passed, f"coalesce(NOT {self.value(hit.condition)}, FALSE)"]
        nothing = f"coalesce(NOT {self._any(node)}, FALSE)"
        if node.otherwise is not None:
            terms += _guarded([nothing], self.failing(node.otherwise))
        elif node.policy not in ("collect_sum", "collect_count"):
            terms.append(nothing)
        if not node.disjoint:
            hits = " + ".join(f"CASE WHEN {self.value(hit.condition)} THEN 1 ELSE 0 END" for hit in node.hits)
            terms.append(f"({hits} > 1)")
        return terms


def _division(a: str, b: str, up: int, down: int) -> str:
    size = f"((2 * abs({a}) * {up} + abs({b}) * {down}) // nullif(2 * abs({b}) * {down}, 0))"
    return f"(CASE WHEN ({a} < 0) = ({b} < 0) THEN {size} ELSE -{size} END)"


def _narrow(whole: str, reach: int, kind: Type) -> str:
    return whole if _integer(max(reach, kind.reach)) == sql_type(kind) else f"CAST({whole} AS {sql_type(kind)})"


def _guarded(guards: Sequence[str], terms: Sequence[str]) -> list[str]:
    return [f"({' AND '.join([*guards, term])})" for term in terms]


def _distinct(terms: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(terms))


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
_FAILING: Mapping[type[Node], Callable[[SqlWriter, Any], list[str]]] = {
    nodes.Fact: SqlWriter.failing_name,
    nodes.Ref: SqlWriter.failing_name,
    nodes.Quotient: SqlWriter.failing_quotient,
    nodes.Choice: SqlWriter.failing_choice,
    nodes.FirstKnown: SqlWriter.failing_first_known,
    nodes.Table: SqlWriter.failing_table,
}
