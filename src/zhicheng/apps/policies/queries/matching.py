"""Matching policies to somebody by rules, with reasons and what is missing for the next one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from zhicheng.apps.policies.policy import rank_matches
from zhicheng.apps.policies.queries.library import get_library
from zhicheng.apps.policies.queries.profiles import known_facts
from zhicheng.apps.policies.values import Condition, KnownFact, Match, Policy
from zhicheng.core.lake.public import get_entity
from zhicheng.core.packs.public import DefinitionUnknown
from zhicheng.core.rules.errors import RuleUnknown
from zhicheng.core.rules.public import evaluate
from zhicheng.core.rules.values import Fact, Reason, Verdict


def match_policies(party: UUID, entity: str, *, on: date) -> list[Match]:
    """Every policy in force that has a rule, for a party: what fits first, then what is nearest."""
    return match_facts(known_facts(party, entity), entity, on=on)


def match_facts(facts: Mapping[str, KnownFact], entity: str, *, on: date) -> list[Match]:
    """Every policy in force that has a rule, on some facts."""
    policies = get_library().with_rules(entity, on)
    known = {code: Fact(fact.value, fact.source) for code, fact in facts.items()}
    labels = {column.code: column.label for column in get_entity(entity).columns} if policies else {}
    return rank_matches(_match(policy, known, labels, on) for policy in policies)


def _match(policy: Policy, facts: Mapping[str, Fact], labels: Mapping[str, str], on: date) -> Match:
    try:
        verdict = evaluate([policy.rule], facts, on=on)[0]
    except (RuleUnknown, DefinitionUnknown):
        return Match(policy, "not_yet")
    outcome = verdict.outcome if verdict.outcome != "value" else "failed"
    return Match(
        policy,
        outcome,
        conditions=_conditions(verdict, facts, on),
        missing=[labels.get(code, code) for code in verdict.unknown_facts],
        **_law(verdict),
    )


def _law(verdict: Verdict) -> dict[str, str]:
    started = verdict.effective_from
    return {
        "rule": verdict.rule,
        "rule_label": verdict.label,
        "rule_version": verdict.version[:12],
        "effective_from": started.isoformat() if started else "",
        "legal_source": verdict.legal_source,
    }


def _leaves(reasons: Sequence[Reason]) -> Iterator[Reason]:
    """The single conditions; of a rule that refers to another, those of the other."""
    for reason in reasons:
        if reason.reasons:
            yield from _leaves(reason.reasons)
        else:
            yield reason


def _conditions(verdict: Verdict, facts: Mapping[str, Fact], on: date) -> list[Condition]:
    leaves = list(_leaves(verdict.reasons))
    failing = {_read(leaf) for leaf in leaves if leaf.outcome is False}
    found = []
    for leaf in leaves:
        met = _is_met(leaf, verdict, facts, on)
        if met is False and leaf.outcome is True and _read(leaf) in failing:
            met = True  # of several conditions on the same facts, those that do not hold stand in the way
        sources = "；".join(dict.fromkeys(fact.source for fact in leaf.facts))
        found.append(Condition(leaf.text, met, sources))
    return found


def _read(reason: Reason) -> frozenset[str]:
    return frozenset(fact.code.rpartition(".")[2] for fact in reason.facts)


def _is_met(reason: Reason, verdict: Verdict, facts: Mapping[str, Fact], on: date) -> bool | None:
    """Whether a condition stands in the way; None where it cannot be told.

    How a condition came out says too little: behind NOT, "listed as abnormal: no" is as it should be, and one side of
    an OR may be missing. What its facts alone, all others unknown, already make a "no" of, stands in the way.
    """
    if verdict.outcome == "yes":
        return True
    read = _read(reason)
    alone = {code: fact for code, fact in facts.items() if code in read}
    if evaluate([verdict.rule], alone, on=on)[0].outcome == "no":
        return False
    return None if read - alone.keys() else True
