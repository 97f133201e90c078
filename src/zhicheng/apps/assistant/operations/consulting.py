"""A call that was only a question: answered at once, kept as a closed record."""

from datetime import datetime

from django.db import transaction

from zhicheng.apps.assistant.errors import NotAtCallDesk
from zhicheng.apps.assistant.queries.calls import TAKES_CALLS
from zhicheng.apps.assistant.queries.centre import centre_unit
from zhicheng.apps.assistant.queries.terms import get_terms
from zhicheng.apps.assistant.values import NewConsultation
from zhicheng.core.cases.public import act, earlier_case, new_case, store_case
from zhicheng.core.cases.values import ActCommand, CaseDraft
from zhicheng.core.knowledge.public import mask_personal
from zhicheng.core.ledger.values import IdempotencyKey
from zhicheng.core.parties.values import Actor
from zhicheng.kit.errors import FieldErrors
from zhicheng.kit.texts import clean_text

PROCESS = "consultation"
_SHORTEST, _LONGEST = 2, 3000


def record_consultation(
    command: NewConsultation, *, actor: Actor, now: datetime, key: IdempotencyKey | None = None
) -> str:
    """Keep what was asked and answered as a closed case, once per key; its number. Says nothing of who called.

    Raises:
        NotAtCallDesk: the actor takes no calls.
        FieldErrors: question or answer is missing or too long.
        ProcessUnknown: the pack has no such process.
    """
    if TAKES_CALLS not in actor.permissions:
        raise NotAtCallDesk()
    question, answer = clean_text(command.question), clean_text(command.answer)
    _check(question, answer)
    if (earlier := earlier_case(key, now)) is not None:
        return earlier.number
    draft = CaseDraft(
        process=PROCESS,
        unit=centre_unit(get_terms()),
        title=mask_personal(question)[:60],
        creator=actor.account_id,
    )
    with transaction.atomic():
        opened = store_case(new_case(draft, actor, now), key=key, now=now)
        if not opened.replayed:
            said = {"question": mask_personal(question), "text": mask_personal(answer)}
            act(ActCommand(opened.id, "answer", said), actor, now)
    return opened.number


def _check(question: str, answer: str) -> None:
    faults: dict[str, list[str]] = {}
    if not _SHORTEST <= len(question) <= _LONGEST:
        faults["text"] = ["请写下来电人问了什么，不超过 3000 字"]
    if not _SHORTEST <= len(answer) <= _LONGEST:
        faults["note"] = ["请写下是怎么答复的，不超过 3000 字"]
    if faults:
        raise FieldErrors(faults)
