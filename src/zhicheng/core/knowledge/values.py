"""Typed values of knowledge: documents and what a search finds; what trains a classifier and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from zhicheng.engines.text.classifier import Figures
from zhicheng.engines.text.training import Example, Hint

__all__ = [
    "SYNONYMS",
    "Classification",
    "ClassifierFigures",
    "DocumentText",
    "Example",
    "Figures",
    "Hint",
    "Hit",
    "IndexBasis",
    "IndexFigures",
    "IndexState",
    "PutFigures",
    "SearchQuery",
    "Synonyms",
]

Refs = Mapping[str, tuple[str, ...]]
Synonyms = Mapping[str, str]  # what is said → what it means
SYNONYMS = "synonyms"


@dataclass(frozen=True)
class DocumentText:
    """A document as its source gives it.

    `code`: unique, with its kind in front (`faq:hukou.birth`, `guide:…`, `policy:company.growth_reward@2026`); of
    documents that differ only after `@`, the latest one in force is current. `kind`: faq, guide, policy or case.
    `title`: a question, or the name of an item or a policy. `also`: other wordings and keywords. `sections`: (heading
    path, text). `region`: code of the division it is about, empty for everywhere. `audience`: whom it concerns
    (person, company), empty for all. `valid_from`, `valid_until`: first and last day. `refs`: services, policies,
    benefits, department.
    """

    code: str
    kind: str
    title: str
    also: tuple[str, ...] = ()
    sections: tuple[tuple[tuple[str, ...], str], ...] = ()
    source: str = ""
    link: str = ""
    audience: tuple[str, ...] = ()
    region: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    refs: Refs = field(default_factory=dict)


@dataclass(frozen=True)
class SearchQuery:
    """A question and what its answer must fit: the day, the place, whom it is for; empty means any."""

    text: str
    on: date
    region: str = ""
    audience: str = ""
    kinds: tuple[str, ...] = ()
    limit: int = 10


@dataclass(frozen=True)
class Hit:
    """A document that was found, with its best passage.

    `document` is its code, `matched` the title or other wording that is nearest to the question. `score` orders the
    hits of one search. `confidence` is the probability that this very document answers the question, `on_topic` that
    the question is about its subject at all: with many documents alike, that is high where no single one is sure.
    """

    document: str
    kind: str
    title: str
    matched: str
    heading: tuple[str, ...]
    text: str
    source: str
    link: str
    refs: Refs
    score: float
    confidence: float
    on_topic: float = 1.0


@dataclass(frozen=True)
class PutFigures:
    """What putting documents did."""

    changed: int
    removed: int
    unchanged: int


@dataclass(frozen=True)
class IndexBasis:
    """Which set of documents an index was made from, and how far it has followed their changes."""

    uid: str = ""
    revision: int = 0


@dataclass(frozen=True)
class IndexFigures:
    """What an index holds."""

    documents: int
    passages: int
    wordings: int
    revision: int
    embedder: str


@dataclass(frozen=True)
class IndexState:
    """Whether this process can search: `ready`, `empty`, or `missing` until the worker has made the index."""

    code: str
    figures: IndexFigures | None = None

    @property
    def is_ready(self) -> bool:
        """Whether a search may find anything."""
        return self.code == "ready"


@dataclass(frozen=True)
class Classification:
    """The likeliest labels with their calibrated probabilities, best first.

    No candidates means that nobody trained a classifier or that it knows no term of the text: a person decides.
    `model` is `<code>@<version>`, or `<code>@0` without a classifier.
    """

    candidates: tuple[tuple[str, float], ...]
    model: str

    def is_sure(self, threshold: float) -> bool:
        """Whether the first candidate is likely enough to be taken without a person."""
        return bool(self.candidates) and self.candidates[0][1] >= threshold


@dataclass(frozen=True)
class ClassifierFigures:
    """One trained classifier: what it learned from, and how well it does on texts it has not seen.

    `fresh` is False where the same material had been learned already and nothing was done.
    """

    code: str
    version: int
    trained_at: datetime
    digest: str
    examples: int
    confirmed: int
    figures: Figures
    fresh: bool = True

    @property
    def model(self) -> str:
        """The reference that decisions carry."""
        return f"{self.code}@{self.version}"
