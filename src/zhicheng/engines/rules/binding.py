"""From the text of an expression to a checked node: only what is listed here may be written.

sqlglot parses; each kind of node and each function that is allowed has one entry in a table, everything else is
refused with its name.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from zhicheng.engines.rules import building
from zhicheng.engines.rules.nodes import BOOLEAN, DATE, NULL, TEXT, AsOf, Const, Kind, Node, Type, Unknown
from zhicheng.engines.rules.scope import Scope, Wrong, places_of

MAX_LENGTH = 4000
MAX_DEPTH = 60
MAX_LITERAL = 10**15
_FUNCTIONS = "years_between、months_between、days_between、COALESCE、LEAST、GREATEST、ABS、ROUND、FLOOR、CEIL"


def bind(text: str, scope: Scope) -> Node:
    """Parse an expression and check every name, function and type in it.

    Raises:
        Wrong: the first thing that is not as it must be.
    """
    if len(text) > MAX_LENGTH:
        raise Wrong("rule.too_long", f"表达式超过 {MAX_LENGTH} 个字符。", "请拆成几条规则，用规则代码引用。")
    try:
        tree = sqlglot.parse_one(text, read="duckdb")
    except (SqlglotError, RecursionError) as error:
        raise Wrong("rule.syntax", f"表达式读不懂：{_first_line(error)}", "请检查括号、引号和运算符。") from None
    return _Binder(scope).bind(tree)


class _Binder:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._depth = 0

    def bind(self, tree: Any) -> Node:
        """The node for a part of the parsed text."""
        handler = _HANDLERS.get(type(tree))
        if handler is None:
            raise _refused(tree)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Wrong("rule.too_deep", f"表达式嵌套超过 {MAX_DEPTH} 层。", "请拆成几条规则，用规则代码引用。")
        node = handler(self, tree)
        self._depth -= 1
        return node

    def name(self, tree: Any) -> Node:
        """A fact, `as_of`, a rule or a parameter."""
        path = _path(tree)
        if path == "as_of":
            return AsOf(DATE)
        return self.scope.find(path)

    def literal(self, tree: Any) -> Node:
        """A number or a text."""
        if tree.is_string:
            return Const(TEXT, str(tree.this))
        return number(str(tree.this))

    def date_literal(self, tree: Any) -> Node:
        """DATE '2026-01-31'; no other cast."""
        inner = tree.this
        if tree.to.this != exp.DataType.Type.DATE or not (isinstance(inner, exp.Literal) and inner.is_string):
            raise Wrong("rule.cast", "不能转换类型。", "日期写成 DATE '2026-01-31'；其他类型按列的声明使用。")
        try:
            return Const(DATE, date.fromisoformat(inner.this))
        except ValueError:
            hint = "请写成 DATE '2026-01-31' 的形式。"
            raise Wrong("rule.date", f"“{inner.this}”不是日期。", hint) from None

    def plus_or_minus(self, tree: Any) -> Node:
        """Numbers, or a date and an interval."""
        op = "+" if isinstance(tree, exp.Add) else "-"
        if isinstance(tree.expression, exp.Interval):
            return building.shifted(self.bind(tree.this), *self._interval(tree.expression, -1 if op == "-" else 1))
        return building.arithmetic(op, self.bind(tree.this), self.bind(tree.expression))

    def _interval(self, tree: Any, sign: int) -> tuple[int, int]:
        amount, unit = tree.this, str(tree.args.get("unit") or "").upper().removesuffix("S")
        if not isinstance(amount, exp.Literal) or not str(amount.this).isdigit() or unit not in _MONTHS_AND_DAYS:
            raise Wrong(
                "rule.interval", "时间间隔写法不对。", "请写成 INTERVAL 5 YEAR、INTERVAL 3 MONTH 或 INTERVAL 10 DAY。"
            )
        months, days = _MONTHS_AND_DAYS[unit]
        return sign * months * int(amount.this), sign * days * int(amount.this)

    def negative(self, tree: Any) -> Node:
        """A minus sign."""
        return building.sign("neg", self.bind(tree.this))

    def logic(self, tree: Any) -> Node:
        """AND, OR: chains of the same operator become one node."""
        op = "and" if isinstance(tree, exp.And) else "or"
        return building.logic(op, [self.bind(part) for part in tree.flatten()])

    def is_null(self, tree: Any) -> Node:
        """IS NULL; IS TRUE and the like are refused."""
        if not isinstance(tree.expression, exp.Null):
            raise Wrong(
                "rule.is",
                "IS 后面只能是 NULL 或 NOT NULL。",
                "判断真假直接写列名；未知按假处理写 COALESCE(列, FALSE)。",
            )
        return Unknown(BOOLEAN, self.bind(tree.this))

    def member(self, tree: Any) -> Node:
        """IN with a written list; no subquery."""
        if tree.args.get("query") is not None or not tree.expressions:
            raise Wrong("rule.in", "IN 后面应是写出来的取值。", "例如 education IN ('bachelor', 'master')。")
        return building.member(self.bind(tree.this), [self.bind(option) for option in tree.expressions], self.scope)

    def between(self, tree: Any) -> Node:
        """BETWEEN, both ends inclusive."""
        return building.between(self.bind(tree.this), self.bind(tree.args["low"]), self.bind(tree.args["high"]))

    def case(self, tree: Any) -> Node:
        """CASE WHEN … THEN … ELSE … END; the form with an operand is refused."""
        if tree.this is not None:
            raise Wrong("rule.case", "CASE 后面直接写 WHEN。", "请写成 CASE WHEN 条件 THEN 结果 ELSE 结果 END。")
        branches = [(self.bind(part.this), self.bind(part.args["true"])) for part in tree.args["ifs"]]
        default = tree.args.get("default")
        return building.choice(branches, self.bind(default) if default is not None else Const(NULL, None))

    def several(self, tree: Any) -> list[Node]:
        """All arguments of a function whose first stands apart in sqlglot's tree."""
        return [self.bind(part) for part in (tree.this, *tree.expressions)]

    def rounded(self, tree: Any) -> Node:
        """ROUND(x), ROUND(x, digits), FLOOR(x), CEIL(x)."""
        digits = tree.args.get("decimals")
        if digits is not None and not (isinstance(digits, exp.Literal) and str(digits.this).isdigit()):
            raise Wrong("rule.round", "ROUND 的位数应是写出来的非负整数。", "例如 ROUND(x, 2)。")
        return building.rounded(type(tree).__name__.lower(), self.bind(tree.this), int(digits.this) if digits else 0)

    def function(self, tree: Any) -> Node:
        """The functions that SQL does not have."""
        name = str(tree.this).lower()
        if name not in ("years_between", "months_between", "days_between") or len(tree.expressions) != 2:
            raise _refused(tree)
        start, end = (self.bind(part) for part in tree.expressions)
        return building.elapsed(name.removesuffix("s_between"), start, end)

    def months(self, tree: Any) -> Node:
        """`months_between`, which sqlglot knows by itself."""
        return building.elapsed("month", self.bind(tree.this), self.bind(tree.expression))


def number(text: str) -> Const:
    """A literal number as a scaled integer; at most six places and 10^15."""
    value = Decimal(text)
    places = places_of(value)
    if places > 6 or abs(value) > MAX_LITERAL:
        raise Wrong("rule.literal", f"数 {text} 太大或小数位太多。", "最多六位小数，绝对值不超过 10 的 15 次方。")
    scaled = int(value.scaleb(places))
    return Const(Type(Kind.NUMBER, places, scaled, scaled), scaled)


def _path(tree: Any) -> str:
    if isinstance(tree, exp.Dot):
        return f"{_path(tree.this)}.{tree.expression.name}"
    if not isinstance(tree, exp.Column):
        raise _refused(tree)
    return ".".join(part.name for part in tree.parts)


def _refused(tree: Any) -> Wrong:
    name = str(tree.this) if isinstance(tree, exp.Anonymous) else type(tree).__name__
    hint = f"可用：四则运算、比较、AND/OR/NOT、IN、BETWEEN、IS NULL、CASE、日期加减 INTERVAL，函数 {_FUNCTIONS}。"
    return Wrong("rule.unknown_function", f"表达式里不能用「{name}」，或它的参数个数不对。", hint)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or ["嵌套太深"])[0].replace("\x1b[4m", "").replace("\x1b[0m", "")


_MONTHS_AND_DAYS = {"YEAR": (12, 0), "MONTH": (1, 0), "DAY": (0, 1)}
_COMPARISONS: Mapping[type[Any], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}


def _compare(binder: _Binder, tree: Any) -> Node:
    left, right = binder.bind(tree.this), binder.bind(tree.expression)
    return building.compare(_COMPARISONS[type(tree)], left, right, binder.scope)


_HANDLERS: dict[type[Any], Callable[[_Binder, Any], Node]] = {
    exp.Column: _Binder.name,
    exp.Dot: _Binder.name,
    exp.Literal: _Binder.literal,
    exp.Boolean: lambda _binder, tree: Const(BOOLEAN, bool(tree.this)),
    exp.Null: lambda _binder, _tree: Const(NULL, None),
    exp.Cast: _Binder.date_literal,
    exp.Paren: lambda binder, tree: binder.bind(tree.this),
    exp.Add: _Binder.plus_or_minus,
    exp.Sub: _Binder.plus_or_minus,
    exp.Mul: lambda binder, tree: building.arithmetic("*", binder.bind(tree.this), binder.bind(tree.expression)),
    exp.Div: lambda binder, tree: building.quotient(binder.bind(tree.this), binder.bind(tree.expression)),
    exp.Neg: _Binder.negative,
    exp.And: _Binder.logic,
    exp.Or: _Binder.logic,
    exp.Not: lambda binder, tree: building.negation(binder.bind(tree.this)),
    exp.In: _Binder.member,
    exp.Between: _Binder.between,
    exp.Is: _Binder.is_null,
    exp.Case: _Binder.case,
    exp.Coalesce: lambda binder, tree: building.first_known(binder.several(tree)),
    exp.Least: lambda binder, tree: building.extreme("least", binder.several(tree)),
    exp.Greatest: lambda binder, tree: building.extreme("greatest", binder.several(tree)),
    exp.Abs: lambda binder, tree: building.sign("abs", binder.bind(tree.this)),
    exp.Round: _Binder.rounded,
    exp.Floor: _Binder.rounded,
    exp.Ceil: _Binder.rounded,
    exp.Anonymous: _Binder.function,
    exp.MonthsBetween: _Binder.months,
    **dict.fromkeys(_COMPARISONS, _compare),
}
