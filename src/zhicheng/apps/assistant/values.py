"""Typed values of the assistant: what is asked, what is answered, what each stage of answering did."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from zhicheng.apps.appeals.values import AlikeAppeal, Candidate
from zhicheng.core.forms.values import Owner
from zhicheng.core.ledger.values import IdempotencyKey

LONGEST = 1000
"""Characters of a question; what is told while something is being done may have more."""
LONGEST_TOLD = 3000

STAGES = ("guard_in", "understand", "retrieve", "compose", "guard_out")


@dataclass(frozen=True)
class Quote:
    """Words of a source, unchanged, with where they stand."""

    text: str
    source: str
    link: str = ""
    document: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a card."""

    label: str
    value: str


@dataclass(frozen=True)
class Button:
    """What a person can press: an address to open, or words that are said for them."""

    label: str
    url: str = ""
    say: str = ""


@dataclass(frozen=True)
class Card:
    """Something of the city shown in the conversation: a service, a case, a licence, a draft."""

    kind: str
    title: str
    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """One answer. `words` are the assistant's own sentences, which state nothing about the law; `quotes` do.

    `rephrased` are the quotes in a model's words, each sentence checked against them.
    `uploads` are materials that can be photographed now (label, and its code as what is said).
    `outcome`: answered, clarify (asks back), declined (does not know), refused (a guard), doing (something is being
    done or shown), person (handed over), failed.
    """

    outcome: str
    words: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    cards: tuple[Card, ...] = ()
    options: tuple[Button, ...] = ()
    confidence: float = 0.0
    said_by: str = ""
    uploads: tuple[Button, ...] = ()
    rephrased: tuple[str, ...] = ()

    def with_words(self, *words: str) -> "Answer":
        """The answer with more of the assistant's own words behind."""
        return replace(self, words=(*self.words, *words))


@dataclass(frozen=True)
class StageRecord:
    """What one stage did: `outcome` ok, empty, low, blocked, failed, skipped; `refs` are codes, never what was said."""

    stage: str
    outcome: str
    ms: float
    failure: str = ""
    refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What the conversation is about: a service item or theme, or a document."""

    kind: str
    code: str
    title: str


@dataclass(frozen=True)
class Talk:
    """What a conversation remembers between two messages. Sealed when it is stored.

    `misses` counts answers in a row that found nothing; `offered` are the titles last offered as choices; `task` is
    what is being done (a form, an appeal) with its own memory.
    """

    subject: Subject | None = None
    misses: int = 0
    missed: str = ""
    offered: tuple[str, ...] = ()
    task: str = ""
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """One message with who says it. `owner` is whose drafts may be touched; `piecewise`: see `Say`."""

    text: str
    actor: Any
    owner: Owner
    now: datetime
    channel: str = "web"
    region: str = ""
    audience: str = ""
    conversation: UUID | None = None
    piecewise: bool = False

    @property
    def today(self) -> date:
        """The day of the question."""
        return self.now.date()


@dataclass(frozen=True)
class Reply:
    """An answer, what the conversation remembers from now on, and what each stage did."""

    answer: Answer
    talk: Talk
    stages: tuple[StageRecord, ...]
    intent: str = "ask"


@dataclass(frozen=True)
class Turn:
    """One question with its answer, as their owner sees them. `rating` is 1, -1 or 0."""

    id: UUID
    seq: int
    at: datetime
    question: str
    answer: Answer
    intent: str
    rating: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Conversation:
    """A conversation with its newest turns, oldest first; `before` asks for earlier ones, 0 where there are none."""

    id: UUID
    title: str
    started_at: datetime
    last_at: datetime
    channel: str
    turns: tuple[Turn, ...] = ()
    before: int = 0
    case_id: UUID | None = None


@dataclass(frozen=True)
class ConversationRow:
    """A conversation in a list."""

    id: UUID
    title: str
    last_at: datetime
    turns: int


@dataclass(frozen=True)
class ConversationPage:
    """A page of conversations, newest first; `after` goes into the next request, empty at the end."""

    rows: tuple[ConversationRow, ...]
    after: str = ""


@dataclass(frozen=True)
class Say:
    """A message to a conversation. With `key`, the same message is answered once.

    `piecewise`: whoever asks will hear a model's words sentence by sentence, so the answer does not wait for them.
    """

    conversation: UUID
    text: str
    owner: Owner
    key: str = ""
    region: str = ""
    audience: str = ""
    piecewise: bool = False


@dataclass(frozen=True)
class Attach:
    """A photo or PDF for the form under way; without `material`, for the first that still lacks one."""

    conversation: UUID
    owner: Owner
    name: str
    content: bytes
    material: str = ""


@dataclass(frozen=True)
class ClerkAnswer:
    """What an official says in a conversation that was handed over; with `propose`, it is to become knowledge."""

    case_id: UUID
    text: str
    version: int = 0
    propose: bool = False
    key: IdempotencyKey | None = None


@dataclass(frozen=True)
class NewEntry:
    """A question for the work list of knowledge. `origin`: unanswered, rated or clerk."""

    question: str
    origin: str
    answer: str = ""
    document: str = ""
    department: str = ""


@dataclass(frozen=True)
class Suggestion:
    """Something that the city knows, for an official to use."""

    title: str
    text: str
    source: str
    link: str
    confidence: float


@dataclass(frozen=True)
class CallSuggestions:
    """What helps while a caller speaks.

    `state`: ready, empty (nothing near), short (too little said), missing (no index yet; items and alike appeals may be
    there all the same).
    """

    state: str
    answers: tuple[Suggestion, ...] = ()
    items: tuple[Candidate, ...] = ()
    alike: tuple[AlikeAppeal, ...] = ()


@dataclass(frozen=True)
class NewConsultation:
    """A call that was only a question, and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True)
class ProposalInfo:
    """An entry of the work list: the question, the answer so far, where it came from, how often it was asked."""

    case_id: UUID
    question: str
    answer: str
    origin: str
    asked: int
    department: str


@dataclass(frozen=True)
class Message:
    """One message of a client that sends the whole conversation: `role` user or assistant."""

    role: str
    text: str


@dataclass(frozen=True)
class Rate:
    """What somebody thinks of an answer."""

    conversation: UUID
    turn: UUID
    good: bool
    owner: Owner
    reason: str = ""


@dataclass(frozen=True)
class GuardClass:
    """A kind of message that is answered by rule. `action`: refuse, care (answer first, help goes on below)."""

    code: str
    label: str
    answer: str
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    action: str = "refuse"
    in_documents: bool = False
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class SmallTalk:
    """An everyday remark and what is said to it."""

    code: str
    asked: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Outside:
    """A class of questions that the city's services do not answer, by examples.

    `elsewhere`: what makes them so is another place; a question that names none is not of this class, however alike.
    """

    code: str
    label: str
    asked: tuple[str, ...]
    elsewhere: bool = False


@dataclass(frozen=True)
class Terms:
    """How the assistant of a city speaks and what it refuses: pack data."""

    name: str = "深小i"
    greeting: str = "您好，我是智能助手。想办什么、想问什么、想反映什么，直接说就行。"
    notice: str = "回答引用办事指南和政策原文，以主管部门发布的为准。"
    answer_from: float = 0.2
    alone_from: float = 0.8
    belongs_from: float = 0.5
    frequent: tuple[str, ...] = ()
    rating_reasons: tuple[str, ...] = ("答非所问", "内容过时", "没说清楚", "其他")
    unit_function: str = "hotline"
    guards: tuple[GuardClass, ...] = ()
    small_talk: tuple[SmallTalk, ...] = ()
    outside: tuple[Outside, ...] = ()

    @property
    def frequent_buttons(self) -> tuple[Button, ...]:
        """The frequent questions as what can be pressed."""
        return tuple(Button(words, say=words) for words in self.frequent)
