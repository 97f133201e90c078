"""Evaluation that notes every condition it meets: which, on which facts, their values, true, false or unknown."""

from collections.abc import Callable
from typing import Any

from zhicheng.engines.rules import nodes
from zhicheng.engines.rules.nodes import Kind, Node
from zhicheng.engines.rules.scalar import (
    COMPARISONS,
    Compiler,
    Run,
    Sentence,
    Trail,
    is_between,
    is_member,
    reads,
)
from zhicheng.engines.rules.wording import ANSWERS, sign


class NotingCompiler(Compiler):
    """A compiler whose functions note conditions in the trail."""

    def run(self, node: Node, *, traced: bool) -> Run:
        """A function for a node; conditions and tables are noted where `traced`."""
        make = _NOTED.get(type(node)) if traced else None
        if make is not None and (node.type.kind is Kind.BOOLEAN or isinstance(node, nodes.Table)):
            return make(self, node)
        return super().run(node, traced=traced)

    def noted_table(self, node: Any) -> Run:
        """查表：年龄 82，学历 本科：命中第 3 行."""
        conditions = [self.run(hit.condition, traced=False) for hit in node.hits]
        settle, note = self.settling(node), self._table_note(node)

        def run(trail: Trail) -> Any:
            matched = [condition(trail) for condition in conditions]
            note(trail, matched)
            return settle(trail, matched)

        return run

    def _table_note(self, node: Any) -> Callable[[Trail, list[Any]], None]:
        inputs = [self.run(part, traced=False) for part in node.inputs]
        shows = [self.wording.operand(part, part) for part in node.inputs]
        lines = [hit.line for hit in node.hits]

        def write(values: tuple[Any, ...], matched: list[Any]) -> str:
            read = "，".join(show(value) for show, value in zip(shows, values, strict=True))
            hit = "、".join(str(line) for line, match in zip(lines, matched, strict=True) if match)
            open_rows = "有的行因情况未知不能判断" if None in matched else "没有一行命中"
            return f"查表：{read}：{f'命中第 {hit} 行' if hit else open_rows}"

        sentence = Sentence(write, *reads(*node.inputs))
        return lambda trail, matched: trail.steps.append((sentence, tuple(part(trail) for part in inputs), matched))

    def noted(self, parts: tuple[Node, ...], test: Callable[..., Any], write: Callable[..., str]) -> Run:
        """A condition over some values: evaluates all of them, notes values and outcome."""
        runs = [self.run(part, traced=False) for part in parts]
        sentence = Sentence(write, *reads(*parts))

        def run(trail: Trail) -> Any:
            values = tuple([run(trail) for run in runs])
            outcome = test(*values)
            trail.steps.append((sentence, values, outcome))
            return outcome

        return run

    def noted_comparison(self, node: Any) -> Run:
        """年龄 82 ≥ 80：是."""
        test, mark = COMPARISONS[node.op], sign(node.op)
        left, right = self.wording.operand(node.left, node.right), self.wording.operand(node.right, node.left)
        return self.noted(
            (node.left, node.right),
            lambda a, b: None if a is None or b is None else test(a, b),
            lambda values, outcome: f"{left(values[0])} {mark} {right(values[1])}：{ANSWERS[outcome]}",
        )

    def noted_between(self, node: Any) -> Run:
        """年龄 30 在 18 到 35 之间：是."""
        child = self.wording.operand(node.child, node.child)
        low, high = self.wording.operand(node.low, node.child), self.wording.operand(node.high, node.child)
        return self.noted(
            (node.child, node.low, node.high),
            is_between,
            lambda values, outcome: (
                f"{child(values[0])} 在 {low(values[1])} 到 {high(values[2])} 之间：{ANSWERS[outcome]}"
            ),
        )

    def noted_member(self, node: Any) -> Run:
        """学历 本科 属于（本科、硕士）：是."""
        child = self.wording.operand(node.child, node.child)
        shows = [self.wording.operand(option, node.child) for option in node.options]

        def write(values: tuple[Any, ...], outcome: Any) -> str:
            listed = "、".join(show(value) for show, value in zip(shows, values[1:], strict=True))
            return f"{child(values[0])} 属于（{listed}）：{ANSWERS[outcome]}"

        return self.noted((node.child, *node.options), is_member, write)

    def noted_unknown(self, node: Any) -> Run:
        """去世日期没有记载：是."""
        child = self.wording.operand(node.child, node.child)
        return self.noted(
            (node.child,),
            lambda value: value is None,
            lambda values, outcome: f"{child(values[0])}，没有记载：{ANSWERS[outcome]}",
        )

    def noted_value(self, node: Any) -> Run:
        """A boolean fact, rule or parameter by itself: 已就业：是."""
        label = self.wording.label(node)
        plain = self.run(node, traced=False)
        rules = (node.rule,) if isinstance(node, nodes.Ref) else ()
        sentence = Sentence(lambda _values, outcome: f"{label}：{ANSWERS[outcome]}", *reads(node)[:2], rules)

        def run(trail: Trail) -> Any:
            outcome = plain(trail)
            trail.steps.append((sentence, (outcome,), outcome))
            return outcome

        return run


_NOTED: dict[type[Node], Callable[[NotingCompiler, Any], Run]] = {
    nodes.Compare: NotingCompiler.noted_comparison,
    nodes.Between: NotingCompiler.noted_between,
    nodes.Member: NotingCompiler.noted_member,
    nodes.Unknown: NotingCompiler.noted_unknown,
    nodes.Table: NotingCompiler.noted_table,
    **dict.fromkeys((nodes.Fact, nodes.Ref, nodes.Param), NotingCompiler.noted_value),
}
