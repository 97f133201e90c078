"""How a condition reads in Chinese: 「年龄 82 ≥ 80：是」. Amounts in cents are shown in yuan, codes by their labels."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.nodes import (
    Arithmetic,
    AsOf,
    Const,
    Elapsed,
    Extreme,
    Fact,
    FirstKnown,
    Kind,
    Node,
    Param,
    Quotient,
    Ref,
    Rescale,
    Rounded,
    Shifted,
    Sign,
)

Show = Callable[[Any], str]
UNKNOWN = "未知"
ANSWERS = {True: "是", False: "否", None: UNKNOWN}
_SIGNS = {"=": "=", "<>": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "*": "×", "+": "+", "-": "-"}
_ELAPSED = {"year": "周年", "month": "整月", "day": "天"}


class Wording:
    """Labels and value formats for the nodes of one entity's rules."""

    def __init__(self, book: Rulebook, entity: str) -> None:
        self._book = book
        self._columns = book.entities[entity].columns

    def label(self, node: Node) -> str:
        """A node in words: the label of what it names, arithmetic spelled out."""
        writer = _LABELS.get(type(node))
        return writer(self, node) if writer else "条件"

    def show(self, node: Node) -> Show:
        """How values of a node are written."""
        codes = self._columns[node.code].codes if isinstance(node, Fact) else {}
        if codes or node.type.kind is not Kind.NUMBER:
            return lambda value: UNKNOWN if value is None else _plain(value, codes)
        unit = self.unit(node)
        return lambda value: UNKNOWN if value is None else amount(value, node.type.places, unit)

    def operand(self, node: Node, beside: Node) -> Show:
        """A side of a comparison: label and value, or only the value of a literal (in the other side's terms)."""
        if isinstance(node, Const):
            return self.literal(node, beside)
        label, show = self.label(node), self.show(node)
        return lambda value: f"{label} {show(value)}"

    def literal(self, node: Node, beside: Node) -> Show:
        """A literal shown as a value of what it is compared with."""
        if node.type.kind is not Kind.NUMBER or (isinstance(beside, Fact) and self._columns[beside.code].codes):
            return self.show(beside)
        unit = self.unit(beside)
        return lambda value: amount(value, node.type.places, unit)

    def unit(self, node: Node) -> str:
        """The unit of a number, carried through sums, roundings and the like."""
        if isinstance(node, Fact):
            return self._columns[node.code].unit
        if isinstance(node, Param):
            return self._book.parameters[node.code].unit
        if isinstance(node, Ref):
            return self._book.latest(node.rule).text.unit
        if isinstance(node, (Rescale, Rounded, Sign)):
            return self.unit(node.child)
        return ""

    def fact(self, node: Fact) -> str:
        """The column's label."""
        return self._columns[node.code].label

    def parameter(self, node: Param) -> str:
        """The parameter's label."""
        return self._book.parameters[node.code].label

    def reference(self, node: Ref) -> str:
        """The other rule's label."""
        return self._book.latest(node.rule).text.label

    def constant(self, node: Const) -> str:
        """A literal inside a longer label."""
        return self.show(node)(node.value)

    def arithmetic(self, node: Any) -> str:
        """Both sides with the operator."""
        sign = "÷" if isinstance(node, Quotient) else _SIGNS[node.op]
        return f"（{self.label(node.left)}{sign}{self.label(node.right)}）"

    def elapsed(self, node: Elapsed) -> str:
        """Since when until when, in which unit."""
        end = "至今" if isinstance(node.end, AsOf) else f"至{self.label(node.end)}"
        return f"{self.label(node.start)}{end}{_ELAPSED[node.unit]}数"

    def shifted(self, node: Shifted) -> str:
        """A date before or after another."""
        amount = f"{abs(node.months)} 个月" if node.months else f"{abs(node.days)} 天"
        return f"{self.label(node.child)}{'前' if node.months + node.days < 0 else '后'} {amount}"

    def several(self, node: Any) -> str:
        """Greatest, least, first known."""
        word = {"greatest": "最大者", "least": "最小者"}.get(getattr(node, "op", ""), "有值者")
        return f"{'、'.join(self.label(part) for part in node.parts)}中{word}"


def amount(scaled: int, places: int, unit: str) -> str:
    """A scaled number with its unit; cents as yuan.

    >>> amount(123456, 0, "分"), amount(250, 2, "%")
    ('1,234.56 元', '2.5%')
    """
    if unit == "分":
        return f"{Decimal(scaled).scaleb(-places - 2):,.2f} 元"
    number = Decimal(scaled).scaleb(-places)
    text = f"{number:f}".rstrip("0").rstrip(".") if places else str(scaled)
    return f"{text}{unit}" if unit in ("", "%", "岁") else f"{text} {unit}"


def sign(op: str) -> str:
    """The sign of a comparison as print has it."""
    return _SIGNS[op]


def _plain(value: Any, codes: Any) -> str:
    if isinstance(value, bool):
        return ANSWERS[value]
    if isinstance(value, date):
        return value.isoformat()
    return str(codes.get(str(value), value))


_LABELS: dict[type[Node], Callable[[Wording, Any], str]] = {
    Fact: Wording.fact,
    Param: Wording.parameter,
    Ref: Wording.reference,
    Const: Wording.constant,
    AsOf: lambda _self, _node: "计算日",
    Arithmetic: Wording.arithmetic,
    Quotient: Wording.arithmetic,
    Elapsed: Wording.elapsed,
    Shifted: Wording.shifted,
    Extreme: Wording.several,
    FirstKnown: Wording.several,
    Rescale: lambda self, node: self.label(node.child),
    Rounded: lambda self, node: self.label(node.child),
    Sign: lambda self, node: f"{'负的' if node.op == 'neg' else '绝对值'}{self.label(node.child)}",
}
