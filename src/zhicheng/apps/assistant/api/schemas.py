"""What the API of conversations takes and gives."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema


class BegunOut(Schema):
    """A new conversation. `token` is given to callers without account and key: send it as X-Conversation-Token."""

    id: UUID
    token: str = ""
    greeting: str
    notice: str
    frequent: list[str]


class SayIn(Schema):
    """A message; `region` (division code) and `audience` narrow what answers."""

    text: str = Field(description="一句话：想问的、想办的、想反映的", examples=["居住证怎么办？"], max_length=20_000)
    region: str = Field("", max_length=12)
    audience: Literal["", "person", "company"] = ""


class QuoteOut(Schema):
    """Words of a source, unchanged."""

    text: str
    source: str
    link: str
    document: str
    heading: str


class LineOut(Schema):
    """A line of a card."""

    label: str
    value: str


class ButtonOut(Schema):
    """An address to open (`url`) or words to say (`say`)."""

    label: str
    url: str
    say: str


class CardOut(Schema):
    """A service, case, licence or draft."""

    kind: str
    title: str
    lines: list[LineOut]
    buttons: list[ButtonOut]
    note: str


class AnswerOut(Schema):
    """An answer. What is stated stands in `quotes`; `words` are the assistant's own and state nothing."""

    outcome: str = Field(description="answered、clarify、declined、refused、doing、person、failed")
    words: list[str]
    quotes: list[QuoteOut]
    cards: list[CardOut]
    options: list[ButtonOut]
    confidence: float
    said_by: str
    rephrased: list[str] = Field(description="大模型改写的引文，逐句核对过；没有配置大模型时为空")


class TurnOut(Schema):
    """One message with its answer; `rating` is 1, -1 or 0."""

    id: UUID
    seq: int
    at: datetime
    question: str
    intent: str
    answer: AnswerOut
    rating: int
    reason: str


class ConversationOut(Schema):
    """A conversation with its newest turns; earlier ones with `before`, 0 where there are none."""

    id: UUID
    title: str
    started_at: datetime
    last_at: datetime
    turns: list[TurnOut]
    before: int


class RowOut(Schema):
    """A conversation in a list."""

    id: UUID
    title: str
    last_at: datetime
    turns: int


class PageOut(Schema):
    """One page; `after` goes into the next request, empty at the end."""

    items: list[RowOut]
    after: str


class RatingIn(Schema):
    """What somebody thinks of an answer."""

    good: bool
    reason: str = Field("", max_length=200)


class MessageIn(Schema):
    """One message of a chat client; of parts, the text is read."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[dict[str, object]] | None = None


class CompletionIn(Schema):
    """A request of a chat client. Instructions of `system` and sampling parameters have no effect."""

    model: str = Field("shenxiaoi", max_length=100)
    messages: list[MessageIn] = Field(min_length=1, max_length=200)
    stream: bool = False


class ProblemOut(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str = ""
    request_id: str = ""
    fields: dict[str, list[str]] | None = None
