"""From a checked node to a Python function that decides for one. `noting` adds the trace of every condition met."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zhicheng.engines.rules import arithmetic, hits, nodes
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.nodes import Kind, Node
from zhicheng.engines.rules.reading import Failed, reader
from zhicheng.engines.rules.wording import Wording

Run = Callable[["Trail"], Any]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a condition says once its values are known, and the facts and parameters it reads."""

    write: Callable[..., str]
    facts: tuple[str, ...]
    parameters: tuple[str, ...]
    rules: tuple[str, ...] = ()


@dataclass(slots=True)
class Trail:
    """One evaluation under way: the facts given, results of rules so far, conditions met, facts found unknown."""

    facts: Mapping[str, Any]
    results: dict[str, Any] = field(default_factory=dict)
    steps: list[tuple[Sentence, tuple[Any, ...], Any]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    values: dict[str, Any] = field(default_factory=dict)


class Compiler:
    """Makes functions for the nodes of rules of one entity, for one day."""

    def __init__(self, book: Rulebook, entity: str, day: date, refer: Callable[[Trail, str], Any]) -> None:
        self.book, self.day, self.refer = book, day, refer
        self.columns = book.entities[entity].columns
        self.wording = Wording(book, entity)

    def run(self, node: Node, *, traced: bool) -> Run:
        """A function for a node. With `traced`, a subclass notes its conditions."""
        return _MAKERS[type(node)](self, node, traced)

    def constant(self, node: Any, _traced: bool) -> Run:
        """A literal."""
        value = node.value
        return lambda _trail: value

    def as_of(self, _node: Any, _traced: bool) -> Run:
        """The day."""
        day = self.day
        return lambda _trail: day

    def parameter(self, node: Any, _traced: bool) -> Run:
        """A parameter's value on the day, known now; None before its first date."""
        value = parameter_value(self.book, node, self.day)
        return lambda _trail: value

    def fact(self, node: Any, _traced: bool) -> Run:
        """A fact, checked once in each evaluation."""
        code, read = node.code, reader(self.columns[node.code])

        def run(trail: Trail) -> Any:
            values = trail.values
            if code in values:
                return values[code]
            value = trail.facts.get(code)
            if value is None:
                trail.missing.add(code)
            else:
                value = read(value)
            values[code] = value
            return value

        return run

    def reference(self, node: Any, _traced: bool) -> Run:
        """The result of another rule."""
        refer, rule = self.refer, node.rule
        return lambda trail: refer(trail, rule)

    def unary(self, node: Any, traced: bool) -> Run:
        """One number or date made from another; unknown stays unknown."""
        child, change = self.run(node.child, traced=traced), _unary_change(node)

        def run(trail: Trail) -> Any:
            value = child(trail)
            return None if value is None else change(value)

        return run

    def binary(self, node: Any, traced: bool) -> Run:
        """Two values into one; both are always evaluated, unknown on one side is unknown."""
        first, second = nodes.children(node)
        left, right = self.run(first, traced=traced), self.run(second, traced=traced)
        join = COMPARISONS[node.unit if isinstance(node, nodes.Elapsed) else node.op]

        def run(trail: Trail) -> Any:
            a, b = left(trail), right(trail)
            return None if a is None or b is None else join(a, b)

        return run

    def quotient(self, node: Any, traced: bool) -> Run:
        """Division; a known divisor of zero fails even where the dividend is unknown."""
        left, right = self.run(node.left, traced=traced), self.run(node.right, traced=traced)
        up, down = node.up, node.down
        label = self.wording.label(node)

        def run(trail: Trail) -> Any:
            a, b = left(trail), right(trail)
            if b == 0 and b is not None:
                raise Failed(f"{label}的除数为零")
            return None if a is None or b is None else arithmetic.half_away(a * up, b * down)

        return run

    def logic(self, node: Any, traced: bool) -> Run:
        """AND, OR over all parts: no short cut, so that the trace is whole and a failure is never hidden."""
        parts = [self.run(part, traced=traced) for part in node.parts]
        decisive = node.op == "or"

        def run(trail: Trail) -> Any:
            values = [part(trail) for part in parts]
            if decisive in values:
                return decisive
            return None if None in values else not decisive

        return run

    def choice(self, node: Any, traced: bool) -> Run:
        """CASE."""
        branches = [
            (self.run(condition, traced=traced), self.run(result, traced=traced)) for condition, result in node.branches
        ]
        otherwise = self.run(node.otherwise, traced=traced)

        def run(trail: Trail) -> Any:
            for condition, result in branches:
                if condition(trail):
                    return result(trail)
            return otherwise(trail)

        return run

    def first_known(self, node: Any, traced: bool) -> Run:
        """COALESCE."""
        parts = [self.run(part, traced=traced) for part in node.parts]

        def run(trail: Trail) -> Any:
            for part in parts:
                value = part(trail)
                if value is not None:
                    return value
            return None

        return run

    def extreme(self, node: Any, traced: bool) -> Run:
        """GREATEST, LEAST."""
        parts = [self.run(part, traced=traced) for part in node.parts]
        pick = max if node.op == "greatest" else min

        def run(trail: Trail) -> Any:
            values = [part(trail) for part in parts]
            return None if None in values else pick(values)

        return run

    def between(self, node: Any, _traced: bool) -> Run:
        """BETWEEN with SQL's logic: false where one end already says so."""
        child, low, high = (self.run(part, traced=False) for part in (node.child, node.low, node.high))
        return lambda trail: is_between(child(trail), low(trail), high(trail))

    def member(self, node: Any, _traced: bool) -> Run:
        """IN."""
        parts = [self.run(part, traced=False) for part in (node.child, *node.options)]
        return lambda trail: is_member(*[part(trail) for part in parts])

    def unknown(self, node: Any, _traced: bool) -> Run:
        """IS NULL."""
        child = self.run(node.child, traced=False)
        return lambda trail: child(trail) is None

    def table(self, node: Any, _traced: bool) -> Run:
        """A decision table."""
        conditions = [self.run(hit.condition, traced=False) for hit in node.hits]
        settle = self.settling(node)
        return lambda trail: settle(trail, [condition(trail) for condition in conditions])

    def settling(self, node: Any) -> Callable[[Trail, list[Any]], Any]:
        """What a table gives once it is known which rows match."""
        results = [self.run(hit.result, traced=False) for hit in node.hits]
        otherwise = self.run(node.otherwise, traced=False) if node.otherwise is not None else None
        return hits.settling(node, results, otherwise)


def is_between(value: Any, low: Any, high: Any) -> bool | None:
    """True where low <= value <= high, in three-valued logic."""
    above = None if value is None or low is None else value >= low
    below = None if value is None or high is None else value <= high
    if above is False or below is False:
        return False
    return None if above is None or below is None else True


def is_member(value: Any, *listed: Any) -> bool | None:
    """IN in three-valued logic."""
    if value is None:
        return None
    return True if value in listed else (None if None in listed else False)


def parameter_value(book: Rulebook, node: nodes.Param, day: date) -> Any:
    """A parameter on a day, numbers scaled as the node says; None where the law says nothing for that day."""
    dated = book.parameters[node.code].at(day)
    if dated is None or dated.value is None:
        return None
    if node.type.kind is Kind.NUMBER:
        return int(Decimal(str(dated.value)).scaleb(node.type.places))
    return dated.value


def reads(*parts: Node) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The facts, parameters and rules that nodes read, each once."""
    below = [node for part in parts for node in nodes.walk(part)]
    facts = dict.fromkeys(node.code for node in below if isinstance(node, nodes.Fact))
    parameters = dict.fromkeys(node.code for node in below if isinstance(node, nodes.Param))
    rules = dict.fromkeys(node.rule for node in below if isinstance(node, nodes.Ref))
    return tuple(facts), tuple(parameters), tuple(rules)


def _unary_change(node: Any) -> Callable[[Any], Any]:
    match node:
        case nodes.Rescale():
            return lambda value: value * node.factor
        case nodes.Sign(op="neg"):
            return operator.neg
        case nodes.Sign():
            return abs
        case nodes.Rounded():
            return lambda value: arithmetic.round_step(node.op, value, node.step)
        case nodes.Shifted():
            return lambda value: arithmetic.shift(value, node.months, node.days)
        case _:
            return operator.not_


COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "year": arithmetic.years_between,
    "month": arithmetic.months_between,
    "day": arithmetic.days_between,
}
_MAKERS: dict[type[Node], Callable[[Compiler, Any, bool], Run]] = {
    nodes.Const: Compiler.constant,
    nodes.AsOf: Compiler.as_of,
    nodes.Param: Compiler.parameter,
    nodes.Fact: Compiler.fact,
    nodes.Ref: Compiler.reference,
    nodes.Quotient: Compiler.quotient,
    nodes.Logic: Compiler.logic,
    nodes.Choice: Compiler.choice,
    nodes.FirstKnown: Compiler.first_known,
    nodes.Extreme: Compiler.extreme,
    nodes.Between: Compiler.between,
    nodes.Member: Compiler.member,
    nodes.Unknown: Compiler.unknown,
    nodes.Table: Compiler.table,
    **dict.fromkeys((nodes.Rescale, nodes.Sign, nodes.Rounded, nodes.Shifted, nodes.Negation), Compiler.unary),
    **dict.fromkeys((nodes.Arithmetic, nodes.Elapsed, nodes.Compare), Compiler.binary),
}
