"""Typed values of services: what the city offers, to whom, under which law; applications and how they were decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from zhicheng.core.forms.values import Owner


@dataclass(frozen=True)
class LegalBasis:
    """Where the duty to offer a service comes from."""

    title: str
    clause: str = ""


@dataclass(frozen=True)
class MaterialNeed:
    """One material that an item asks for; `note` says when, where it is not always."""

    code: str
    required: bool = True
    note: str = ""


@dataclass(frozen=True)
class MaterialType:
    """A kind of material. With `licence`, the city holds it already and nobody has to hand it in."""

    code: str
    label: str
    kind: str = "document"
    licence: str = ""
    reader: str = "none"
    note: str = ""


@dataclass(frozen=True)
class Waiver:
    """A material that nobody has to hand in when the register answers: `fact` is known, and is `value` where given."""

    material: str
    fact: str
    words: str
    value: bool | None = None


@dataclass(frozen=True)
class Window:
    """A place where somebody can be asked in person."""

    name: str
    address: str = ""
    hours: str = ""


@dataclass(frozen=True)
class ServiceItem:
    """A service item with its guide. Limits are working days, `fee_cents` is 0 where nothing is charged.

    `legal_text` is the law's own limit where it counts other days; `apply_at` is the page of this site that takes
    what is not applied for by a form of the catalogue.
    """

    code: str
    label: str
    department: str
    level: str
    audience: Sequence[str]
    kind: str
    life_events: Sequence[str] = ()
    keywords: Sequence[str] = ()
    legal_basis: Sequence[LegalBasis] = ()
    conditions: Sequence[str] = ()
    materials: Sequence[MaterialNeed] = ()
    legal_working_days: int = 0
    promised_working_days: int = 0
    legal_text: str = ""
    fee_text: str = ""
    fee_cents: int = 0
    windows: Sequence[Window] = ()
    links: int = 1
    trips: int = 0
    result: str = ""
    licence: str = ""
    form: str = ""
    decide: str = ""
    process: str = "application"
    apply_at: str = ""
    licence_values: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    illustrative: bool = False

    @property
    def can_be_applied_for(self) -> bool:
        """Whether an application can be made here to the end."""
        return bool(self.form)


@dataclass(frozen=True)
class ThemeStep:
    """An item of a theme: after which others it comes, and for whom, where not for everybody."""

    item: str
    after: Sequence[str] = ()
    optional: bool = False
    when: str = ""
    label: str = ""


@dataclass(frozen=True)
class Theme:
    """Several items that a person experiences as one thing."""

    code: str
    label: str
    audience: Sequence[str]
    summary: str
    steps: Sequence[ThemeStep]
    keywords: Sequence[str] = ()
    life_events: Sequence[str] = ()
    form: str = ""
    result: str = ""


@dataclass(frozen=True)
class LifeEvent:
    """A way into the catalogue: something that happens to people or companies."""

    code: str
    label: str
    audience: str
    summary: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Effort:
    """What getting something done costs the applicant: links, working days, trips, materials."""

    links: int
    days: int
    trips: int
    materials: int


@dataclass(frozen=True)
class Saving:
    """The effort of a theme against doing each item alone, with the arithmetic in words."""

    alone: Effort
    together: Effort
    reasons: Sequence[str] = ()

    @property
    def saved(self) -> Effort:
        """What is saved."""
        return Effort(
            self.alone.links - self.together.links,
            self.alone.days - self.together.days,
            self.alone.trips - self.together.trips,
            self.alone.materials - self.together.materials,
        )


@dataclass(frozen=True)
class ThemeSaving:
    """What a theme has really saved in its finished cases: sums over all of them."""

    theme: str
    label: str
    finished: int
    saving: Saving


@dataclass(frozen=True)
class Found:
    """One answer of the search: a theme or an item."""

    kind: str
    code: str
    label: str
    score: float


@dataclass(frozen=True)
class CatalogueFilter:
    """What a list of items is narrowed to; empty values do not narrow."""

    audience: str = ""
    life_event: str = ""
    department: str = ""
    online: bool = False
    text: str = ""
    after: int = 0
    limit: int = 20


@dataclass(frozen=True)
class ItemPage:
    """A page of items; `total` counts all that match."""

    items: Sequence[ServiceItem]
    total: int
    after: int = 0


@dataclass(frozen=True)
class Problem:
    """Something that a person must look at before an application can be decided.

    `kind`: unknown (a fact that nobody can say), unverified (only the applicant says so), contradiction (two sources
    differ), unreadable (a document), failed (a rule that could not be evaluated), no_rule (nothing to decide by),
    unproven (the applicant has not proven who they are).
    """

    kind: str
    label: str
    text: str


@dataclass(frozen=True)
class GivenFact:
    """A fact of an application: what the rules may read. `verified` is False where only the applicant says so.

    `words` is the value as people read it.
    """

    code: str
    label: str
    value: Any
    source: str
    verified: bool
    words: str = ""

    @property
    def said(self) -> str:
        """The value in words."""
        return self.words or str(self.value)


@dataclass(frozen=True)
class RuleVerdict:
    """What a rule said: enough to show, and to compute again."""

    rule: str
    label: str
    version: str
    effective_from: str
    legal_source: str
    outcome: str
    value: Any = None
    reasons: Sequence[str] = ()
    unknown_facts: Sequence[str] = ()


@dataclass(frozen=True)
class ApplicationDecision:
    """How an application was decided. `outcome`: yes, no or review (a person decides)."""

    outcome: str
    verdicts: Sequence[RuleVerdict] = ()
    facts: Sequence[GivenFact] = ()
    problems: Sequence[Problem] = ()
    decided_at: str = ""


@dataclass(frozen=True)
class PlannedLine:
    """A line of the licence that an approval would issue: `text` (masked) with its source, or to be filled in."""

    code: str
    label: str
    text: str = ""
    source: str = ""
    type: str = "text"
    required: bool = True
    choices: Sequence[str] = ()
    unit: str = ""
    help: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has said it yet: the officer who approves fills it in."""
        return not self.text

    @property
    def input(self) -> str:
        """Its name among the input of the approval."""
        return f"line_{self.code}"


@dataclass(frozen=True)
class LicencePlan:
    """What an approval would issue; `renews` is the number of the licence that would be replaced."""

    label: str
    lines: Sequence[PlannedLine]
    renews: str = ""
    problem: str = ""


@dataclass(frozen=True)
class SubmitApplication:
    """A draft to be submitted. `items` are those chosen of a theme; empty takes all that are not optional."""

    draft: UUID
    version: int
    owner: Owner
    items: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Applied:
    """What the applicant is told: the case, and the child cases of a theme."""

    case_id: UUID
    number: str
    replayed: bool = False


@dataclass(frozen=True)
class ApplicationInfo:
    """What belongs to an application beside its case."""

    case_id: UUID
    item: str
    theme: str
    submission: UUID
    decision: ApplicationDecision | None = None
