"""Whether rules may decide: only on facts that somebody vouches for, and never around a contradiction."""

from collections.abc import Mapping, Sequence

from zhicheng.apps.services.values import ApplicationDecision, GivenFact, Problem, RuleVerdict

_BLOCKING = frozenset({"contradiction", "failed", "unproven"})
_VOUCHED = frozenset({"prefilled", "read", "register", "licence"})


def is_verified(kind: str, of: Sequence[str] = ()) -> bool:
    """Whether a value's source vouches for it; what is computed is as good as what it was computed from."""
    if kind == "computed":
        return bool(of) and all(each in _VOUCHED for each in of)
    return kind in _VOUCHED


def decide(
    verdicts: Sequence[RuleVerdict],
    facts: Mapping[str, GivenFact],
    problems: Sequence[Problem],
    labels: Mapping[str, str],
    at: str,
) -> ApplicationDecision:
    """The decision: yes or no where every rule says so and nothing contradicts, else a person's, with what is open.

    A no needs no complete picture: a rule that says no with the facts at hand stands whatever else is unknown. A
    contradiction stops both: somebody must find out which of the two is true first, and so does an applicant who has
    not proven who they are. A document that could not be read stops neither: the rules read facts that somebody
    vouches for, not papers. `labels` name facts that are unknown to everybody.
    """
    found = [*problems, *_open(verdicts, facts, labels)]
    outcomes = {verdict.outcome for verdict in verdicts}
    blocked = any(problem.kind in _BLOCKING for problem in found)
    if blocked or not verdicts:
        outcome = "review"
    elif "no" in outcomes:
        outcome = "no"
    else:
        outcome = "yes" if outcomes == {"yes"} else "review"
    return ApplicationDecision(outcome, verdicts, list(facts.values()), found if outcome == "review" else [], at)


def _open(verdicts: Sequence[RuleVerdict], facts: Mapping[str, GivenFact], labels: Mapping[str, str]) -> list[Problem]:
    """What the rules could not find out."""
    if not verdicts:
        return [Problem("no_rule", "人工审查", "这个事项没有可以自动判定的规则，由工作人员审查")]
    found = []
    for verdict in verdicts:
        if verdict.outcome == "failed":
            text = f"规则「{verdict.label}」没有算出来：{'；'.join(verdict.reasons)}"
            found.append(Problem("failed", verdict.label, text))
        if verdict.outcome == "unknown":
            found += [_unknown(code, facts.get(code), labels) for code in verdict.unknown_facts]
    return list(dict.fromkeys(found))


def _unknown(code: str, fact: GivenFact | None, labels: Mapping[str, str]) -> Problem:
    if fact is None:
        label = labels.get(code, code)
        return Problem("unknown", label, f"{label}：登记数据里没有查到")
    return Problem("unverified", fact.label, f"{fact.label}只有申请人自己填写（{fact.said}），没有数据可以核对")
