"""The only door to the assistant."""

from zhicheng.apps.assistant.operations.answering import reply_to
from zhicheng.apps.assistant.operations.attaching import attach
from zhicheng.apps.assistant.operations.threads import continue_thread
from zhicheng.apps.assistant.operations.turns import (
    adopt_conversations,
    begin_conversation,
    rate,
    say,
    sweep_conversations,
)
from zhicheng.apps.assistant.policy.wording import as_text
from zhicheng.apps.assistant.queries.conversations import get_conversation, list_conversations
from zhicheng.apps.assistant.queries.terms import get_terms

__all__ = [
    "adopt_conversations",
    "as_text",
    "attach",
    "begin_conversation",
    "continue_thread",
    "get_conversation",
    "get_terms",
    "list_conversations",
    "rate",
    "reply_to",
    "say",
    "sweep_conversations",
]
