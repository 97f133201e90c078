"""Comparisons in SQL: numbers in one width, and ages and times as comparisons of dates (see `cutting`)."""

from datetime import date
from typing import Any

from zhicheng.engines.rules import nodes
from zhicheng.engines.rules.cutting import as_days, days_within
from zhicheng.engines.rules.nodes import Node
from zhicheng.engines.rules.widths import Widths


class ComparingWriter(Widths):
    """Writes comparisons, BETWEEN and IN."""

    def compare(self, node: Any) -> str:
        """A comparison; that of an age or a time with numbers is one of dates."""
        time = self._time(node.left)
        if time and isinstance(node.right, nodes.Choice) and all(map(self._is_number, _results(node.right))):
            return self._compare_with_each(node)
        number = self.constant(node.right)
        if time and isinstance(number, int):
            moving, fixed, starts = time
            unit = self._behind(node.left).unit
            if days := as_days(unit, fixed, starts=starts, op=node.op, number=number):
                negated = days.removeprefix("NOT ")
                return f"({'NOT ' if negated != days else ''}{self.value(moving)} {negated})"
        left, right = self.alike(node.left, node.right)
        return f"({left} {node.op} {right})"

    def _is_number(self, node: Node) -> bool:
        return isinstance(self.constant(node), int)

    def _compare_with_each(self, node: Any) -> str:
        """A time compared with one of some numbers: with each in its case."""
        branches = " ".join(
            f"WHEN {self.value(condition)} THEN {self._compared(node, result)}"
            for condition, result in node.right.branches
        )
        return f"(CASE {branches} ELSE {self._compared(node, node.right.otherwise)} END)"

    def _compared(self, node: Any, number: Node) -> str:
        return self.compare(nodes.Compare(node.type, node.op, node.left, number))

    def between(self, node: Any) -> str:
        """BETWEEN."""
        low, high = self.constant(node.low), self.constant(node.high)
        if isinstance(low, int) and isinstance(high, int) and (time := self._time(node.child)):
            moving, fixed, starts = time
            unit = self._behind(node.child).unit
            if days := days_within(unit, fixed, starts=starts, low=low, high=high):
                return f"({self.value(moving)} {days})"
        child, least, most = self.alike(node.child, node.low, node.high)
        return f"({child} BETWEEN {least} AND {most})"

    def _behind(self, node: Any) -> Any:
        """The time that a rule such as a person's age gives, or the node itself."""
        version = self._book.at(node.rule, self._day) if isinstance(node, nodes.Ref) else None
        return node if version is None else version.node

    def _time(self, node: Node) -> tuple[Node, date, bool] | None:
        """The date that moves, the day that does not, and whether the date is the start; None for anything else."""
        time = self._behind(node)
        if not isinstance(time, nodes.Elapsed):
            return None
        start, end = self.constant(time.start), self.constant(time.end)
        if isinstance(end, date):
            return time.start, end, True
        return (time.end, start, False) if isinstance(start, date) else None

    def member(self, node: Any) -> str:
        """IN."""
        child, *options = self.alike(node.child, *node.options)
        return f"({child} IN ({', '.join(options)}))"


def _results(choice: Any) -> list[Node]:
    return [*(result for _, result in choice.branches), choice.otherwise]
