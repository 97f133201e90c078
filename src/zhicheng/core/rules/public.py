"""The door of rules: verdicts with reasons for one, runs over a population, rulebooks to keep, drafts to compare."""

from collections.abc import Sequence
from datetime import date

from zhicheng.core.rules.errors import DraftRefused, MixedEntities, RuleUnknown
from zhicheng.core.rules.operations.running import run_population
from zhicheng.core.rules.operations.sweeping import sweep_verdicts
from zhicheng.core.rules.queries.books import current_rulebook, get_book, get_rule, list_rules
from zhicheng.core.rules.queries.drafts import compare_draft, list_differences
from zhicheng.core.rules.queries.runs import get_run, list_runs
from zhicheng.core.rules.queries.trusting import trusting
from zhicheng.core.rules.queries.verdicts import evaluate, explain, facts_needed, why
from zhicheng.core.rules.values import (
    Comparison,
    Difference,
    Fact,
    FactRead,
    ParameterRead,
    Reason,
    RuleChange,
    RuleInfo,
    Run,
    Tally,
    Verdict,
)
from zhicheng.engines.rules.bulk import BulkOptions, BulkQuery, compile_bulk


def bulk_query(rule_ids: Sequence[str], relation: str, *, on: date, rulebook: str = "") -> BulkQuery:
    """The query of a bulk run over any relation (SQL text), by the installed rulebook or a pinned one.

    Raises:
        RuleUnknown: the rulebook has no such rule.
    """
    pinned = get_book(rulebook or current_rulebook())
    pinned.require(rule_ids)
    return compile_bulk(pinned.book, rule_ids, relation, day=on, options=BulkOptions())


__all__ = [
    "BulkQuery",
    "Comparison",
    "Difference",
    "DraftRefused",
    "Fact",
    "FactRead",
    "MixedEntities",
    "ParameterRead",
    "Reason",
    "RuleChange",
    "RuleInfo",
    "RuleUnknown",
    "Run",
    "Tally",
    "Verdict",
    "bulk_query",
    "compare_draft",
    "current_rulebook",
    "evaluate",
    "explain",
    "facts_needed",
    "get_rule",
    "get_run",
    "list_differences",
    "list_rules",
    "list_runs",
    "run_population",
    "sweep_verdicts",
    "trusting",
    "why",
]
