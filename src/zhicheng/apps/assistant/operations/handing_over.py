"""转人工: a conversation becomes a case at the service centre; a person goes on where the assistant stopped."""

from uuid import UUID

from django.db import transaction

from zhicheng.apps.assistant.models import ConversationRecord
from zhicheng.apps.assistant.operations.doing.tasks import (
    PERSON_TASK,
    hotline_words,
    wants_stop,
    with_task,
    without_task,
)
from zhicheng.apps.assistant.operations.running import Answered, Run
from zhicheng.apps.assistant.policy.intents import Meaning
from zhicheng.apps.assistant.queries.centre import centre_unit
from zhicheng.apps.assistant.queries.conversations import last_question
from zhicheng.apps.assistant.values import Answer, Button
from zhicheng.core.cases.errors import ProcessUnknown
from zhicheng.core.cases.public import act_by_system, get_row, new_case, store_case
from zhicheng.core.cases.values import CaseDraft, CaseRow
from zhicheng.core.knowledge.public import mask_personal
from zhicheng.core.packs.public import current_pack
from zhicheng.core.parties.public import get_unit_tree

PROCESS = "handover"
HANDED_OVER = "assistant.handed_over"
_BACK = Button("不等了，继续问助手", say="不等了")
_NAME = "assistant"


def hand_over(run: Run, _meaning: Meaning) -> Answered:
    """Somebody wants a person: open a case, once a conversation, and say what happens next."""
    open_case = _open_case(run)
    if open_case is not None:
        waiting = f"已经转给工作人员（{open_case.number}），请稍等，答复会出现在这里。"
        return Answer("person", (waiting,), options=(_BACK,)), with_task(run.talk, PERSON_TASK, {})
    unit = centre_unit(run.terms)
    conversation = run.ask.conversation
    if conversation is None or not unit:
        return _telephone(), run.talk
    try:
        number = _open(run, conversation, unit)
    except ProcessUnknown:
        return _telephone(), run.talk
    name = get_unit_tree().get(unit).name
    words = (
        f"已经转给{name}的工作人员，编号 {number}，10 分钟内接入{hotline_words()}。",
        "您可以先在这里把情况说清楚，他们都能看到；答复也会出现在这里。",
    )
    return Answer("person", words, options=(_BACK,)), with_task(run.talk, PERSON_TASK, {})


def go_on_with_person(run: Run, _meaning: Meaning) -> Answered:
    """A message while a person has the conversation: kept for them, not answered by the assistant."""
    row = _open_case(run)
    if row is None:
        return Answer("person", ("这次人工咨询已经结束。还有问题可以接着问我，或者再说“转人工”。",)), without_task(
            run.talk
        )
    if wants_stop(run.ask.text) or run.ask.text.strip() == "不等了":
        act_by_system(row.id, "leave", run.ask.now, name=_NAME)
        return Answer("person", ("好的，不等了。接着问我吧。",)), without_task(run.talk)
    act_by_system(row.id, "more", run.ask.now, name=_NAME)
    return Answer("person", ("已经转达给工作人员。",), options=(_BACK,)), run.talk


def _open(run: Run, conversation: UUID, unit: str) -> str:
    ask, question = run.ask, last_question(conversation)
    draft = CaseDraft(
        process=PROCESS,
        unit=unit,
        title=mask_personal(question)[:60] or "要求转人工",
        requester=ask.actor.party_id,
        notify={"unit": HANDED_OVER},
    )
    case = new_case(draft, ask.actor, ask.now)
    with transaction.atomic():
        store_case(case, now=ask.now)
        ConversationRecord.objects.filter(pk=conversation).update(case=case.id)
    return case.number


def _open_case(run: Run) -> CaseRow | None:
    """The open case of the conversation."""
    if run.ask.conversation is None:
        return None
    found = ConversationRecord.objects.filter(pk=run.ask.conversation, case__isnull=False)
    case = found.values_list("case", flat=True).first()
    if case is None:
        return None
    row = get_row(case)
    return None if row.final else row


def _telephone() -> Answer:
    hotline = current_pack().text("hotline")
    words = f"好的。您可以拨打 {hotline}，全天有人接听。" if hotline else "好的，请到就近的政务服务窗口咨询。"
    return Answer("person", (words,))
