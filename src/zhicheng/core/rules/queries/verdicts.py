"""Verdicts about one person or company, with reasons."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from zhicheng.core.lake.public import facts_of
from zhicheng.core.rules.policy.explaining import Explainer
from zhicheng.core.rules.queries.books import current_rulebook, get_book, get_evaluator
from zhicheng.core.rules.values import Fact, Reason, Sourced, Verdict
from zhicheng.engines.rules.bulk import closure
from zhicheng.engines.rules.scalar import reads
from zhicheng.kit.clock import CHINA

_INDENT = "　"


def evaluate(
    rule_ids: Iterable[str], facts: Mapping[str, Sourced], *, on: date, rulebook: str = ""
) -> tuple[Verdict, ...]:
    """Decide rules for one person or company on a day. A fact that is absent or None is unknown.

    `facts` are named by column (`birth_date`, or `person.birth_date`). `rulebook` is the hash that a case keeps;
    without it the installed pack decides. Never raises for bad facts: the verdict is then `failed`, with its reason.

    Raises:
        RuleUnknown: the rulebook has no such rule.
        NoPackInstalled, DefinitionUnknown: there is no rulebook.
    """
    pinned = get_book(rulebook or current_rulebook())
    wanted = list(rule_ids)
    pinned.require(wanted)
    plain = {name.rpartition(".")[2]: fact for name, fact in facts.items()}
    values: dict[str, Any] = {name: fact.value for name, fact in plain.items()}
    outcomes = get_evaluator(pinned.hash, on).evaluate(wanted, values)
    explainer = Explainer(pinned.book, pinned.versions, outcomes, plain, on)
    return tuple(explainer.verdict(rule, rulebook=pinned.hash) for rule in wanted)


def facts_needed(rule_ids: Sequence[str], *, rulebook: str = "") -> tuple[str, ...]:
    """The columns that rules read, also through rules they refer to; in every version.

    Raises:
        RuleUnknown: the rulebook has no such rule.
    """
    pinned = get_book(rulebook or current_rulebook())
    pinned.require(rule_ids)
    versions = [version for rule in closure(pinned.book, rule_ids) for version in pinned.book.rules[rule]]
    return tuple(dict.fromkeys(code for version in versions for code in reads(version.node)[0]))


def why(entity: str, key: str, rule_ids: Sequence[str], *, on: date, rulebook: str = "") -> tuple[Verdict, ...] | None:
    """Why, or why not: decided again for a day from the facts that the lake held at the end of that day.

    None where the lake held nothing about this key.

    Raises:
        RuleUnknown: the rulebook has no such rule.
        TableUnknown, VersionUnknown: the lake had no such table on that day.
    """
    codes = facts_needed(rule_ids, rulebook=rulebook)
    end = datetime.combine(on + timedelta(days=1), time(), CHINA) - timedelta(microseconds=1)
    found = facts_of(entity, key, as_of=end, columns=codes or None)
    if found is None:
        return None
    facts = {code: Fact(fact.value, fact.source) for code, fact in found.facts.items()}
    return evaluate(rule_ids, facts, on=on, rulebook=rulebook)


def explain(verdict: Verdict) -> str:
    """A verdict as Chinese text: rule, effect, source, each reason on its line, those of other rules indented."""
    answers = {"yes": "符合", "no": "不符合", "unknown": "情况不明，不能判断", "failed": "计算失败，已转人工"}
    head = answers.get(verdict.outcome) or f"{verdict.value}{verdict.unit if verdict.unit != '分' else ' 分'}"
    since = f"，自 {verdict.effective_from} 起施行" if verdict.effective_from else ""
    lines = [f"{verdict.label}：{head}", f"依据：{verdict.legal_source}{since}（规则 {verdict.rule}）"]
    return "\n".join([*lines, *_told(verdict.reasons, 0)])


def _told(reasons: Sequence[Reason], depth: int) -> list[str]:
    lines = []
    for reason in reasons:
        sources = "；".join(dict.fromkeys(fact.source for fact in reason.facts))
        lines.append(f"{_INDENT * depth}· {reason.text}{f'（{sources}）' if sources else ''}")
        lines += _told(reason.reasons, depth + 1)
    return lines
