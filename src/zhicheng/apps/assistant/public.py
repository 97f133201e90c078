"""The only door to the assistant."""

from uuid import UUID

from zhicheng.apps.assistant.operations.answering import reply_to
from zhicheng.apps.assistant.operations.attaching import attach
from zhicheng.apps.assistant.operations.clerking import (
    answer_as_clerk,
    draft_answer,
    record_of_case,
    suggest,
    task_lines,
)
from zhicheng.apps.assistant.operations.consulting import record_consultation
from zhicheng.apps.assistant.operations.proposing import propose_entry
from zhicheng.apps.assistant.operations.rephrasing import Spoken
from zhicheng.apps.assistant.operations.threads import continue_thread
from zhicheng.apps.assistant.operations.turns import (
    adopt_conversations,
    begin_conversation,
    rate,
    say,
    sweep_conversations,
)
from zhicheng.apps.assistant.policy.wording import as_text
from zhicheng.apps.assistant.queries.calls import suggest_for_call
from zhicheng.apps.assistant.queries.centre import owner_unit
from zhicheng.apps.assistant.queries.conversations import conversation_value, get_conversation, list_conversations
from zhicheng.apps.assistant.queries.proposals import get_proposal
from zhicheng.apps.assistant.queries.terms import get_terms
from zhicheng.apps.assistant.values import Conversation


def conversation_of(case_id: UUID) -> Conversation:
    """The conversation that a case goes on with; check first that the reader may see the case.

    Raises:
        ConversationNotFound: the case has none.
    """
    return conversation_value(record_of_case(case_id))


__all__ = [
    "Spoken",
    "adopt_conversations",
    "answer_as_clerk",
    "as_text",
    "attach",
    "begin_conversation",
    "continue_thread",
    "conversation_of",
    "draft_answer",
    "get_conversation",
    "get_proposal",
    "get_terms",
    "list_conversations",
    "owner_unit",
    "propose_entry",
    "rate",
    "record_consultation",
    "reply_to",
    "say",
    "suggest",
    "suggest_for_call",
    "sweep_conversations",
    "task_lines",
]
