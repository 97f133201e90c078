"""Deciding for one: outcome, value and the trace, for the versions in force on a day."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from zhicheng.engines.rules import nodes
from zhicheng.engines.rules.book import Rule, Rulebook
from zhicheng.engines.rules.nodes import FIRST_DATE, LAST_DATE, Kind
from zhicheng.engines.rules.noting import NotingCompiler
from zhicheng.engines.rules.reading import Failed
from zhicheng.engines.rules.scalar import Sentence, Trail
from zhicheng.engines.rules.scope import result_type
from zhicheng.engines.rules.values import RuleText, Value
from zhicheng.engines.rules.wording import amount

State = Literal["yes", "no", "unknown", "value", "failed"]


@dataclass(frozen=True, slots=True)
class Step:
    """A condition that was met: its sentence, its outcome, and which facts, parameters and rules it read."""

    sentence: Sentence
    values: tuple[Any, ...]
    raw: Any

    @property
    def text(self) -> str:
        """The condition in Chinese with its values: 「年龄 82 ≥ 80：是」."""
        return self.sentence.write(self.values, self.raw)

    @property
    def outcome(self) -> bool | None:
        """True, false or unknown; a table is true where a row was hit."""
        if isinstance(self.raw, list):
            return True if True in self.raw else (None if None in self.raw else False)
        return self.raw  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule decided. `rule` is None where no version was in force; `failure` is set where it failed.

    `missing` names the facts that were unknown on the way, also through other rules.
    """

    id: str
    rule: RuleText | None
    state: State
    value: Value | None
    steps: tuple[Step, ...]
    missing: frozenset[str]
    failure: str = ""
    scaled: Any = None


class Evaluator:
    """Decides by the rules of a book on a day. Keeps the compiled functions: make one and use it many times."""

    def __init__(self, book: Rulebook, day: date) -> None:
        self._book, self._day = book, day
        self._compiled: dict[str, tuple[Rule, Callable[[Trail], Any], Callable[[Any], Any]] | None] = {}
        self._compilers: dict[str, NotingCompiler] = {}

    def evaluate(self, rules: Iterable[str], facts: Mapping[str, Any]) -> dict[str, Outcome]:
        """Outcomes of rules, and of every rule they refer to, by id. An absent fact or None is unknown.

        Raises:
            KeyError: the book has no such rule.
        """
        trail = Trail(facts)
        for rule in rules:
            self._decide(trail, rule)
        return trail.results

    def _decide(self, trail: Trail, rule: str) -> Outcome:
        done: Outcome | None = trail.results.get(rule)
        if done is not None:
            return done
        compiled = self._compiled[rule] if rule in self._compiled else self._compile(rule)
        outer = trail.steps, trail.missing
        trail.steps, trail.missing = [], set()
        outcome = Outcome(rule, None, "unknown", None, (), frozenset()) if compiled is None else _run(trail, *compiled)
        trail.steps, trail.missing = outer
        trail.results[rule] = outcome
        return outcome

    def _refer(self, trail: Trail, rule: str) -> Any:
        outcome = self._decide(trail, rule)
        if outcome.state == "failed":
            raise Failed(f"所依据的规则「{self._book.latest(rule).text.label}」不能判断：{outcome.failure}")
        trail.missing |= outcome.missing
        return outcome.scaled

    def _compile(self, rule: str) -> tuple[Rule, Callable[[Trail], Any], Callable[[Any], Any]] | None:
        version = self._book.at(rule, self._day)
        found = None
        if version is not None:
            entity = version.text.entity
            if entity not in self._compilers:
                self._compilers[entity] = NotingCompiler(self._book, entity, self._day, self._refer)
            run = self._compilers[entity].run(version.node, traced=True)
            found = (version, run, _result_check(version))
        else:
            _ = self._book.rules[rule]
        self._compiled[rule] = found
        return found


def _run(trail: Trail, version: Rule, run: Callable[[Trail], Any], check: Callable[[Any], Any]) -> Outcome:
    text = version.text
    failure, scaled = "", None
    try:
        scaled = check(run(trail))
    except Failed as failed:
        failure = str(failed)
    steps = tuple([Step(sentence, values, raw) for sentence, values, raw in trail.steps])
    state = _state(scaled, failure)
    value = scaled
    if version.node.type.kind is Kind.NUMBER and version.node.type.places and scaled is not None:
        value = Decimal(scaled).scaleb(-version.node.type.places)
    return Outcome(text.id, text, state, value, steps, frozenset(trail.missing), failure, scaled)


def _state(scaled: Any, failure: str) -> State:
    if failure:
        return "failed"
    if scaled is None:
        return "unknown"
    if scaled is True:
        return "yes"
    return "no" if scaled is False else "value"


def _result_check(version: Rule) -> Callable[[Any], Any]:
    """What a result must keep to; nothing to check where the bounds known at load already say so."""
    kind = version.node.type.kind
    if kind is Kind.NUMBER and version.node.type.reach > result_type(version.text).high:
        limit, label = result_type(version.text).high, version.text.label

        def check_number(value: Any) -> Any:
            if value is not None and not -limit <= value <= limit:
                shown = amount(value, version.node.type.places, version.text.unit)
                raise Failed(f"「{label}」的结果 {shown} 超出范围")
            return value

        return check_number
    if kind is Kind.DATE and any(isinstance(node, nodes.Shifted) for node in nodes.walk(version.node)):
        return _check_date
    return lambda value: value


def _check_date(value: Any) -> Any:
    if value is not None and not FIRST_DATE <= value <= LAST_DATE:
        raise Failed(f"日期 {value} 超出范围")
    return value
