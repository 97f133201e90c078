"""A rulebook: all rules checked together, names resolved, cycles found, in the order in which they depend."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from zhicheng.engines.rules.binding import bind
from zhicheng.engines.rules.nodes import Const, Kind, Node, Param, Ref, rescale, walk
from zhicheng.engines.rules.scope import MAX_PARAMETER_PLACES, Scope, Wrong, parameter_type, result_type
from zhicheng.engines.rules.tables import WrongRow, bind_table
from zhicheng.engines.rules.values import Entity, Parameter, Problem, RuleText

_PARAMETER_LIMIT = 10**15


@dataclass(frozen=True)
class Rule:
    """One checked version of a rule."""

    text: RuleText
    node: Node


@dataclass(frozen=True)
class Rulebook:
    """Everything that is needed to decide. `order` lists rule ids so that each comes after those it refers to."""

    entities: Mapping[str, Entity]
    parameters: Mapping[str, Parameter]
    rules: Mapping[str, tuple[Rule, ...]]
    order: tuple[str, ...]

    def at(self, rule: str, day: date) -> Rule | None:
        """The version of a rule that is in force on a day."""
        return next((version for version in self.rules[rule] if version.text.is_in_force(day)), None)

    def latest(self, rule: str) -> Rule:
        """The version that began last."""
        return self.rules[rule][-1]


def build_book(
    entities: Mapping[str, Entity], parameters: Sequence[Parameter], texts: Sequence[RuleText]
) -> tuple[Rulebook, list[Problem]]:
    """Check everything; a rule with a fault is left out of the book, so use it only where there are no problems."""
    problems = [*_parameter_problems(parameters), *_version_problems(texts)]
    known_parameters = {parameter.code: parameter for parameter in parameters}
    signatures = {text.id: text for text in reversed(texts)}
    checked: dict[str, list[Rule]] = {}
    for index, text in enumerate(texts):
        if text.entity not in entities:
            hint = f"可选：{'、'.join(entities)}。列在 lake/ 里声明。"
            problems.append(Problem(index, "rule.unknown_entity", f"没有对象「{text.entity}」。", hint))
            continue
        scope = Scope(entities[text.entity], known_parameters, signatures)
        node, found = _check(index, text, scope)
        problems += found
        if node is not None:
            checked.setdefault(text.id, []).append(Rule(text, node))
    order, cycles = _order(checked, texts)
    rules = {rule: tuple(sorted(found, key=lambda v: v.text.from_date)) for rule, found in checked.items()}
    return Rulebook(entities, known_parameters, rules, order), problems + cycles


def references(node: Node) -> set[str]:
    """The rules that an expression refers to directly."""
    return {part.rule for part in walk(node) if isinstance(part, Ref)}


def parameters_of(node: Node) -> set[str]:
    """The parameters that an expression reads directly."""
    return {part.code for part in walk(node) if isinstance(part, Param)}


def _check(index: int, text: RuleText, scope: Scope) -> tuple[Node | None, list[Problem]]:
    try:
        node = bind_table(text.table, scope) if text.table is not None else bind(text.expression, scope)
        return _as_declared(node, text), []
    except WrongRow as row:
        wrong = row.wrong
        return None, [Problem(index, wrong.code, wrong.message, wrong.hint, row.line)]
    except Wrong as wrong:
        return None, [Problem(index, wrong.code, wrong.message, wrong.hint)]


def _as_declared(node: Node, text: RuleText) -> Node:
    declared = result_type(text)
    if node.type.kind is Kind.NULL:
        node = Const(declared, None)
    if node.type.kind is not declared.kind:
        message = f"规则声明的类型是 {text.type}，表达式的结果却是{node.type.kind.value}。"
        raise Wrong("rule.result_type", message, "请改正 type，或改正表达式。")
    if node.type.places > declared.places:
        message = f"结果有 {node.type.places} 位小数，声明只有 {declared.places} 位。"
        raise Wrong("rule.result_places", message, f"请写明如何取舍，例如 ROUND(…, {declared.places})。")
    return rescale(node, declared.places) if declared.kind is Kind.NUMBER else node


def _parameter_problems(parameters: Sequence[Parameter]) -> Iterator[Problem]:
    seen: set[str] = set()
    for parameter in parameters:
        if parameter.code in seen:
            yield _about(parameter, "parameter.duplicate", f"参数「{parameter.code}」定义了两次。", "请只留一处。")
        seen.add(parameter.code)
        days = [dated.from_date for dated in parameter.values]
        if not days:
            yield _about(parameter, "parameter.empty", "参数没有任何值。", "请至少写一个起始日期和值。")
        if days != sorted(set(days)):
            yield _about(parameter, "parameter.order", "起始日期应从早到晚，不能重复。", "请按日期先后排列各个值。")
        if parameter.type in ("integer", "decimal"):
            yield from _number_problems(parameter)


def _number_problems(parameter: Parameter) -> Iterator[Problem]:
    kind = parameter_type(parameter)
    if parameter.type == "integer" and kind.places:
        yield _about(parameter, "parameter.type", "声明为整数，值却有小数。", "请把 type 改成 decimal，或改正值。")
    if kind.places > MAX_PARAMETER_PLACES or kind.reach > _PARAMETER_LIMIT:
        yield _about(parameter, "parameter.range", "值太大或小数位太多。", "最多六位小数，绝对值不超过 10 的 15 次方。")


def _about(parameter: Parameter, code: str, message: str, hint: str) -> Problem:
    return Problem(-1, code, message, hint, parameter=parameter.code)


def _version_problems(texts: Sequence[RuleText]) -> Iterator[Problem]:
    versions: dict[str, list[tuple[int, RuleText]]] = {}
    for index, text in enumerate(texts):
        if text.to_date is not None and text.to_date < text.from_date:
            yield Problem(index, "rule.period", "失效日期早于生效日期。", "请改正 from 或 to。")
        versions.setdefault(text.id, []).append((index, text))
    for found in versions.values():
        found.sort(key=lambda pair: pair[1].from_date)
        for (_, before), (index, text) in pairwise(found):
            yield from _pair_problems(index, before, text)


def _pair_problems(index: int, before: RuleText, text: RuleText) -> Iterator[Problem]:
    if before.to_date is None or before.to_date >= text.from_date:
        day = text.from_date - timedelta(days=1) if text.from_date > date.min else text.from_date
        message = f"规则「{text.id}」从 {before.from_date} 起的版本和从 {text.from_date} 起的版本有效期重叠。"
        yield Problem(index, "rule.overlapping_versions", message, f"请在前一版写 to: {day}。")
    if (before.entity, before.type, before.decimals) != (text.entity, text.type, text.decimals):
        message = f"规则「{text.id}」的各个版本类型或对象不一致。"
        yield Problem(index, "rule.version_type", message, "同一代码的各个版本 entity、type、decimals 应相同。")


def _order(checked: Mapping[str, Sequence[Rule]], texts: Sequence[RuleText]) -> tuple[tuple[str, ...], list[Problem]]:
    graph = {
        rule: {name for version in versions for name in references(version.node)} & set(checked)
        for rule, versions in checked.items()
    }
    try:
        return tuple(TopologicalSorter(graph).static_order()), []
    except CycleError as error:
        cycle = list(reversed(error.args[1]))
        index = next(place for place, text in enumerate(texts) if text.id == cycle[0])
        message = f"规则互相引用，绕成了圈：{' → '.join(cycle)}。"
        return (), [Problem(index, "rule.cycle", message, "请改其中一条，不再引用圈里的规则。")]
