"""Conversations are begun, messages answered and stored, answers rated. What is said is sealed."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from zhicheng.apps.assistant.errors import ConversationBusy, TurnNotFound
from zhicheng.apps.assistant.models import ConversationRecord, TurnRecord
from zhicheng.apps.assistant.operations.answering import reply_to
from zhicheng.apps.assistant.operations.proposing import RATED, UNANSWERED, propose_entry
from zhicheng.apps.assistant.queries.conversations import (
    find_turn,
    open_content,
    own_record,
    owner_key,
    seal_content,
    seal_turn,
    turn_value,
)
from zhicheng.apps.assistant.queries.projected import ANSWERS
from zhicheng.apps.assistant.values import Ask, NewEntry, Rate, Reply, Say, Talk, Turn
from zhicheng.core.forms.values import Owner
from zhicheng.core.knowledge.public import mask_personal
from zhicheng.core.lake.public import note_changed
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.ids import uuid7
from zhicheng.kit.texts import clean_text

_LONGEST_KEPT = 4000
_TITLE = 30
_COUNTED = frozenset({"ask", "apply"})
_TRIES = 3
KEPT = timedelta(days=180)


@dataclass(frozen=True)
class Said:
    """A message as it is kept, with the title of its conversation and its key."""

    text: str
    title: str
    key: str


def begin_conversation(*, owner: Owner, now: datetime, channel: str = "web", talk: Talk | None = None) -> UUID:
    """Begin a conversation."""
    row = uuid7(now)
    ConversationRecord.objects.create(
        id=row,
        owner=owner_key(owner),
        channel=channel,
        started_at=now,
        last_at=now,
        **seal_content(row, "", talk or Talk()),
    )
    return row


def say(message: Say, *, actor: Actor, now: datetime) -> Turn:
    """Answer a message and keep both; with the key of an earlier message, the earlier answer.

    Raises:
        ConversationNotFound: there is no such conversation of the owner.
        ConversationBusy: other messages came in between again and again.
        FieldErrors: nothing was said.
    """
    text = clean_text(message.text)
    if not text:
        raise FieldErrors({"text": ["请写下您想问的"]})
    for _ in range(_TRIES):
        record = own_record(message.conversation, message.owner)
        key = _message_key(message)
        if earlier := find_turn(record, key):
            return earlier
        title, talk = open_content(record)
        ask = Ask(
            text,
            actor,
            message.owner,
            now,
            channel=record.channel,
            region=message.region,
            audience=message.audience,
            conversation=record.id,
            piecewise=message.piecewise,
        )
        reply = reply_to(ask, talk)
        stored = store_reply(record, Said(text, title or mask_personal(text)[:_TITLE], key), reply, now)
        if stored is not None:
            if reply.answer.outcome == "declined" and reply.intent in _COUNTED:
                propose_entry(NewEntry(text, UNANSWERED), now=now)
            return stored
    raise ConversationBusy()


def rate(command: Rate, *, now: datetime) -> Turn:
    """Keep what somebody thinks of an answer of their own conversation; the last word counts.

    Raises:
        ConversationNotFound, TurnNotFound: there is no such answer of the owner.
    """
    record = own_record(command.conversation, command.owner)
    row = TurnRecord.objects.filter(conversation=record, pk=command.turn).first()
    if row is None:
        raise TurnNotFound()
    row.rating, row.rated_at = (1 if command.good else -1), now
    row.reason = "" if command.good else mask_personal(clean_text(command.reason))[:200]
    with transaction.atomic():
        row.save(update_fields=["rating", "reason", "rated_at"])
        note_changed(ANSWERS, [row.id], now=now)
    if not command.good and row.asked:
        said = "".join(quote.text for quote in turn_value(row).answer.quotes)
        document = str(row.documents[0]) if row.documents else ""
        propose_entry(NewEntry(row.asked, RATED, said, document), now=now)
    return turn_value(row)


def adopt_conversations(token: Owner, party: UUID) -> int:
    """Take along to an account what its browser said before signing in; how many conversations."""
    if not token.token:
        return 0
    return ConversationRecord.objects.filter(owner=owner_key(token)).update(owner=Owner(party=party).key)


def sweep_conversations(now: datetime) -> int:
    """Delete conversations that are past their time and belong to no case; how many."""
    old = ConversationRecord.objects.filter(last_at__lt=now - KEPT, case__isnull=True)
    ids = list(old.values_list("pk", flat=True)[:500])
    ConversationRecord.objects.filter(pk__in=ids).delete()
    return len(ids)


def store_reply(record: ConversationRecord, said: Said, reply: Reply, now: datetime) -> Turn | None:
    """Write the turn and what is remembered; None where another message came in between."""
    row = uuid7(now)
    columns = {"seq": record.version + 1, "at": now, "message_key": said.key, **_columns(row, said.text, reply)}
    try:
        with transaction.atomic():
            moved = ConversationRecord.objects.filter(pk=record.pk, version=record.version).update(
                version=record.version + 1, last_at=now, **seal_content(record.id, said.title, reply.talk)
            )
            if not moved:
                return None
            turn = TurnRecord.objects.create(id=row, conversation=record, **columns)
            note_changed(ANSWERS, [row], now=now)
    except IntegrityError:
        return None  # the same message came twice at once: the next try finds it
    return turn_value(turn)


def _columns(row: UUID, text: str, reply: Reply) -> dict[str, object]:
    answer = reply.answer
    return {
        "asked": mask_personal(text)[:300] if reply.intent in _COUNTED else "",
        "intent": reply.intent,
        "outcome": answer.outcome,
        "confidence": round(answer.confidence, 4),
        "documents": list(dict.fromkeys(quote.document for quote in answer.quotes)),
        "stages": [asdict(stage) for stage in reply.stages],
        "ms": round(sum(stage.ms for stage in reply.stages), 2),
        **seal_turn(row, text[:_LONGEST_KEPT], answer),
    }


def _message_key(message: Say) -> str:
    """The digest of a client's key with its text: the same key with other words is another message."""
    if not message.key:
        return ""
    return hashlib.sha256(f"{message.key}\n{message.text}".encode()).hexdigest()
