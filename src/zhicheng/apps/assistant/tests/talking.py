"""Conversations in 云溪镇, for tests."""

from dataclasses import dataclass, field
from uuid import UUID

from django.apps import apps

from zhicheng.apps.appeals.tests.town import NOW
from zhicheng.apps.assistant.public import attach, begin_conversation, say
from zhicheng.apps.assistant.values import Answer, Attach, Say, Turn
from zhicheng.core.forms.public import owner_of
from zhicheng.core.forms.values import Owner
from zhicheng.core.parties.values import ANONYMOUS, Actor


@dataclass
class Chat:
    """Somebody at the assistant: says things, sees answers."""

    actor: Actor = ANONYMOUS
    token: str = "a browser's token"
    id: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.id = begin_conversation(owner=self.owner, now=NOW)

    @property
    def owner(self) -> Owner:
        return owner_of(self.actor, self.token)

    def turn(self, text: str, key: str = "") -> Turn:
        return say(Say(self.id, text, self.owner, key), actor=self.actor, now=NOW)

    def say(self, text: str) -> Answer:
        return self.turn(text).answer


def photographed(chat: Chat, content: bytes, material: str = "") -> Answer:
    """A photo sent into the conversation."""
    command = Attach(chat.id, chat.owner, "photo.png", content, material)
    return attach(command, actor=chat.actor, now=NOW).answer


def spoken(answer: Answer) -> str:
    """Everything that an answer says."""
    lines = [f"{line.label}{line.value}" for card in answer.cards for line in card.lines]
    titles = [card.title for card in answer.cards]
    return "\n".join([*answer.words, *(quote.text for quote in answer.quotes), *titles, *lines])


def stages(turn: Turn) -> dict[str, str]:
    """Outcomes of the stages of a turn."""
    row = apps.get_model("assistant", "TurnRecord").objects.get(pk=turn.id)
    return {stage["stage"]: stage["outcome"] for stage in row.stages}
