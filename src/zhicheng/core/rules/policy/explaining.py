"""From the engine's outcome to a verdict that a person can read and contest."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from zhicheng.core.rules.values import FactRead, ParameterRead, Reason, Sourced, Verdict
from zhicheng.engines.rules.book import Rulebook
from zhicheng.engines.rules.evaluation import Outcome, Step
from zhicheng.engines.rules.scalar import reads
from zhicheng.engines.rules.values import Entity, LegalSource, RuleText
from zhicheng.engines.rules.wording import amount

NOT_IN_FORCE = "这条规则在 {day} 没有生效的版本：未知"


def cite(source: LegalSource) -> str:
    """A legal source in words: 《办法》第三条."""
    title = source.title if source.title.startswith("《") else f"《{source.title}》"
    return f"{title}{source.clause}"


class Explainer:
    """Tells the outcomes of one evaluation."""

    def __init__(
        self,
        book: Rulebook,
        versions: Mapping[str, str],
        outcomes: Mapping[str, Outcome],
        facts: Mapping[str, Sourced],
        day: date,
    ) -> None:
        self._book, self._versions, self._outcomes, self._facts, self._day = book, versions, outcomes, facts, day

    def verdict(self, rule: str, *, rulebook: str) -> Verdict:
        """One rule's outcome with its reasons."""
        outcome = self._outcomes[rule]
        text = outcome.rule or self._book.latest(rule).text
        in_force = outcome.rule is not None
        return Verdict(
            rule=rule,
            label=text.label,
            version=self._versions.get(rule, ""),
            rulebook=rulebook,
            effective_from=text.from_date if in_force else None,
            effective_to=text.to_date if in_force else None,
            legal_source=cite(text.source),
            outcome=outcome.state,
            value=outcome.value,
            unit=text.unit,
            reasons=self._reasons(outcome),
            unknown_facts=tuple(sorted(outcome.missing)) if outcome.state == "unknown" else (),
            failure=outcome.failure,
        )

    def _reasons(self, outcome: Outcome) -> tuple[Reason, ...]:
        if outcome.rule is None:
            return (Reason(NOT_IN_FORCE.format(day=self._day), None),)
        entity = self._book.entities[outcome.rule.entity]
        reasons = [self._reason(entity, step) for step in outcome.steps]
        if outcome.failure:
            reasons.append(Reason(f"不能判断：{outcome.failure}", None))
        elif outcome.rule.type != "boolean":
            reasons.append(self._result(entity, outcome, outcome.rule))
        return tuple(reasons)

    def _reason(self, entity: Entity, step: Step) -> Reason:
        sentence = step.sentence
        below = [self._outcomes[rule] for rule in sentence.rules if rule in self._outcomes]
        return Reason(
            step.text,
            step.outcome,
            tuple(self._fact(entity, code) for code in sentence.facts),
            tuple(self._parameter(code) for code in sentence.parameters),
            sentence.rules[0] if len(sentence.rules) == 1 else "",
            tuple(reason for outcome in below for reason in self._reasons(outcome)),
        )

    def _result(self, entity: Entity, outcome: Outcome, text: RuleText) -> Reason:
        """The last reason of a value: what came out, and what it was computed from."""
        node = self._book.at(outcome.id, self._day)
        facts, parameters, rules = reads(node.node) if node else ((), (), ())
        shown = "未知" if outcome.value is None else _shown(outcome, text)
        below = () if outcome.steps else tuple(r for rule in rules for r in self._reasons(self._outcomes[rule]))
        return Reason(
            f"{text.label}：{shown}",
            None if outcome.value is None else True,
            tuple(self._fact(entity, code) for code in facts),
            tuple(self._parameter(code) for code in parameters),
            rules[0] if len(rules) == 1 else "",
            below,
        )

    def _fact(self, entity: Entity, code: str) -> FactRead:
        fact = self._facts.get(code)
        value, source = (fact.value, fact.source) if fact is not None else (None, "没有提供")
        return FactRead(code, entity.columns[code].label, value, source)

    def _parameter(self, code: str) -> ParameterRead:
        parameter = self._book.parameters[code]
        dated = parameter.at(self._day)
        if dated is None:
            return ParameterRead(code, parameter.label, None, parameter.unit, None, "")
        return ParameterRead(code, parameter.label, dated.value, parameter.unit, dated.from_date, cite(dated.source))


def _shown(outcome: Outcome, text: RuleText) -> str:
    value = outcome.value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        places = text.decimals if text.type == "decimal" else 0
        return amount(int(Decimal(value).scaleb(places)), places, text.unit)
    return str(value)
