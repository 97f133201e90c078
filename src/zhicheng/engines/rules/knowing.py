"""What can never be unknown, so that no row need be asked: facts without NULL, and all that is made of such."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from zhicheng.engines.rules import nodes
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.nodes import Node
from zhicheng.engines.rules.scalar import parameter_value


class Knowing:
    """Remembers which nodes are known on every row.

    `facts` says it of a column, `rules` of the column in which a rule's result stands.
    """

    def __init__(self, book: Rulebook, day: date, facts: Callable[[str], bool], rules: Callable[[str], bool]) -> None:
        self._book, self._day, self._facts, self._rules = book, day, facts, rules
        self._found: dict[Node, bool] = {}

    def __call__(self, node: Node) -> bool:
        """Whether the SQL value of a node is never NULL."""
        if node not in self._found:
            special = _SPECIAL.get(type(node))
            self._found[node] = special(self, node) if special else all(map(self, nodes.children(node)))
        return self._found[node]

    def fact(self, node: Any) -> bool:
        """A column without NULL."""
        return self._facts(node.code)

    def reference(self, node: Any) -> bool:
        """A rule whose result is always known."""
        return self._rules(node.rule)

    def parameter(self, node: Any) -> bool:
        """A parameter in force."""
        return parameter_value(self._book, node, self._day) is not None

    def quotient(self, node: Any) -> bool:
        """Not where the divisor may be zero: the query has NULL there."""
        right = node.right.type
        return (right.low > 0 or right.high < 0) and self(node.left) and self(node.right)

    def table(self, node: Any) -> bool:
        """Only where some row always counts."""
        if node.otherwise is None and node.policy not in ("collect_sum", "collect_count"):
            return False
        return all(map(self, nodes.children(node)))


_SPECIAL: Mapping[type[Node], Callable[[Knowing, Any], bool]] = {
    nodes.Const: lambda _self, node: node.value is not None,
    nodes.AsOf: lambda _self, _node: True,
    nodes.Fact: Knowing.fact,
    nodes.Ref: Knowing.reference,
    nodes.Param: Knowing.parameter,
    nodes.Quotient: Knowing.quotient,
    nodes.Unknown: lambda _self, _node: True,
    nodes.FirstKnown: lambda self, node: any(map(self, node.parts)),
    nodes.Table: Knowing.table,
}
