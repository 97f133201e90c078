"""Tests of rules that a lawyer can read: facts on a day → what each rule must decide."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zhicheng.core.packs.public import PackSource, test_kinds
from zhicheng.core.rules.base.books import book_of
from zhicheng.core.rules.base.parameters import typed_value
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.evaluation import Evaluator, Outcome

_ANSWERS = ("yes", "no", "unknown", "failed")


def check_rule(test: Mapping[str, Any], pack: PackSource) -> str | None:
    """`given: {on: day, facts: {column: value}}`, `expect: {rule: yes | no | unknown | failed | a value}`."""
    book, _ = book_of(pack)
    given, expected = test["given"], test["expect"]
    for rule in expected:
        if rule not in book.rules:
            return f"没有规则「{rule}」"
    entity = book.latest(next(iter(expected))).text.entity
    facts = {code: _fact(book, entity, code, value) for code, value in (given.get("facts") or {}).items()}
    outcomes = Evaluator(book, _day(given["on"])).evaluate(list(expected), facts)
    wrong = [_compare(outcomes[rule], wanted) for rule, wanted in expected.items()]
    return "；".join(sentence for sentence in wrong if sentence) or None


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _fact(book: Rulebook, entity: str, code: str, value: Any) -> Any:
    column = book.entities[entity].columns.get(code)
    if column is None:
        raise ValueError(f"没有事实「{code}」")
    typed, fits = typed_value(column.type, value)
    return typed if fits else value


def _compare(outcome: Outcome, wanted: Any) -> str | None:
    """What is wrong with an outcome, with the reasons that led to it."""
    wanted = {True: "yes", False: "no"}.get(wanted, wanted) if isinstance(wanted, bool) else wanted
    if wanted in _ANSWERS and not (outcome.state == "value" and outcome.value == wanted):
        found: Any = outcome.state
    else:
        found, wanted = outcome.value, Decimal(str(wanted)) if isinstance(wanted, float) else wanted
    if found == wanted:
        return None
    told = outcome.failure or "；".join(step.text for step in outcome.steps)
    shown = outcome.value if outcome.state == "value" else outcome.state
    return f"{outcome.id} 得出 {shown}，应是 {wanted}（{told or '没有条件'}）"


test_kinds.add("rule", check_rule)
