"""Conversations of clients that send every message each time: found again by the digest of what was said before."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from zhicheng.apps.assistant.models import ConversationRecord
from zhicheng.apps.assistant.operations.asking import answer_question
from zhicheng.apps.assistant.operations.running import Run
from zhicheng.apps.assistant.operations.turns import begin_conversation, say
from zhicheng.apps.assistant.policy.intents import ASK, Meaning
from zhicheng.apps.assistant.policy.plain import plain
from zhicheng.apps.assistant.queries.conversations import owner_key
from zhicheng.apps.assistant.queries.terms import get_terms
from zhicheng.apps.assistant.values import Ask, Message, Say, Talk, Turn
from zhicheng.core.forms.values import Owner
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors

_REMEMBERED = 2


def continue_thread(
    messages: Sequence[Message], *, owner: Owner, actor: Actor, now: datetime, piecewise: bool = False
) -> Turn:
    """Answer the last message of the user, knowing those before.

    Raises:
        FieldErrors: the last message is not the user's, or says nothing.
    """
    if not messages or messages[-1].role != "user":
        raise FieldErrors({"messages": ["最后一条应是用户（user）的消息"]})
    before = messages[:-1]
    found = _find(before, owner) or begin_conversation(
        owner=owner, now=now, channel="openai", talk=_recalled(before, owner, actor, now)
    )
    turn = say(Say(found, messages[-1].text, owner, piecewise=piecewise), actor=actor, now=now)
    thread = thread_digest([*before, messages[-1]])
    ConversationRecord.objects.filter(pk=found).update(thread=thread)
    return turn


def thread_digest(messages: Sequence[Message]) -> str:
    """The digest of what the user has said so far; how the client keeps the answers does not matter."""
    said = [plain(message.text) for message in messages if message.role == "user"]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _find(before: Sequence[Message], owner: Owner) -> UUID | None:
    if not before:
        return None
    rows = ConversationRecord.objects.filter(thread=thread_digest(before), owner=owner_key(owner), channel="openai")
    return rows.order_by("-last_at").values_list("pk", flat=True).first()


def _recalled(before: Sequence[Message], owner: Owner, actor: Actor, now: datetime) -> Talk:
    """What a conversation that is not known here was about; nothing is done again."""
    talk = Talk()
    for message in [each for each in before if each.role == "user"][-_REMEMBERED:]:
        ask = Ask(message.text[:200], actor, owner, now, channel="openai")
        talk = answer_question(Run(ask, talk, get_terms()), Meaning(ASK))[1]
    return replace(talk, misses=0, missed="", offered=())
