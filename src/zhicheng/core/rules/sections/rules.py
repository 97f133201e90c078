"""The section of rules. A bad rule stops the pack, with file, line and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from zhicheng.core.packs.public import Fault, Item, PackSource, Section, pin_definition, sections
from zhicheng.core.rules.base.books import RULES, RuleLine, book_of, load
from zhicheng.core.rules.base.parameters import PARAMETERS
from zhicheng.core.rules.base.tables import FOLDER, TABLES
from zhicheng.core.rules.policy.bodies import (
    BOOK_CODE,
    BOOK_KIND,
    PARAMETER_KIND,
    RULE_KIND,
    entity_body,
    parameter_body,
    rule_body,
)
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.nodes import Fact, walk
from zhicheng.engines.rules.values import Problem


def check(value: list[Item[RuleLine]], pack: PackSource) -> Iterator[Fault]:
    """Names, types, cycles, periods, tables: everything that could make a rule wrong is found before it decides."""
    tables = pack.values.get(TABLES) or {}
    for item in value:
        yield from _shape_faults(item, tables)
    _, problems = book_of(pack)
    for problem in problems:
        yield _fault(problem, value, pack)


def install(value: list[Item[RuleLine]], pack: PackSource, now: datetime) -> None:
    """Pin every parameter and rule, and the book that names them all by hash."""
    book, _ = book_of(pack)
    labels = {item.value.id: item.value.label for item in value}
    pinned_parameters = {
        code: pin_definition(PARAMETER_KIND, code, parameter_body(parameter), label=parameter.label, now=now)
        for code, parameter in sorted(book.parameters.items())
    }
    pinned_rules = {
        rule: pin_definition(RULE_KIND, rule, rule_body([v.text for v in versions]), label=labels[rule], now=now)
        for rule, versions in sorted(book.rules.items())
    }
    body = {"parameters": pinned_parameters, "rules": pinned_rules, "entities": _entities_body(book)}
    pin_definition(BOOK_KIND, BOOK_CODE, body, label="规则集", now=now)


def describe(value: list[Item[RuleLine]]) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """A version of a rule with its text."""
    for item in value:
        line = item.value
        fields = {
            "对象": line.entity,
            "类型": line.type,
            "生效": str(line.from_date),
            "失效": str(line.to_date or ""),
            "依据": f"{line.source.title}{line.source.clause}",
            "内容": line.expression or f"决策表 {line.table}（{line.policy}）",
        }
        yield "规则", f"{line.id}@{line.from_date}", line.label, fields


def _shape_faults(item: Item[RuleLine], tables: Mapping[str, Any]) -> Iterator[Fault]:
    line = item.value
    if bool(line.expression) == bool(line.table):
        hint = "写 expression: 表达式，或写 table: 文件名和 policy。"
        yield item.fault("rule.content", f"规则「{line.id}」应有表达式或决策表，二者取一。", hint, key="id")
    if line.table and line.table not in tables:
        message = f"没有决策表「{line.table}」。"
        yield item.fault("rule.unknown_table", message, "表放在 rules/tables/ 下，这里写文件名。", key="table")
    if line.table and line.policy is None:
        hint = "可选：unique、first、collect_sum、collect_max、collect_count。"
        yield item.fault("rule.policy", f"规则「{line.id}」没有写命中方式 policy。", hint, key="table")


def _fault(problem: Problem, items: Sequence[Item[RuleLine]], pack: PackSource) -> Fault:
    if problem.index < 0:
        files = pack.values.get(PARAMETERS) or ()
        file = next(file for file in files if file.parameter.code == problem.parameter)
        return Fault(
            file.item.row.file,
            file.item.row.line,
            problem.code,
            f"{problem.parameter}：{problem.message}",
            problem.hint,
        )
    item = items[problem.index]
    message = f"{item.value.id}：{problem.message}"
    if problem.line:
        return Fault(f"{FOLDER}/{item.value.table}", problem.line, problem.code, message, problem.hint)
    key = {"rule.unknown_entity": "entity", "rule.period": "to", "rule.overlapping_versions": "from"}.get(problem.code)
    return item.fault(problem.code, message, problem.hint, key=key or ("table" if item.value.table else "expression"))


def _entities_body(book: Rulebook) -> list[dict[str, Any]]:
    used: dict[str, set[str]] = {}
    for versions in book.rules.values():
        for version in versions:
            codes = {node.code for node in walk(version.node) if isinstance(node, Fact)}
            used.setdefault(version.text.entity, set()).update(codes)
    return [entity_body(book.entities[code], columns) for code, columns in sorted(used.items())]


sections.add(RULES, Section(RULES, "规则", load, check, install, describe))
