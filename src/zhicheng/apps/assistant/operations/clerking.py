"""What a person at the desk does with a conversation that was handed over."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from zhicheng.apps.assistant.errors import ConversationNotFound, NotReady
from zhicheng.apps.assistant.models import ConversationRecord, TurnRecord
from zhicheng.apps.assistant.operations.handing_over import PROCESS
from zhicheng.apps.assistant.operations.proposing import CLERK, propose_entry
from zhicheng.apps.assistant.policy.composing import quote
from zhicheng.apps.assistant.queries.conversations import last_question, open_content, seal_turn
from zhicheng.apps.assistant.queries.projected import ANSWERS
from zhicheng.apps.assistant.queries.searching import find
from zhicheng.apps.assistant.queries.terms import get_terms
from zhicheng.apps.assistant.values import Answer, Ask, ClerkAnswer, NewEntry, Suggestion
from zhicheng.core.cases.errors import CaseNotFound
from zhicheng.core.cases.public import Purpose, act, get_case
from zhicheng.core.cases.values import ActCommand
from zhicheng.core.forms.errors import DraftNotFound
from zhicheng.core.forms.public import get_draft, show_values
from zhicheng.core.forms.values import Owner
from zhicheng.core.lake.public import note_changed
from zhicheng.core.parties.public import get_unit_tree
from zhicheng.core.parties.values import Actor
from zhicheng.kit.ids import uuid7
from zhicheng.kit.texts import clean_text

_SUGGESTED, _SHORTEST = 5, 2


def answer_as_clerk(command: ClerkAnswer, *, actor: Actor, now: datetime) -> UUID:
    """Answer a conversation as a person; with `propose`, put the answer on the work list of knowledge. Its case.

    Raises:
        CaseNotFound, ActionRefused, FieldErrors: as for any action on a case.
        ConversationNotFound: the case has no conversation.
    """
    details = get_case(actor, command.case_id, Purpose.WORK)
    record = record_of_case(details.row.id)
    text = clean_text(command.text)
    key = command.key
    with transaction.atomic():
        done = act(ActCommand(command.case_id, "answer", {"text": text}, command.version, key=key), actor, now)
        if not done.replayed:
            _say(record, text, unit=done.unit, now=now)
    if command.propose and not done.replayed:
        propose_entry(NewEntry(last_question(record.id), CLERK, text), now=now)
    return record.id


def record_of_case(case_id: UUID) -> ConversationRecord:
    """The conversation of a case; check first that the reader may see the case.

    Raises:
        ConversationNotFound: it has none.
    """
    found = ConversationRecord.objects.filter(case_id=case_id).first()
    if found is None:
        raise ConversationNotFound()
    return found


def suggest(text: str, *, actor: Actor, now: datetime) -> list[Suggestion]:
    """What the city knows for what an official types, key by key; the nearest first."""
    if len(clean_text(text)) < _SHORTEST:
        return []
    ask = Ask(text[:200], actor, Owner(), now)
    terms = get_terms()
    try:
        hits = find(ask.text, ask)[:_SUGGESTED]
    except NotReady:
        return []
    found = []
    for hit in hits:
        quotes, _ = quote(hit, ask.text, terms)
        said = "".join(each.text for each in quotes)
        found.append(Suggestion(hit.title, said, hit.source, hit.link, hit.confidence))
    return found


def draft_answer(case_id: UUID, *, actor: Actor, now: datetime) -> str:
    """What the assistant would answer to the last question, for a person to check and send; empty for nothing.

    Raises:
        CaseNotFound: the case does not concern the official.
    """
    details = get_case(actor, case_id, Purpose.WORK)
    if details.row.process != PROCESS:
        raise CaseNotFound()
    question = last_question(record_of_case(case_id).id)
    found = suggest(question, actor=actor, now=now) if question else []
    return f"{found[0].text}（来源：{found[0].source}）" if found else ""


def task_lines(case_id: UUID, *, now: datetime) -> list[tuple[str, str]]:
    """The form that the conversation was filling in, masked; check first that the reader may see the case."""
    record = record_of_case(case_id)
    _, talk = open_content(record)
    draft_id = talk.memory.get("draft")
    if not draft_id:
        return []
    kind, _, owner = record.owner.partition(":")
    try:
        whose = Owner(party=UUID(owner)) if kind == "party" else Owner(token=owner)
        draft = get_draft(UUID(draft_id), owner=whose, now=now)
    except DraftNotFound:
        return []
    return [("表单", draft.form.label), *((shown.label, shown.text) for shown in show_values(draft))]


def _say(record: ConversationRecord, text: str, *, unit: str, now: datetime) -> None:
    """A turn without a question: what the person said."""
    row, tree = uuid7(now), get_unit_tree()
    name = tree.get(unit).name if unit in tree else unit
    ConversationRecord.objects.filter(pk=record.pk).update(version=F("version") + 1, last_at=now)
    seq = ConversationRecord.objects.filter(pk=record.pk).values_list("version", flat=True)[0]
    answer = Answer("person", (text,), said_by=f"{name}工作人员")
    TurnRecord.objects.create(
        id=row,
        conversation=record,
        seq=seq,
        at=now,
        intent="person",
        outcome="person",
        said_by=name[:60],
        **seal_turn(row, "", answer),
    )
    note_changed(ANSWERS, [row], now=now)
