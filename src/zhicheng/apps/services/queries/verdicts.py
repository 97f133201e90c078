"""What the rules say about an application."""

from collections.abc import Mapping, Sequence
from datetime import date

from zhicheng.apps.services.values import GivenFact, RuleVerdict
from zhicheng.core.rules.public import evaluate
from zhicheng.core.rules.values import Fact, Verdict


def verdicts_of(rules: Sequence[str], facts: Mapping[str, GivenFact], *, on: date, rulebook: str) -> list[RuleVerdict]:
    """Evaluate rules of a rulebook on the facts that somebody vouches for.

    What only the applicant says stays unknown to them.
    """
    if not rules:
        return []
    known = {code: Fact(fact.value, fact.source) for code, fact in facts.items() if fact.verified}
    return [_shown(verdict) for verdict in evaluate(rules, known, on=on, rulebook=rulebook)]


def _shown(verdict: Verdict) -> RuleVerdict:
    started = verdict.effective_from
    return RuleVerdict(
        rule=verdict.rule,
        label=verdict.label,
        version=verdict.version[:12],
        effective_from=started.isoformat() if started else "",
        legal_source=verdict.legal_source,
        outcome=verdict.outcome,
        value=verdict.value,
        reasons=[verdict.failure] if verdict.failure else [reason.text for reason in verdict.reasons],
        unknown_facts=list(verdict.unknown_facts),
    )
