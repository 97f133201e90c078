"""Conversations as their owners see them."""

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from zhicheng.apps.assistant.errors import ConversationNotFound
from zhicheng.apps.assistant.models import ConversationRecord, TurnRecord
from zhicheng.apps.assistant.values import (
    Answer,
    Button,
    Card,
    Conversation,
    ConversationPage,
    ConversationRow,
    Line,
    Quote,
    Subject,
    Talk,
    Turn,
)
from zhicheng.core.forms.values import Owner
from zhicheng.core.parties.public import keyring
from zhicheng.kit.sqltext import to_json

CONTENT = "assistant.content"
_TURNS = 30


def get_conversation(conversation: UUID, *, owner: Owner, before: int = 0) -> Conversation:
    """One's own conversation with its newest turns, or those before a place.

    Raises:
        ConversationNotFound: there is none that is the owner's.
    """
    return conversation_value(own_record(conversation, owner), before)


def conversation_value(record: ConversationRecord, before: int = 0) -> Conversation:
    """A conversation with its turns; check first that the reader may see it."""
    rows = TurnRecord.objects.filter(conversation=record)
    if before:
        rows = rows.filter(seq__lt=before)
    newest = list(rows.order_by("-seq")[:_TURNS])[::-1]
    title, _ = open_content(record)
    return Conversation(
        id=record.id,
        title=title,
        started_at=record.started_at,
        last_at=record.last_at,
        channel=record.channel,
        turns=tuple(turn_value(row) for row in newest),
        before=newest[0].seq if newest and newest[0].seq > 1 else 0,
        case_id=record.case_id,
    )


def list_conversations(owner: Owner, *, after: str = "", limit: int = 20) -> ConversationPage:
    """One's own conversations, newest first; those without a turn are left out."""
    rows = ConversationRecord.objects.filter(owner=owner_key(owner), version__gt=0)
    if not (owner.party or owner.token):
        return ConversationPage(())
    if after:
        at, last = _open_cursor(after)
        rows = rows.filter(Q(last_at__lt=at) | Q(last_at=at, id__lt=last))
    found = list(rows.order_by("-last_at", "-id")[: limit + 1])
    shown = found[:limit]
    listed = tuple(ConversationRow(row.id, open_content(row)[0], row.last_at, row.version) for row in shown)
    return ConversationPage(listed, _cursor(shown[-1]) if len(found) > limit else "")


def last_question(conversation: UUID) -> str:
    """The last thing that was really asked in a conversation, without personal data."""
    rows = TurnRecord.objects.filter(conversation_id=conversation).exclude(asked="")
    return rows.order_by("-seq").values_list("asked", flat=True).first() or ""


def own_record(conversation: UUID, owner: Owner) -> ConversationRecord:
    """The row of one's own conversation.

    Raises:
        ConversationNotFound: there is none that is the owner's.
    """
    if owner.party or owner.token:
        with suppress(ConversationRecord.DoesNotExist):
            return ConversationRecord.objects.get(pk=conversation, owner=owner_key(owner))
    raise ConversationNotFound()


def owner_key(owner: Owner) -> str:
    """The owner column."""
    return owner.key


def find_turn(record: ConversationRecord, message_key: str) -> Turn | None:
    """The turn that a message with a key has made already."""
    row = TurnRecord.objects.filter(conversation=record, message_key=message_key).first() if message_key else None
    return turn_value(row) if row else None


def turn_value(row: TurnRecord) -> Turn:
    """A turn, readable."""
    plain = json.loads(keyring().open(bytes(row.content_sealed), row=row.id, field=CONTENT))
    return Turn(
        id=row.id,
        seq=row.seq,
        at=row.at,
        question=plain["question"],
        answer=answer_value(plain["answer"]),
        intent=row.intent,
        rating=row.rating,
        reason=row.reason,
    )


def open_content(record: ConversationRecord) -> tuple[str, Talk]:
    """The title and what the conversation remembers."""
    plain = json.loads(keyring().open(bytes(record.content_sealed), row=record.id, field=CONTENT))
    return plain["title"], talk_value(plain["talk"])


def seal_content(row: UUID, title: str, talk: Talk) -> dict[str, Any]:
    """The sealed columns of a conversation."""
    return _sealed(row, {"title": title, "talk": asdict(talk)})


def seal_turn(row: UUID, question: str, answer: Answer) -> dict[str, Any]:
    """The sealed columns of a turn."""
    return _sealed(row, {"question": question, "answer": asdict(answer)})


def answer_value(plain: Mapping[str, Any]) -> Answer:
    """An answer from its stored form."""
    return Answer(
        outcome=plain["outcome"],
        words=tuple(plain["words"]),
        quotes=tuple(Quote(**each) for each in plain["quotes"]),
        cards=tuple(_card_value(each) for each in plain["cards"]),
        options=tuple(Button(**each) for each in plain["options"]),
        confidence=plain["confidence"],
        said_by=plain["said_by"],
        rephrased=tuple(plain.get("rephrased", ())),
        uploads=tuple(Button(**each) for each in plain.get("uploads", ())),
    )


def talk_value(plain: Mapping[str, Any]) -> Talk:
    """What a conversation remembers, from its stored form."""
    subject = plain.get("subject")
    return Talk(
        subject=Subject(**subject) if subject else None,
        misses=plain["misses"],
        missed=plain["missed"],
        offered=tuple(plain["offered"]),
        task=plain["task"],
        memory=plain["memory"],
    )


def _card_value(plain: Mapping[str, Any]) -> Card:
    return Card(
        kind=plain["kind"],
        title=plain["title"],
        lines=tuple(Line(**each) for each in plain["lines"]),
        buttons=tuple(Button(**each) for each in plain["buttons"]),
        note=plain["note"],
    )


def _sealed(row: UUID, plain: Mapping[str, Any]) -> dict[str, Any]:
    ring = keyring()
    return {"content_sealed": ring.seal(to_json(plain), row=row, field=CONTENT), "key_id": ring.current().id}


def _cursor(row: ConversationRecord) -> str:
    return base64.urlsafe_b64encode(f"{row.last_at.isoformat()}|{row.id.hex}".encode()).decode()


def _open_cursor(after: str) -> tuple[datetime, UUID]:
    try:
        at, _, last = base64.urlsafe_b64decode(after.encode()).decode().partition("|")
        return datetime.fromisoformat(at), UUID(hex=last)
    except ValueError:
        raise ConversationNotFound() from None
