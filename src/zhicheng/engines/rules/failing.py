"""On which rows rules fail, as SQL: the same ones on which the scalar path raises, with the same laziness."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from zhicheng.engines.rules import nodes
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.nodes import Node
from zhicheng.engines.rules.sql import SqlWriter
from zhicheng.engines.rules.widths import Places


class FailingWriter(SqlWriter):
    """A writer that also knows when a node fails."""

    def __init__(self, book: Rulebook, day: date, places: Places) -> None:
        super().__init__(book, day, places)
        self._flags, self._alarm = places.flags, places.alarm

    def failing(self, node: Node) -> list[str]:
        """Conditions, never NULL, each of which means failure; none where the node cannot fail."""
        special = _FAILING.get(type(node))
        if special is not None:
            return _distinct(special(self, node))
        return _distinct([term for child in nodes.children(node) for term in self.failing(child)])

    def failing_name(self, node: Any) -> list[str]:
        """A fact out of range, a rule that failed."""
        return list(self._flags(node))

    def failing_quotient(self, node: Any) -> list[str]:
        """A divisor of zero."""
        below = [*self.failing(node.left), *self.failing(node.right)]
        right = node.right.type
        if right.low > 0 or right.high < 0:
            return below
        return [*below, self._alarm(f"{self.value(node.right)} = 0")]

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
        nothing = f"coalesce(NOT {self.any_hit(node)}, FALSE)"
        if node.otherwise is not None:
            terms += _guarded([nothing], self.failing(node.otherwise))
        elif node.policy not in ("collect_sum", "collect_count"):
            terms.append(self._alarm(f"NOT {self.any_hit(node)}"))
        if not node.disjoint:
            hits = " + ".join(f"CASE WHEN {self.value(hit.condition)} THEN 1 ELSE 0 END" for hit in node.hits)
            terms.append(self._alarm(f"({hits} > 1)"))
        return terms


def _guarded(guards: Sequence[str], terms: Sequence[str]) -> list[str]:
    return [f"({' AND '.join([*guards, term])})" for term in terms]


def _distinct(terms: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(terms))


_FAILING: Mapping[type[Node], Callable[[FailingWriter, Any], list[str]]] = {
    nodes.Fact: FailingWriter.failing_name,
    nodes.Ref: FailingWriter.failing_name,
    nodes.Quotient: FailingWriter.failing_quotient,
    nodes.Choice: FailingWriter.failing_choice,
    nodes.FirstKnown: FailingWriter.failing_first_known,
    nodes.Table: FailingWriter.failing_table,
}
