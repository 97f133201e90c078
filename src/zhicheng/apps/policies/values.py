"""Typed values that cross the door of policies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Status = Literal["in_force", "coming", "ended"]
FactValue = bool | int | Decimal | str | date
STATUS_LABELS: Mapping[str, str] = {"in_force": "现行有效", "coming": "尚未施行", "ended": "已废止"}
AUDIENCES: Mapping[str, str] = {"person": "个人", "company": "企业"}
NOT_BINDING = "解读只帮助理解，以政策原文为准。"
About = Literal["who", "what", "amount", "condition", "how", "limit", "until"]
QUESTIONS: Mapping[str, str] = {
    "who": "给谁的？",
    "what": "能得到什么？",
    "amount": "能有多少？",
    "condition": "要符合什么条件？",
    "how": "怎么办？",
    "limit": "要注意什么？",
    "until": "管到什么时候？",
}
TOPICS: Mapping[str, str] = {
    "who": "对象",
    "what": "内容",
    "amount": "标准",
    "condition": "条件",
    "how": "办法",
    "limit": "注意",
    "until": "期限",
}


@dataclass(frozen=True)
class Clause:
    """One article. `code` is its anchor and stays the same over versions."""

    code: str
    title: str
    text: str


@dataclass(frozen=True)
class PolicyVersion:
    """A version with its own document number; in force from one day until another, or without end."""

    code: str
    number: str
    from_date: date
    to_date: date | None
    clauses: Sequence[Clause]

    def covers(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_date <= on and (self.to_date is None or on <= self.to_date)


@dataclass(frozen=True)
class Policy:
    """A policy document.

    `rule` decides who is eligible; `item` is the service to apply with, `benefit` one that needs no application.
    """

    code: str
    label: str
    issuer: str
    region: str
    audience: Sequence[str]
    topics: Sequence[str]
    keywords: Sequence[str]
    summary: str
    support: str
    versions: Sequence[PolicyVersion]
    rule: str = ""
    item: str = ""
    benefit: str = ""
    illustrative: bool = False

    def status(self, on: date) -> Status:
        """Whether it is in force on a day."""
        if any(version.covers(on) for version in self.versions):
            return "in_force"
        return "coming" if self.versions[-1].from_date > on else "ended"

    def current(self, on: date) -> PolicyVersion:
        """The version in force on a day, else the newest."""
        return next((version for version in self.versions if version.covers(on)), self.versions[-1])


@dataclass(frozen=True)
class ClauseRef:
    """A clause that a statement rests on; `place` counts from 1 as the text does."""

    code: str
    place: int
    title: str
    text: str

    @property
    def label(self) -> str:
        """As people name it."""
        return f"第 {self.place} 条 {self.title}"


@dataclass(frozen=True)
class Statement:
    """One thing that a policy says, in plain words; `ask` is a question of its own in place of the usual one."""

    about: About
    text: str
    clauses: Sequence[ClauseRef]
    ask: str = ""

    @property
    def topic(self) -> str:
        """What it is about, in two characters."""
        return TOPICS[self.about]

    @property
    def question(self) -> str:
        """What it answers."""
        return self.ask or QUESTIONS[self.about]


@dataclass(frozen=True)
class Reading:
    """A version of a policy in plain words. It explains; only the text itself is binding."""

    policy: str
    version: str
    statements: Sequence[Statement]

    def link_to(self, clause: ClauseRef) -> str:
        """Where a clause stands on the page of this version."""
        return f"/policies/{self.policy}/?version={self.version}#clause-{clause.code}"


@dataclass(frozen=True)
class PolicyFilter:
    """What a list is narrowed to; empty values do not narrow. `after` counts what came before."""

    text: str = ""
    topic: str = ""
    audience: str = ""
    issuer: str = ""
    status: str = ""
    after: int = 0
    limit: int = 20


@dataclass(frozen=True)
class PolicyPage:
    """A page of policies; `after` goes into the next call, 0 at the end."""

    policies: Sequence[Policy]
    total: int
    after: int = 0


@dataclass(frozen=True)
class ClauseChange:
    """A clause in two versions. `parts` are (same | gone | new, text) in reading order."""

    code: str
    title: str
    kind: Literal["same", "changed", "added", "removed"]
    parts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ProfileQuestion:
    """A fact that rules ask for, as a form asks it. `unit` is that of the form: amounts are asked in yuan."""

    code: str
    label: str
    type: str
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KnownFact:
    """A fact about who asks, and where it comes from; `held` by the city's own registers, or said by themselves."""

    code: str
    label: str
    value: FactValue
    source: str
    held: bool


@dataclass(frozen=True)
class ProfileInfo:
    """What somebody said of themselves or of their company."""

    entity: str
    answers: Mapping[str, FactValue]
    updated_at: datetime


@dataclass(frozen=True)
class Condition:
    """One condition of a rule on these facts; `met` is None where a fact is missing."""

    text: str
    met: bool | None
    source: str = ""


@dataclass(frozen=True)
class Match:
    """A policy for somebody: fits, does not, or cannot be told, with every condition.

    `failed` rules are told to an operator; they count neither as fitting nor as not. `not_yet` says that this city has
    no rule to decide by.
    """

    policy: Policy
    outcome: Literal["yes", "no", "unknown", "failed", "not_yet"]
    conditions: Sequence[Condition] = ()
    missing: Sequence[str] = ()
    rule: str = ""
    rule_label: str = ""
    rule_version: str = ""
    effective_from: str = ""
    legal_source: str = ""

    @property
    def unmet(self) -> Sequence[str]:
        """What is missing for this one: conditions that fail."""
        return [condition.text for condition in self.conditions if condition.met is False]
