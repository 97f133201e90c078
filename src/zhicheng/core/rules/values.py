"""Typed values of rules: facts, verdicts with their reasons, runs over a population, comparisons of two packs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol
from uuid import UUID

Value = bool | int | Decimal | str | date
Answer = Literal["yes", "no", "unknown", "value", "failed"]


class Sourced(Protocol):
    """A value with where it comes from: `Fact`, or a fact of the lake."""

    @property
    def value(self) -> Value | None:
        """The value; None is unknown."""

    @property
    def source(self) -> str:
        """A Chinese phrase and a code."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value and where it comes from. None is unknown, not "none"."""

    value: Value | None
    source: str


@dataclass(frozen=True, slots=True)
class FactRead:
    """A fact as a reason names it."""

    code: str
    label: str
    value: Value | None
    source: str


@dataclass(frozen=True, slots=True)
class ParameterRead:
    """A parameter as a reason names it: its value in force, since when, and where the law says so."""

    code: str
    label: str
    value: Value | None
    unit: str
    from_date: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition: a sentence with its values, whether it held (None: unknown), what it read.

    `reasons` are those of the rule it refers to.
    """

    text: str
    outcome: bool | None
    facts: tuple[FactRead, ...] = ()
    parameters: tuple[ParameterRead, ...] = ()
    rule: str = ""
    reasons: tuple["Reason", ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule decided, and all that is needed to explain and to contest it.

    `version` is the hash of what the rule decides by: itself, the rules it refers to, their parameters; `rulebook` that
    of the whole book.
    `outcome` is `failed` where the rule could not be evaluated: `failure` says why, for an operator; it is not "no".
    """

    rule: str
    label: str
    version: str
    rulebook: str
    effective_from: date | None
    effective_to: date | None
    legal_source: str
    outcome: Answer
    value: Value | None
    unit: str
    reasons: Sequence[Reason]
    unknown_facts: tuple[str, ...]
    failure: str = ""


@dataclass(frozen=True)
class RuleInfo:
    """A rule as lists show it: the version that began last."""

    id: str
    label: str
    entity: str
    type: str
    unit: str
    effective_from: date
    effective_to: date | None
    legal_source: str
    text: str
    version: str


@dataclass(frozen=True)
class Tally:
    """How a run answered one rule. `total` sums numbers (in the rule's unit), None for other types."""

    rule: str
    yes: int
    no: int
    unknown: int
    values: int
    failed: int
    total: Decimal | None


@dataclass(frozen=True)
class Run:
    """A bulk run: by which rulebook, over which version of which table, where its results lie, and their hash.

    The same rulebook over the same table version gives the same `result_hash`.
    """

    id: UUID
    entity: str
    on: date
    at: datetime
    actor_ref: str
    rulebook: str
    table_version: str
    result_table: str
    result_hash: str
    rows: int
    tallies: tuple[Tally, ...]


@dataclass(frozen=True)
class RuleChange:
    """How one rule's answers differ between the current pack and a draft. Amounts are in the rule's unit.

    For a condition, to gain is to become "yes" and to lose to be no longer; for a number, more or less than before.
    """

    rule: str
    label: str
    unit: str
    gain: int
    lose: int
    gained: Decimal
    lost: Decimal
    total_before: Decimal
    total_after: Decimal
    failed_before: int
    failed_after: int


@dataclass(frozen=True)
class Difference:
    """One person or company whom a draft treats differently."""

    key: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True)
class Comparison:
    """A draft pack against the current one over one version of a table."""

    entity: str
    on: date
    table_version: str
    rulebook: str
    draft: str
    rows: int
    changes: tuple[RuleChange, ...]
