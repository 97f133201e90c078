"""Tables of the assistant."""

from zhicheng.apps.assistant.models.conversation import ConversationRecord, TurnRecord
from zhicheng.apps.assistant.models.proposal import Proposal

__all__ = ["ConversationRecord", "Proposal", "TurnRecord"]
