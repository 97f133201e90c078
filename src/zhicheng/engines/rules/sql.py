"""From a checked node to SQL for DuckDB. Every expression is total: no row can make the query fail.

What is known on every row (`knowing`) is written without regard to NULL. `failing` says on which rows the scalar path
would fail.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhicheng.engines.rules import nodes
from zhicheng.engines.rules.comparing import ComparingWriter
from zhicheng.engines.rules.nodes import Kind, Node, Type
from zhicheng.engines.rules.widths import BIGINT_LIMIT, integer_type, literal, narrow, sql_type

_QUICK = 4 * 10**18  # doubled it still fits 64 bits


class SqlWriter(ComparingWriter):
    """Writes nodes of one entity's rules for one day."""

    def text(self, node: Node) -> str:
        """SQL for a node written out, its parts by name where they have one."""
        return _WRITERS[type(node)](self, node)

    def arithmetic(self, node: Any) -> str:
        """+, -, * in the width of the widest part."""
        reach = max(node.left.type.reach, node.right.type.reach, node.type.reach)
        whole = f"({self.wide(node.left, reach)} {node.op} {self.wide(node.right, reach)})"
        return narrow(whole, reach, node.type)

    def rescale(self, node: Any) -> str:
        """Times a power of ten."""
        return f"({self.wide(node.child, node.type.reach)} * {node.factor})"

    def sign(self, node: Any) -> str:
        """Minus or ABS."""
        child = self.wide(node.child, node.type.reach)
        return narrow(f"(-{child})" if node.op == "neg" else f"abs({child})", node.child.type.reach, node.type)

    def rounded(self, node: Any) -> str:
        """Integer division by a power of ten, away from zero, down or up."""
        reach = node.child.type.reach + node.step
        child, natural = node.child, node.child.type.low >= 0
        whole = narrow(_rounding(node.op, self.wide(child, reach), node.step, natural=natural), reach, node.type)
        if reach <= BIGINT_LIMIT:
            return whole
        if isinstance(child, nodes.Quotient) and self._name(child) is None and self._is_quick(child):
            fits, quick = self._quick_quotient(child)
        else:
            fits = f"{self.value(child)} BETWEEN {-_QUICK} AND {_QUICK}"
            quick = f"CAST({self.value(child)} AS BIGINT)"
        quick = f"CAST({_rounding(node.op, quick, node.step, natural=natural)} AS {sql_type(node.type)})"
        return f"(CASE WHEN {fits} THEN {quick} ELSE {whole} END)"

    def quotient(self, node: Any) -> str:
        """Half away from zero; in 64 bits where the values at hand allow, since wide division is slow."""
        reach = 2 * node.left.type.reach * node.up + 2 * node.right.type.reach * node.down
        exact = self._division(node, self.wide(node.left, reach), self.wide(node.right, reach))
        if reach <= BIGINT_LIMIT or not self._is_quick(node):
            return narrow(exact, reach, node.type)
        fits, quick = self._quick_quotient(node)
        quick = f"CAST({quick} AS {sql_type(node.type)})"
        return f"(CASE WHEN {fits} THEN {quick} ELSE {narrow(exact, reach, node.type)} END)"

    def _is_quick(self, node: Any) -> bool:
        return "HUGEINT" not in (sql_type(self.kind(node.left)), sql_type(self.kind(node.right)))

    def _quick_quotient(self, node: Any) -> tuple[str, str]:
        """When a quotient can be computed in 64 bits, and how."""
        a, b = self.wide(node.left, _QUICK), self.wide(node.right, _QUICK)
        fits = f"{a} BETWEEN {-(_QUICK // node.up)} AND {_QUICK // node.up}"
        if self._divisor(node) is None:
            fits += f" AND abs({b}) <= {_QUICK // 8 // node.down}"
        return fits, self._division(node, a, b)

    def _divisor(self, node: Any) -> int | None:
        """A divisor known now, positive and not too great."""
        value = self.constant(node.right)
        return value if isinstance(value, int) and 0 < value * node.down <= _QUICK // 8 else None

    def _division(self, node: Any, a: str, b: str) -> str:
        divisor = self._divisor(node)
        if divisor is not None:
            return _rounding("round", f"({a} * {node.up})", divisor * node.down, natural=node.left.type.low >= 0)
        size = f"((2 * abs({a}) * {node.up} + abs({b}) * {node.down}) // nullif(2 * abs({b}) * {node.down}, 0))"
        return f"(CASE WHEN ({a} < 0) = ({b} < 0) THEN {size} ELSE -{size} END)"

    def elapsed(self, node: Any) -> str:
        """Completed units between two dates."""
        start, end = self.value(node.start), self.value(node.end)
        whole = f"{end} - {start}" if node.unit == "day" else f"datesub('{node.unit}', {start}, {end})"
        return f"CAST({whole} AS {sql_type(node.type)})"

    def shifted(self, node: Any) -> str:
        """A date plus an interval."""
        if node.months:
            return f"CAST({self.value(node.child)} + INTERVAL ({node.months}) MONTH AS DATE)"
        return f"({self.value(node.child)} + CAST({node.days} AS INTEGER))"

    def logic(self, node: Any) -> str:
        """AND, OR."""
        return f"({f' {node.op.upper()} '.join(self.value(part) for part in node.parts)})"

    def choice(self, node: Any) -> str:
        """CASE."""
        if self._is_masked(node):
            pairs = [(self.value(condition), result) for condition, result in node.branches]
            return self._masked(pairs, node.otherwise, node.type, apart=False)
        branches = " ".join(
            f"WHEN {self.value(condition)} THEN {self.as_type(result, node.type)}"
            for condition, result in node.branches
        )
        return f"(CASE {branches} ELSE {self.as_type(node.otherwise, node.type)} END)"

    def _is_masked(self, node: Any) -> bool:
        """Whether a choice among numbers can be made with bits: a tenth of the time of CASE."""
        return sql_type(node.type) in ("INTEGER", "BIGINT") and all(map(self._known, nodes.children(node)))

    def _masked(self, pairs: Sequence[tuple[str, Node]], otherwise: Node, kind: Type, *, apart: bool) -> str:
        """What the first condition that is true chooses; all is known. `apart`: no two are true together."""
        width, last = sql_type(kind), self.as_type(otherwise, kind)
        whole, passed = last, ""
        for condition, result in pairs:
            mask = f"(-CAST({condition} AS {width}))"
            change = f"xor({self.as_type(result, kind)}, {last})"
            whole = f"xor({whole}, ({mask} & {passed}{change}))"
            passed += "" if apart else f"(~{mask}) & "
        return f"({whole})"

    def first_known(self, node: Any) -> str:
        """COALESCE, up to the first part that is always known."""
        parts = []
        for part in node.parts:
            parts.append(self.as_type(part, node.type))
            if self._known(part):
                break
        return f"coalesce({', '.join(parts)})" if len(parts) > 1 else parts[0]

    def extreme(self, node: Any) -> str:
        """GREATEST, LEAST; DuckDB's ignore NULL, ours are unknown then."""
        if node.type.kind is not Kind.NUMBER:
            return self._whole_extreme(node, [self.value(part) for part in node.parts])
        reach = max(part.type.reach for part in node.parts)
        parts = [self.wide(part, reach) for part in node.parts]
        if len(parts) == 2 and integer_type(reach) != "HUGEINT" and all(map(self._known, node.parts)):
            a, b = parts
            sign = ">" if node.op == "least" else "<"
            whole = f"xor({a}, (-CAST({a} {sign} {b} AS {integer_type(reach)}) & xor({a}, {b})))"
        else:
            whole = self._whole_extreme(node, parts)
        return narrow(whole, reach, node.type)

    def _whole_extreme(self, node: Any, parts: Sequence[str]) -> str:
        unsure = [part for part, child in zip(parts, node.parts, strict=True) if not self._known(child)]
        whole = f"{node.op}({', '.join(parts)})"
        if not unsure:
            return whole
        return f"(CASE WHEN {' AND '.join(f'{part} IS NOT NULL' for part in unsure)} THEN {whole} END)"

    def table(self, node: Any) -> str:
        """A decision table by its policy."""
        return _TABLES[node.policy](self, node)

    def unique_table(self, node: Any) -> str:
        """The row that matches; otherwise only where no row is unknown."""
        if node.otherwise is not None and self._is_masked(node):
            return self._masked_table(node)
        rows = " ".join(f"WHEN {self.value(h.condition)} THEN {self.as_type(h.result, node.type)}" for h in node.hits)
        return f"(CASE {rows} WHEN {self.any_hit(node)} IS NOT NULL THEN {self._otherwise(node)} END)"

    def first_table(self, node: Any) -> str:
        """The first row that does not fail to match; unknown where that row is."""
        if node.otherwise is not None and self._is_masked(node):
            return self._masked_table(node)
        rows = " ".join(
            f"WHEN {self.value(h.condition)} THEN {self.as_type(h.result, node.type)} "
            f"WHEN {self.value(h.condition)} IS NULL THEN NULL"
            for h in node.hits
        )
        return f"(CASE {rows} ELSE {self._otherwise(node)} END)"

    def _masked_table(self, node: Any) -> str:
        pairs = [(self.value(hit.condition), hit.result) for hit in node.hits]
        return self._masked(pairs, node.otherwise, node.type, apart=node.policy == "unique" and node.disjoint)

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


def _rounding(op: str, x: str, step: int, *, natural: bool) -> str:
    above, below = {"round": (step // 2, step // 2), "floor": (0, step - 1), "ceil": (step - 1, 0)}[op]
    if natural:
        return f"(({x} + {above}) // {step})"
    return f"(CASE WHEN {x} >= 0 THEN ({x} + {above}) // {step} ELSE -((-{x} + {below}) // {step}) END)"


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
