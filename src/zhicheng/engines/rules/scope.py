"""The names an expression may use: facts of its entity, rules by id, parameters; and their types with bounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from zhicheng.engines.rules.nodes import (
    BOOLEAN,
    DATE,
    DECIMAL_LIMIT,
    DECIMAL_PLACES,
    FACT_LIMIT,
    RESULT_LIMIT,
    TEXT,
    Fact,
    Kind,
    Node,
    Param,
    Ref,
    Type,
)
from zhicheng.engines.rules.values import Column, Entity, Parameter, RuleText

_PLAIN = {"boolean": BOOLEAN, "text": TEXT, "date": DATE}
MAX_PARAMETER_PLACES = 6


class Wrong(Exception):
    """Something in an expression is not as it must be: code, sentence, what to do."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


@dataclass(frozen=True)
class Scope:
    """What an expression of one rule may name."""

    entity: Entity
    parameters: Mapping[str, Parameter]
    rules: Mapping[str, RuleText]

    def find(self, path: str) -> Node:
        """The node for a name: `birth_date`, `person.age` (a rule), `param.elderly_age`.

        Raises:
            Wrong: nothing has this name.
        """
        if path.startswith("param."):
            return self._parameter(path.removeprefix("param."))
        if "." in path:
            return self._rule(path)
        column = self.entity.columns.get(path)
        if column is None:
            hint = f"{_nearest(path, self.entity.columns)}列在 lake/{self.entity.code}.yaml 里声明。"
            raise Wrong("rule.unknown_column", f"{self.entity.label}没有「{path}」这一列。", hint)
        return Fact(fact_type(column), path)

    def _parameter(self, code: str) -> Node:
        parameter = self.parameters.get(code)
        if parameter is None:
            hint = f"{_nearest(code, self.parameters)}参数在 rules/parameters/ 里声明。"
            raise Wrong("rule.unknown_parameter", f"没有参数「{code}」。", hint)
        return Param(parameter_type(parameter), code)

    def _rule(self, rule: str) -> Node:
        text = self.rules.get(rule)
        if text is None:
            hint = f"{_nearest(rule, self.rules)}规则在 rules/ 里声明；事实直接写列名，不加前缀。"
            raise Wrong("rule.unknown_rule", f"没有规则「{rule}」。", hint)
        if text.entity != self.entity.code:
            message = f"规则「{rule}」是关于另一种对象（{text.entity}）的，不能在这里引用。"
            raise Wrong("rule.other_entity", message, f"只能引用关于{self.entity.label}的规则。")
        return Ref(result_type(text), rule)


def fact_type(column: Column) -> Type:
    """The type of a column. Integers reach 10^15, decimals 10^9 with four places; a declaration may say less."""
    if column.type in _PLAIN:
        return _PLAIN[column.type]
    places = DECIMAL_PLACES if column.type == "decimal" else 0
    limit = DECIMAL_LIMIT if column.type == "decimal" else FACT_LIMIT
    low = -limit if column.least is None else max(column.least, -limit)
    high = limit if column.most is None else min(column.most, limit)
    return Type(Kind.NUMBER, places, low * 10**places, high * 10**places)


def result_type(text: RuleText) -> Type:
    """The declared type of a rule's result."""
    if text.type in _PLAIN:
        return _PLAIN[text.type]
    if text.type == "integer":
        return Type(Kind.NUMBER, 0, -FACT_LIMIT, FACT_LIMIT)
    return Type(Kind.NUMBER, text.decimals, -RESULT_LIMIT, RESULT_LIMIT)


def parameter_type(parameter: Parameter) -> Type:
    """The type of a parameter: places and bounds over the whole series, so that they hold on every day."""
    if parameter.type in _PLAIN:
        return _PLAIN[parameter.type]
    numbers = [Decimal(str(dated.value)) for dated in parameter.values if dated.value is not None]
    places = max((places_of(number) for number in numbers), default=0)
    scaled = [int(number.scaleb(places)) for number in numbers]
    return Type(Kind.NUMBER, places, min(scaled, default=0), max(scaled, default=0))


def places_of(number: Decimal) -> int:
    """How many decimal places a number really has."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"是不是“{close[0]}”？" if close else ""
